//! Where does a surge of load enter?
//!
//! Requests are conserved: what an item receives is what its callers send and what enters there. So an item of whose
//! callers every one has risen by a share rises by that share itself, none rises by more than the most risen of its
//! callers, and a caller's extra requests that end in one callee are no more than that callee received. The entry is the
//! item whose own rise makes, under these rules, the rises of all others most probable.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{graph::Graph, load::Rise, trouble::Compared};

/// A surge of requests that reaches the subject.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Surge<'a> {
    /// The item through which it enters.
    pub(crate) entry: &'a str,
    /// How clearly the load of the entry has risen, 0..1.
    pub(crate) strength: f64,
    /// The items from the subject to the entry, both included.
    pub(crate) path: Vec<&'a str>,
    /// The items that it reaches on its way down the calls, the entry among them.
    pub(crate) reached: BTreeSet<&'a str>,
}

/// Returns the surge that reaches the subject, or `None` if no load around it has clearly risen.
///
/// Among equally good entries the one more upstream, then the first by id. O(items * relations).
pub(crate) fn surge<'a>(graph: &Graph<'a>, compared: &Compared<'a>, subject: &'a str) -> Option<Surge<'a>> {
    let rises: Rises<'a> = compared.iter().filter_map(|(&ci, item)| Some((ci, Rise::of(item)?))).collect();
    let below: BTreeSet<&str> = spread(subject, |ci| graph.downstream(ci)).into_keys().collect();
    let above: BTreeSet<&str> = spread(subject, |ci| graph.upstream(ci)).into_keys().collect();
    let risen = below.union(&above).copied().filter(|ci| rises.get(ci).is_some_and(|r| r.clarity() > 0.0));
    let scored: Vec<Entry<'a>> = risen.map(|ci| Entry::new(graph, &rises, ci)).collect();
    let best = scored.into_iter().max_by(|a, b| {
        let nearer_top = || b.above.len().cmp(&a.above.len());
        a.evidence.total_cmp(&b.evidence).then_with(nearer_top).then(b.ci.cmp(a.ci))
    })?;
    Some(Surge {
        entry: best.ci,
        strength: rises.get(best.ci).map_or(0.0, |r| r.clarity()),
        path: way(graph, subject, best.ci),
        reached: best.below,
    })
}

/// How the loads of all items have risen.
type Rises<'a> = BTreeMap<&'a str, Rise>;

/// An item supposed to be the entry.
struct Entry<'a> {
    /// The item.
    ci: &'a str,
    /// What it reaches down the calls, itself included.
    below: BTreeSet<&'a str>,
    /// What reaches it, itself excluded.
    above: BTreeSet<&'a str>,
    /// Twice the logarithm of how much more probable the loads are if a surge enters here than if none does.
    evidence: f64,
}

impl<'a> Entry<'a> {
    /// Supposes that an item is the entry.
    fn new(graph: &Graph<'a>, rises: &Rises<'a>, ci: &'a str) -> Self {
        let below: BTreeSet<&str> = spread(ci, |item| graph.downstream(item)).into_keys().collect();
        let above = spread(ci, |item| graph.upstream(item)).into_keys().filter(|i| !below.contains(i)).collect();
        let mut entry = Self { ci, below, above, evidence: 0.0 };
        entry.evidence = rises.get(ci).map_or(0.0, |own| entry.weigh(graph, rises, *own));
        entry
    }

    /// Weighs the loads: for normal noise, the squared deviations that the surge takes away.
    fn weigh(&self, graph: &Graph<'a>, rises: &Rises<'a>, own: Rise) -> f64 {
        let alone = self.fed_by_it_alone(graph);
        let of = |ci: &&'a str| rises.get(ci).copied();
        let sent = self.below.iter().filter_map(|ci| {
            let limit = Limit { ratio: own.ratio, noise: own.noise };
            of(ci).map(|rise| if alone.contains(ci) { limit.must_be(rise) } else { limit.may_be(rise) })
        });
        let received = self.above.iter().filter_map(of).map(|rise| {
            let scale = own.normal / rise.normal;
            Limit { ratio: own.ratio * scale, noise: own.noise * scale }.may_be(rise)
        });
        own.times().powi(2) + sent.sum::<f64>() + received.sum::<f64>()
    }

    /// Returns the items of whose callers each is the entry or is itself fed by the entry alone.
    fn fed_by_it_alone(&self, graph: &Graph<'a>) -> BTreeSet<&'a str> {
        let mut alone = BTreeSet::from([self.ci]);
        let mut grown = true;
        while grown {
            let fed = |ci: &&&'a str| !alone.contains(**ci) && graph.upstream(ci).iter().all(|c| alone.contains(c));
            let next: Vec<&str> = self.below.iter().filter(fed).copied().collect();
            grown = !next.is_empty();
            alone.extend(next);
        }
        alone.remove(self.ci);
        alone
    }
}

/// The rise that a surge can cause at an item.
#[derive(Debug, Clone, Copy)]
struct Limit {
    /// The largest rise, as a share of the item's normal.
    ratio: f64,
    /// One standard deviation of it.
    noise: f64,
}

impl Limit {
    /// Returns the squared deviation taken away if the item must have risen by just that.
    fn must_be(self, rise: Rise) -> f64 {
        if rise.ratio < self.ratio { rise.times().powi(2) - self.left(rise) } else { self.may_be(rise) }
    }

    /// Returns the squared deviation taken away if the item may have risen by anything up to that.
    fn may_be(self, rise: Rise) -> f64 {
        if rise.ratio <= 0.0 {
            return 0.0;
        }
        rise.times().powi(2) - if rise.ratio > self.ratio { self.left(rise) } else { 0.0 }
    }

    /// Returns the squared deviation of a rise from the limit, both being uncertain.
    fn left(self, rise: Rise) -> f64 {
        (rise.ratio - self.ratio).powi(2) / (rise.noise.powi(2) + self.noise.powi(2))
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
