//! Where do people notice the incident?

use super::calendar::{ROWS, time_of};
use super::dice::{Dice, Stream};
use super::grid::{Grid, Tail};
use super::incident::{Plan, values};
use super::kind::IncidentKind;
use super::metric::{AVAILABILITY, LAG, LATENCY, Metric};
use super::nodes::{Class, NODES};
use super::shop::Shop;
use super::usual::{Usual, latest};

/// The farthest that an alert is from its cause, in steps along dependencies.
const FARTHEST: usize = 5;
/// How far a metric must have moved for people to notice at once, in times its noise.
const OBVIOUS: f64 = 3.0;
/// How far it must have moved for anyone to complain.
const NOTICEABLE: f64 = 1.2;

/// A metric of an item that an incident moved.
#[derive(Debug, Clone, Copy)]
pub(super) struct Symptom {
    pub(super) node: usize,
    pub(super) metric: &'static Metric,
    /// Steps along dependencies from the item to the cause.
    pub(super) hops: usize,
    /// How far the last twenty minutes are from those of a week without the incident, in times the noise.
    pub(super) moved: f64,
    /// The mean of the last twenty minutes.
    pub(super) value: f64,
    /// What is usual at this time of day.
    pub(super) usual: f64,
}

impl Symptom {
    /// Compares a metric of an item with the last twenty minutes of a week without the incident.
    fn of(calm: &Tail, now: &Grid, node: usize, metric: &'static Metric, hops: usize) -> Self {
        let column = values(now, metric, node);
        let (usual, value) = (Usual::of(&column), latest(&column));
        let moved = (value - calm.mean(metric.field, node)) * metric.bad / usual.deviation;
        Self { node, metric, hops, moved, value, usual: usual.latest() }
    }

    /// Whether the series itself shows it, noise included.
    fn shows(&self) -> bool {
        self.moved >= NOTICEABLE && (self.value - self.usual) * self.metric.bad > 0.0
    }
}

/// When the alert is raised: soon after the last row.
pub(super) const RAISED: i64 = time_of(ROWS - 1) + 75;

/// Chooses the symptom that people are called for: mostly far from the cause, now and then the cause itself, and always
/// one that the incident really moved.
pub(super) fn noticed(seed: u64, shop: &Shop, calm: &Tail, now: &Grid, plan: &Plan) -> Symptom {
    let mut dice = Dice::new(seed, Stream::Alert);
    let cause = at_cause(calm, now, plan);
    let mut others = elsewhere(shop, calm, now, plan);
    let lucky = dice.uniform();
    let obvious: Vec<Symptom> = others.iter().filter(|symptom| symptom.moved >= OBVIOUS).copied().collect();
    if lucky < 0.12 || others.is_empty() {
        return cause;
    }
    if obvious.is_empty() {
        others.sort_by(|a, b| b.moved.total_cmp(&a.moved));
        return others[0];
    }
    if lucky < 0.45 {
        return dice.pick(&obvious).copied().unwrap_or(cause);
    }
    let farther = |a: &Symptom, b: &Symptom| a.hops.cmp(&b.hops).then(a.moved.total_cmp(&b.moved));
    obvious.into_iter().max_by(farther).unwrap_or(cause)
}

/// The cause's own symptom: for a surge, that answers take longer, if they do.
fn at_cause(calm: &Tail, now: &Grid, plan: &Plan) -> Symptom {
    let own = Symptom::of(calm, now, plan.cause, plan.face.shows, 0);
    let slower = Symptom::of(calm, now, plan.cause, &LATENCY, 0);
    if plan.kind == IncidentKind::TrafficSurge && slower.shows() { slower } else { own }
}

/// The symptoms at items that need the cause, where users would notice.
fn elsewhere(shop: &Shop, calm: &Tail, now: &Grid, plan: &Plan) -> Vec<Symptom> {
    let hops = shop.hops_to(plan.cause);
    let near = (0..NODES.len()).filter_map(|node| Some((node, hops[node]?)));
    near.filter(|(_, hops)| (1..=FARTHEST).contains(hops))
        .flat_map(|(node, hops)| watched(NODES[node].class).iter().map(move |metric| (node, *metric, hops)))
        .map(|(node, metric, hops)| Symptom::of(calm, now, node, metric, hops))
        .filter(Symptom::shows)
        .collect()
}

/// What people are called for, by kind of item.
const fn watched(class: Class) -> &'static [&'static Metric] {
    match class {
        Class::Balancer | Class::Web | Class::Gateway | Class::Service => &[&LATENCY, &AVAILABILITY],
        Class::Worker => &[&LAG],
        _ => &[],
    }
}
