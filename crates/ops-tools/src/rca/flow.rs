//! Who explains whom along the calls?
//!
//! Upwards, from the deepest callee: an item is in trouble at least as much as what it waits for makes it. Downwards, from
//! the subject: its trouble is handed to its callees as far as they can explain it, and no callee explains more than its
//! caller has. What nobody below explains is an item's own.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    comparison::Currency,
    graph::{Graph, Need},
    trouble::{Compared, Weights, excess_in},
};

/// What one item contributes to the trouble.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Flow {
    /// Excess per row while the subject suffers, in the currency; of a whole without its own figures that of its parts.
    pub(crate) excess: f64,
    /// The size that this excess has in normal operation in nine of ten cases.
    pub(crate) noise: f64,
    /// How far it stands out of the item's normal rows, 0..1.
    pub(crate) significance: f64,
    /// How often a normal row of the item shows as much, 0..1.
    pub(crate) rarity: f64,
    /// The share of the subject's trouble that it explains itself, 0..1.
    pub(crate) own_share: f64,
}

/// The flows of all items.
pub(crate) type Flows<'a> = BTreeMap<&'a str, Flow>;

/// Returns the flow of every item that has an excess in the currency.
pub(crate) fn flows<'a>(
    graph: &Graph<'a>,
    subject: &'a str,
    items: &[&'a str],
    compared: &Compared<'a>,
    currency: Currency,
    weights: &Weights,
) -> Flows<'a> {
    let mut flows: Flows<'a> =
        items.iter().filter_map(|&ci| Some((ci, measured(compared, ci, currency, weights)?))).collect();
    for &item in items {
        sum_parts(graph, item, compared, currency, &mut flows);
    }
    let order = callees_last(graph, subject);
    let known = explainable(graph, &order, &flows);
    for (ci, own) in handed_down(graph, &order, &flows, &known) {
        if let Some(flow) = flows.get_mut(ci) {
            flow.own_share = own;
        }
    }
    for &item in items {
        hand_to_parts(graph, item, &mut flows);
    }
    flows
}

/// Returns what an item itself measures.
fn measured(compared: &Compared<'_>, ci: &str, currency: Currency, weights: &Weights) -> Option<Flow> {
    let measured = excess_in(compared, ci, currency)?;
    let excess = weights.apply(&measured.rows);
    let noise = measured.normal.noise(weights.effective_rows(), measured.rows.len());
    Some(Flow {
        excess,
        noise,
        significance: significance(excess / noise),
        rarity: measured.normal.rarity(excess),
        own_share: 0.0,
    })
}

/// How many times its usual size an excess must have to be half believed.
const HALF_BELIEVED: f64 = 3.0;

/// Returns how far an excess stands out of normal operation, 0..1, by how many times its usual size it has.
fn significance(times: f64) -> f64 {
    let (times, half) = (times.max(0.0).powi(4), HALF_BELIEVED.powi(4));
    times / (times + half)
}

/// Gives a whole without load figures of its own the sum of its parts: a service is what its instances do.
fn sum_parts<'a>(
    graph: &Graph<'a>,
    whole: &'a str,
    compared: &Compared<'a>,
    currency: Currency,
    flows: &mut Flows<'a>,
) {
    if excess_in(compared, whole, currency).is_some_and(|e| e.load_known) {
        return;
    }
    let parts: Vec<Flow> = graph.instances(whole).filter_map(|part| flows.get(part).copied()).collect();
    let Some(strongest) = parts.iter().max_by(|a, b| a.excess.total_cmp(&b.excess)) else { return };
    let excess = parts.iter().map(|p| p.excess.max(0.0)).sum();
    flows.insert(whole, Flow { excess, ..*strongest });
}

/// Returns the items called from the subject on, each after its callers; calls in a circle are cut where they close.
fn callees_last<'a>(graph: &Graph<'a>, subject: &'a str) -> Vec<&'a str> {
    let mut order = Vec::new();
    let mut seen = BTreeSet::from([subject]);
    let mut stack = vec![(subject, graph.callees(subject).into_iter().collect::<Vec<_>>())];
    while let Some((item, callees)) = stack.last_mut() {
        let item = *item;
        match callees.pop() {
            Some(next) if seen.insert(next) => stack.push((next, graph.callees(next).into_iter().collect())),
            Some(_) => {}
            None => {
                order.push(item);
                stack.pop();
            }
        }
    }
    order.reverse();
    order
}

