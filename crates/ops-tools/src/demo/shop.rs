//! How does the shop hang together, and how large is each item for this seed?

use std::collections::VecDeque;

use super::calendar::Rhythm;
use super::dice::{Dice, Stream};
use super::links::{ENTRANCES, FIXTURES, NEEDS, Need};
use super::nodes::{NODES, index};

/// How many items there are.
pub(super) const COUNT: usize = NODES.len();

/// A call that waits for its answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call {
    pub(super) to: usize,
    /// Calls per request of the caller.
    pub(super) calls: f64,
    /// The share of the caller's requests that fail if every call fails.
    pub(super) loss: f64,
}

/// Requests from outside.
#[derive(Debug, Clone, Copy)]
pub(super) struct Demand {
    /// Requests in an interval at the busiest hour.
    pub(super) peak: f64,
    pub(super) rhythm: Rhythm,
}

/// What one item is like: its place among the others and its size.
#[derive(Debug, Clone, Default)]
pub(super) struct Part {
    pub(super) demand: Option<Demand>,
    /// The items among which it shares out the requests from outside.
    pub(super) shares: Vec<usize>,
    pub(super) calls: Vec<Call>,
    /// Who sends it requests or messages, and how many per request of theirs.
    pub(super) callers: Vec<(usize, f64)>,
    /// The queue it works off.
    pub(super) queue: Option<usize>,
    pub(super) host: Option<usize>,
    pub(super) guests: Vec<usize>,
    /// Everything it needs: the targets of its `DEPENDS_ON`, `USES`, `RUNS_ON` and `COMPOSED_OF`.
    pub(super) needs: Vec<usize>,
    /// Its own work per request at the busiest hour, in seconds.
    pub(super) work: f64,
    pub(super) load: f64,
    pub(super) faults: f64,
    /// Requests in an interval at the busiest hour.
    pub(super) requests: f64,
    /// Its usual share of memory in use, in percent.
    pub(super) heap: f64,
    /// The share of its disk in use when the week began, in percent.
    pub(super) disk: f64,
}

/// The shop: one part per item, in the order of [`NODES`].
#[derive(Debug)]
pub(super) struct Shop {
    pub(super) parts: Vec<Part>,
}

impl Shop {
    /// Builds the shop; the seed moves sizes, never the structure.
    pub(super) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed, Stream::Shop);
        let mut shop = Self { parts: NODES.iter().map(|_| sized(&mut dice)).collect() };
        for (part, node) in shop.parts.iter_mut().zip(&NODES) {
            part.work *= node.work;
            part.load *= node.load;
            part.faults *= node.faults;
        }
        shop.open_entrances(&mut dice);
        shop.connect();
        shop.measure();
        shop
    }

    fn open_entrances(&mut self, dice: &mut Dice) {
        for (code, peak, rhythm) in ENTRANCES {
            let peak = peak * dice.between(0.9, 1.15);
            self.part(code).demand = Some(Demand { peak, rhythm });
        }
    }

    fn connect(&mut self) {
        for (from, to) in relations("RUNS_ON") {
            self.parts[from].host = Some(to);
            self.parts[to].guests.push(from);
        }
        for kind in ["DEPENDS_ON", "USES", "RUNS_ON", "COMPOSED_OF"] {
            for (from, to) in relations(kind) {
                self.parts[from].needs.push(to);
            }
        }
        for (from, to, need) in NEEDS {
            if let (Some(from), Some(to)) = (index(from), index(to)) {
                self.need(from, to, *need);
            }
        }
    }

    fn need(&mut self, from: usize, to: usize, need: Need) {
        match need {
            Need::Share => self.parts[from].shares.push(to),
            Need::Call(calls, share) => {
                let loss = calls.min(1.0) * share;
                self.parts[from].calls.push(Call { to, calls, loss });
                self.parts[to].callers.push((from, calls));
            }
            Need::Publish(messages) => self.parts[to].callers.push((from, messages)),
            Need::Consume => self.parts[from].queue = Some(to),
        }
    }

    /// Works out how many requests reach each item at the busiest hour.
    fn measure(&mut self) {
        for node in 0..COUNT {
            let part = &self.parts[node];
            let outside = part.demand.map_or(0.0, |demand| demand.peak);
            let shared = part.shares.iter().filter_map(|&to| self.parts[to].demand);
            let called = part.callers.iter().map(|&(from, calls)| calls * self.parts[from].requests);
            let worked_off = part.queue.map_or(0.0, |queue| self.parts[queue].requests);
            let total = outside + shared.map(|demand| demand.peak).sum::<f64>() + called.sum::<f64>() + worked_off;
            self.parts[node].requests = total.max(1.0);
        }
    }

    /// Returns how many steps along its needs each item is away from `target`; none if it does not need it.
    pub(super) fn hops_to(&self, target: usize) -> Vec<Option<usize>> {
        let mut hops = vec![None; COUNT];
        hops[target] = Some(0);
        let mut queue = VecDeque::from([(target, 0)]);
        while let Some((node, distance)) = queue.pop_front() {
            for (from, part) in self.parts.iter().enumerate() {
                if hops[from].is_none() && part.needs.contains(&node) {
                    hops[from] = Some(distance + 1);
                    queue.push_back((from, distance + 1));
                }
            }
        }
        hops
    }

    fn part(&mut self, code: &str) -> &mut Part {
        let position = index(code).unwrap_or(0);
        &mut self.parts[position]
    }
}

/// Throws the factors by which an item differs from the table.
fn sized(dice: &mut Dice) -> Part {
    Part {
        work: dice.between(0.85, 1.2),
        load: dice.between(0.92, 1.06),
        faults: dice.between(0.8, 1.3),
        heap: dice.between(55.0, 67.0),
        disk: dice.between(38.0, 66.0),
        ..Part::default()
    }
}

/// Returns the `(source, type, target)` of every relation, by code.
pub(super) fn all_relations() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let needs = NEEDS.iter().map(|&(from, to, need)| match need {
        Need::Share | Need::Call(..) => (from, "DEPENDS_ON", to),
        Need::Publish(_) | Need::Consume => (from, "USES", to),
    });
    let hosts = NODES.iter().filter(|node| !node.host.is_empty()).map(|node| (node.code, "RUNS_ON", node.host));
    needs.chain(hosts).chain(FIXTURES.iter().copied())
}

fn relations(kind: &str) -> impl Iterator<Item = (usize, usize)> {
    all_relations()
        .filter(move |relation| relation.1 == kind)
        .filter_map(|(from, _, to)| Some((index(from)?, index(to)?)))
}
