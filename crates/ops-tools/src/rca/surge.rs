//! Where does a surge of load enter?
//!
//! Requests are conserved: what an item receives is what its callers send and what enters there. So no item's load rises,
//! in proportion, by more than that of the most risen of its callers unless more enters there; and callees that only one
//! item calls rise together if more enters above them. The entry is the item at which most has entered, against what
//! enters there normally.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{graph::Graph, load::Rise, trouble::Compared};

/// A surge of requests that reaches the subject.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Surge<'a> {
    /// The item through which it most probably enters.
    pub(crate) entry: &'a str,
    /// Every item through which it may enter, that one among them.
    pub(crate) entrances: BTreeMap<&'a str, Entrance<'a>>,
    /// The items that it reaches from the entry down the calls, the entry among them.
    pub(crate) reached: BTreeSet<&'a str>,
}

/// An item through which a surge may enter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entrance<'a> {
    /// How clearly the item's load has risen, times how probable it is as the entry against the best, 0..1; 0 if a surge
    /// from there would not pass through the subject.
    pub(crate) strength: f64,
    /// The items from the subject to this one, both included.
    pub(crate) path: Vec<&'a str>,
}

/// How many times as many calls per request as its average caller one caller of an item makes at most.
const MAX_CALLS: f64 = 10.0;

/// The evidence by which an entry further downstream must be better than one above it.
///
/// Source: Akaike's criterion (1974): twice the likelihood gained by one more assumption, here that the mix has changed.
const CLOSE: f64 = 2.0;

/// Where a surge that reaches the subject can enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Around {
    /// At what the subject calls as well: its callees are slow for it, whoever else calls them.
    Both,
    /// At the subject or above: that is where its own requests come from.
    Above,
}

/// Returns the surge that reaches the subject, or `None` if no load around it has clearly risen.
///
/// Among equally good entries the one more upstream, then the first by id. O(items * relations).
pub(crate) fn surge<'a>(
    graph: &Graph<'a>,
    compared: &Compared<'a>,
    subject: &'a str,
    around: Around,
) -> Option<Surge<'a>> {
    let rises = Rises(compared.iter().filter_map(|(&ci, item)| Some((ci, Rise::of(item)?))).collect());
    let mut near: BTreeSet<&str> = spread(subject, |ci| graph.upstream(ci)).into_keys().collect();
    if around == Around::Both {
        near.extend(spread(subject, |ci| graph.downstream(ci)).into_keys());
    }
    let evidence: BTreeMap<&str, f64> = near
        .into_iter()
        .filter(|ci| rises.of(ci).is_some_and(|r| r.clarity() > 0.0))
        .map(|ci| (ci, rises.evidence(graph, ci)))
        .collect();
    let entry = most_upstream(graph, &evidence)?;
    let most = evidence.values().copied().fold(0.0, f64::max);
    let entrance = |(&ci, &e): (&&'a str, &f64)| {
        let probable = if ci == entry { 1.0 } else { likelihood(e - most - CLOSE) };
        let passes = if passes(graph, subject, ci) { probable } else { 0.0 };
        let strength = rises.of(ci).map_or(0.0, Rise::clarity) * passes;
        (ci, Entrance { strength, path: way(graph, subject, ci) })
    };
    Some(Surge {
        entry,
        entrances: evidence.iter().map(entrance).collect(),
        reached: spread(entry, |ci| graph.downstream(ci)).into_keys().collect(),
    })
}

/// Returns how probable a supposition is against the best, by the difference of the evidence.
///
/// Source: Akaike weights, Burnham and Anderson, "Model Selection and Multimodel Inference", 2002, section 2.9.
fn likelihood(difference: f64) -> f64 {
    (difference / 2.0).min(0.0).exp()
}

/// Returns whether a surge that enters at an item passes through the subject: on its way down, or before it got there.
fn passes<'a>(graph: &Graph<'a>, subject: &str, entry: &'a str) -> bool {
    spread(entry, |ci| graph.downstream(ci)).contains_key(subject)
        || spread(entry, |ci| only_caller(graph, ci)).contains_key(subject)
}