/// What an item's trouble amounts to, its own or that of its callees, and how far it can be believed.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Known {
    /// The larger of its own excess and what its callees cause, in the currency.
    amount: f64,
    /// The same, each excess times its significance.
    believed: f64,
}

impl Known {
    /// Returns how far the amount can be believed, 0..1.
    fn credence(self) -> f64 {
        if self.amount > 0.0 { self.believed / self.amount } else { 0.0 }
    }
}

/// Returns what is known of each item's trouble: its own excess, or what its callees cause if that is more.
fn explainable<'a>(graph: &Graph<'a>, order: &[&'a str], flows: &Flows<'a>) -> BTreeMap<&'a str, Known> {
    let mut known: BTreeMap<&str, Known> = BTreeMap::new();
    for &item in order.iter().rev() {
        let own = flows.get(item).map_or((0.0, 0.0), |f| (f.excess.max(0.0), f.significance));
        let mut below = Known::default();
        for callee in graph.callees(item) {
            let share = portion(graph, item, callee, flows);
            let of = known.get(callee).copied().unwrap_or_default();
            below.amount += share * of.amount;
            below.believed += share * of.believed;
        }
        known.insert(item, Known { amount: own.0.max(below.amount), believed: (own.0 * own.1).max(below.believed) });
    }
    known
}

/// Hands the subject's trouble down the calls and returns the share of it that each item explains itself.
fn handed_down<'a>(
    graph: &Graph<'a>,
    order: &[&'a str],
    flows: &Flows<'a>,
    known: &BTreeMap<&'a str, Known>,
) -> Vec<(&'a str, f64)> {
    let Some(&subject) = order.first() else { return Vec::new() };
    let of = |ci: &str| known.get(ci).copied().unwrap_or_default();
    let whole = flows.get(subject).map_or(0.0, |f| f.excess.max(0.0)).max(f64::MIN_POSITIVE);
    let mut handed = BTreeMap::from([(subject, whole)]);
    let mut own = Vec::new();
    for &item in order {
        let budget = handed.get(item).copied().unwrap_or(0.0);
        let part = if item == subject { 1.0 } else { (budget / of(item).believed.max(f64::MIN_POSITIVE)).min(1.0) };
        let credence = if item == subject { 1.0 } else { of(item).credence() };
        let claim = |c: &str| {
            let amount = (portion(graph, item, c, flows) * of(c).amount * part).min(budget);
            amount * (of(c).credence() / credence.max(f64::MIN_POSITIVE)).min(1.0)
        };
        let claims: Vec<(&str, f64)> = graph.callees(item).iter().map(|&c| (c, claim(c))).collect();
        let claimed: f64 = claims.iter().map(|c| c.1).sum();
        let granted = if claimed > budget { budget / claimed } else { 1.0 };
        for (callee, claim) in claims {
            *handed.entry(callee).or_default() += claim * granted;
        }
        let damp = if item == subject { flows.get(item).map_or(0.0, |f| f.significance) } else { 1.0 };
        own.push((item, (budget - claimed * granted).max(0.0) / whole * damp));
    }
    own
}

/// Returns the portion of a callee's trouble that one caller bears: in proportion to what its callers suffer, at least
/// their noise, so that a busy shared store does not drown a caller that hardly uses it.
fn portion(graph: &Graph<'_>, caller: &str, callee: &str, flows: &Flows<'_>) -> f64 {
    let suffered = |ci: &str| flows.get(ci).map_or(0.0, |f| f.excess.max(f.noise));
    let own = suffered(caller);
    let all: f64 = graph.needed_by(callee, Need::Call).map(suffered).sum();
    if own > 0.0 && all > own { own / all } else { 1.0 }
}

/// Hands what a whole leaves unexplained to its parts, in proportion to what they show.
fn hand_to_parts<'a>(graph: &Graph<'a>, whole: &'a str, flows: &mut Flows<'a>) {
    let parts: Vec<&str> = graph.instances(whole).filter(|p| flows.contains_key(p)).collect();
    let sum: f64 = parts.iter().map(|p| flows[p].excess.max(0.0)).sum();
    let Some(own) = flows.get(whole).map(|f| f.own_share).filter(|own| sum > 0.0 && *own > 0.0) else { return };
    for part in parts {
        if let Some(flow) = flows.get_mut(part) {
            flow.own_share += own * flow.excess.max(0.0) / sum;
        }
    }
    if let Some(flow) = flows.get_mut(whole) {
        flow.own_share = 0.0;
    }
}
