//! Who needs whom, and how far is it from the subject?

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::request::{RankEdge, RankRequest};

/// What one item needs of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// It calls it: trouble comes back along the call.
    Call,
    /// It consists of it.
    Part,
    /// It stands on it or is reached through it: no calls are counted, but its resources are shared.
    Ground,
}

impl Need {
    /// Returns what a relation type means for the flow of trouble.
    fn of(rel_type: &str) -> Self {
        match rel_type {
            "COMPOSED_OF" => Self::Part,
            "RUNS_ON" | "DEPLOYED_ON" | "CONNECTED_TO" | "PROTECTED_BY" => Self::Ground,
            _ => Self::Call,
        }
    }
}

/// The relations of a request, by item.
#[derive(Debug, Default)]
pub(crate) struct Graph<'a> {
    /// What an item needs.
    needs: BTreeMap<&'a str, BTreeSet<(Need, &'a str)>>,
    /// Who needs an item.
    needed_by: BTreeMap<&'a str, BTreeSet<(Need, &'a str)>>,
}

/// The way from the subject to an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Way<'a> {
    /// The number of relations.
    pub(crate) hops: usize,
    /// The item before, if any.
    before: Option<&'a str>,
}

impl<'a> Graph<'a> {
    /// Collects the relations of a request.
    pub(crate) fn new(request: &'a RankRequest) -> Self {
        let mut graph = Self::default();
        for RankEdge { source, target, rel_type } in &request.edges {
            if source != target {
                let need = Need::of(rel_type);
                graph.needs.entry(source).or_default().insert((need, target));
                graph.needed_by.entry(target).or_default().insert((need, source));
            }
        }
        graph
    }

    /// Returns what an item needs in a certain way, by id.
    pub(crate) fn needs(&self, item: &str, need: Need) -> impl Iterator<Item = &'a str> + '_ {
        self.needs.get(item).into_iter().flatten().filter(move |n| n.0 == need).map(|n| n.1)
    }

    /// Returns who needs an item in a certain way, by id.
    pub(crate) fn needed_by(&self, item: &str, need: Need) -> impl Iterator<Item = &'a str> + '_ {
        self.needed_by.get(item).into_iter().flatten().filter(move |n| n.0 == need).map(|n| n.1)
    }

    /// Returns the parts that act for a whole: those without calls of their own, as the instances of a service.
    ///
    /// A part that calls or is called itself, as a service of a business system, acts in its own name.
    pub(crate) fn instances(&self, whole: &str) -> impl Iterator<Item = &'a str> + '_ {
        self.needs(whole, Need::Part).filter(|part| !self.has_calls(part))
    }

    /// Returns the wholes that an item acts for.
    pub(crate) fn acts_for(&self, item: &str) -> impl Iterator<Item = &'a str> + '_ {
        let own_name = self.has_calls(item);
        self.needed_by(item, Need::Part).filter(move |_| !own_name)
    }

    /// Returns whether an item itself calls or is called.
    fn has_calls(&self, item: &str) -> bool {
        self.needs(item, Need::Call).next().is_some() || self.needed_by(item, Need::Call).next().is_some()
    }

    /// Returns whom an item calls: in its own name, or in that of the whole it acts for.
    pub(crate) fn callees(&self, item: &str) -> BTreeSet<&'a str> {
        let wholes = self.acts_for(item).flat_map(|whole| self.needs(whole, Need::Call));
        self.needs(item, Need::Call).chain(wholes).filter(|callee| *callee != item).collect()
    }

    /// Returns to whom an item's requests go on: whom it calls, and the parts that act for it.
    pub(crate) fn downstream(&self, item: &str) -> BTreeSet<&'a str> {
        self.callees(item).into_iter().chain(self.instances(item)).collect()
    }

    /// Returns where an item's requests come from: who calls it, and the wholes it acts for.
    pub(crate) fn upstream(&self, item: &str) -> BTreeSet<&'a str> {
        self.needed_by(item, Need::Call).chain(self.acts_for(item)).collect()
    }

    /// Returns every item reachable from the subject along what is needed, with the shortest way to it.
    ///
    /// Breadth first, neighbours by id: the same relations always give the same ways.
    pub(crate) fn ways(&self, subject: &'a str) -> BTreeMap<&'a str, Way<'a>> {
        let mut ways = BTreeMap::from([(subject, Way { hops: 0, before: None })]);
        let mut queue = VecDeque::from([subject]);
        while let Some(item) = queue.pop_front() {
            let hops = ways.get(item).map_or(0, |way| way.hops) + 1;
            let direct = self.needs.get(item).into_iter().flatten().map(|n| n.1);
            for next in direct.chain(self.callees(item)).collect::<BTreeSet<_>>() {
                ways.entry(next).or_insert_with(|| {
                    queue.push_back(next);
                    Way { hops, before: Some(item) }
                });
            }
        }
        ways
    }
}

/// Returns the items from the subject to `item`, both included.
pub(crate) fn path(ways: &BTreeMap<&str, Way<'_>>, item: &str) -> Vec<String> {
    let mut path = vec![item.to_owned()];
    let mut here = item;
    while let Some(before) = ways.get(here).and_then(|way| way.before) {
        path.push(before.to_owned());
        here = before;
    }
    path.reverse();
    path
}