/// Returns the item with the most evidence, or the highest above it with nearly as much.
fn most_upstream<'a>(graph: &Graph<'a>, evidence: &BTreeMap<&'a str, f64>) -> Option<&'a str> {
    let (&best, &most) = evidence.iter().rev().max_by(|a, b| a.1.total_cmp(b.1))?;
    let above = spread(best, |ci| graph.upstream(ci)).into_keys();
    let close = above.filter(|ci| evidence.get(ci).is_some_and(|e| *e >= most - CLOSE));
    close.min_by_key(|ci| spread(ci, |item| graph.upstream(item)).len())
}

/// Returns the only item from which an item's requests come, or nothing if there are several.
fn only_caller<'a>(graph: &Graph<'a>, ci: &str) -> BTreeSet<&'a str> {
    Some(graph.upstream(ci)).filter(|callers| callers.len() == 1).unwrap_or_default()
}

/// How the loads of all items have risen.
struct Rises<'a>(BTreeMap<&'a str, Rise>);

impl<'a> Rises<'a> {
    /// Returns how the load of an item has risen, if its requests are counted.
    fn of(&self, ci: &str) -> Option<Rise> {
        self.0.get(ci).copied()
    }

    /// Returns the evidence that more than normal enters at an item: the squared deviations that it takes away, with
    /// those of a caller through which it may have come.
    fn evidence(&self, graph: &Graph<'a>, ci: &'a str) -> f64 {
        self.of(ci).map_or(0.0, |own| self.entered(graph, ci, own) + self.came_through(graph, ci, own))
    }

    /// Returns the squared deviation of an item's load from what its callers explain.
    fn entered(&self, graph: &Graph<'a>, ci: &str, own: Rise) -> f64 {
        let callers: Vec<Rise> = graph.upstream(ci).into_iter().filter_map(|c| self.of(c)).collect();
        let all: f64 = callers.iter().map(|c| c.normal).sum();
        let sends = |c: &Rise| Rise { ratio: c.ratio.min(MAX_CALLS * c.ratio * c.normal / all), ..*c };
        match callers.iter().map(sends).max_by(|a, b| a.ratio.total_cmp(&b.ratio)) {
            None => own.times().powi(2),
            Some(sent) if own.ratio > sent.ratio.max(0.0) => own.squared_distance(sent),
            Some(_) => 0.0,
        }
    }

    /// Returns the squared deviations of an item's only caller, and of the others that it alone feeds, that are gone
    /// once the item's own extra requests are taken out of the caller's.
    fn came_through(&self, graph: &Graph<'a>, ci: &str, own: Rise) -> f64 {
        let callers = only_caller(graph, ci);
        let Some((only, caller)) = callers.first().and_then(|c| Some((c, self.of(c)?))) else { return 0.0 };
        let fed_alone = |c: &&str| *c != ci && graph.upstream(c).len() == 1;
        let others: Vec<Rise> =
            graph.downstream(only).into_iter().filter(fed_alone).filter_map(|c| self.of(c)).collect();
        let cost = |caller: Rise| {
            self.entered(graph, only, caller) + others.iter().map(|o| o.squared_distance(caller)).sum::<f64>()
        };
        caller.without(own).map_or(0.0, |rest| cost(caller) - cost(rest))
    }
}

/// Returns the items from the subject to the entry: up the calls if it lies there, else down.
fn way<'a>(graph: &Graph<'a>, subject: &'a str, entry: &'a str) -> Vec<&'a str> {
    let up = spread(subject, |ci| graph.upstream(ci));
    let before = if up.contains_key(entry) { up } else { spread(subject, |ci| graph.downstream(ci)) };
    let mut path = vec![entry];
    while let Some(previous) = path.last().and_then(|here| before.get(here).copied().flatten()) {
        path.push(previous);
    }
    path.reverse();
    path
}

/// Returns the items reached from one by steps, each with the item before it; nearest first, neighbours by id.
fn spread<'a>(from: &'a str, step: impl Fn(&str) -> BTreeSet<&'a str>) -> BTreeMap<&'a str, Option<&'a str>> {
    let mut reached = BTreeMap::from([(from, None)]);
    let mut queue = VecDeque::from([from]);
    while let Some(here) = queue.pop_front() {
        for next in step(here) {
            reached.entry(next).or_insert_with(|| {
                queue.push_back(next);
                Some(here)
            });
        }
    }
    reached
}
