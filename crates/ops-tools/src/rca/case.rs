//! How strong is the case against each item?

use std::collections::BTreeMap;

use super::{
    comparison::{Currency, MetricComparison},
    flow::{Flow, flows},
    graph::{Graph, Need},
    load::{use_by_load, waiting_by_load},
    request::RankRequest,
    resource::{ResourceCase, resource_case, symptoms},
    role::MetricRole,
    seen::{SeenCase, seen_case},
    surge::{Around, Surge, surge},
    trouble::{Compared, Weights, currency, excess_in},
};

/// How much a full resource, slow callers or a surge can say at most, 0..1: less than the whole of the waiting.
const OTHER_WEIGHT: f64 = 0.9;

/// The share of the subject's trouble an item must explain before its own rarity is evidence that anything is wrong.
const MIN_OWN_SHARE: f64 = 0.2;

/// How often normal rows may be as bad as the subject for its trouble to count as evidence at all: one in ten.
const MAX_SUBJECT_RARITY: f64 = 0.1;

/// How much an item's own symptoms say where nothing else does, 0..1: enough to order what is otherwise equal.
const HINT_WEIGHT: f64 = 0.1;

/// How much an alert on a resource, a backlog or the load says against the item itself, 0..1.
const ALERT_WEIGHT: f64 = 0.5;

/// The case against one item.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Case {
    /// The strength of the case, 0..1: what orders the suspects.
    pub(crate) score: f64,
    /// The share of the subject's trouble that the item explains itself, 0..1.
    pub(crate) own_share: f64,
    /// How probable it is to see this in normal operation, with the subject in its state, 0..1.
    pub(crate) chance: f64,
}

/// All that the cases were built from.
#[derive(Debug)]
pub(crate) struct Cases<'a> {
    /// What trouble is counted in.
    pub(crate) currency: Currency,
    /// Whether the subject is in trouble in that currency at all.
    pub(crate) subject_flow: Option<Flow>,
    /// The case against each item, the subject among them.
    pub(crate) by_item: BTreeMap<&'a str, Case>,
    /// The surge that reaches the subject, if any.
    pub(crate) surge: Option<Surge<'a>>,
}

/// Builds the case against every item reached.
pub(crate) fn cases<'a>(
    request: &'a RankRequest,
    graph: &Graph<'a>,
    compared: &Compared<'a>,
    items: &[&'a str],
) -> Cases<'a> {
    let subject = request.subject.as_str();
    let currency = currency(request, compared);
    let measured = excess_in(compared, subject, currency);
    let weights = Weights::new(measured.map_or(&[], |e| e.rows.as_slice()));
    let flows = flows(graph, subject, items, compared, currency, &weights);
    let subject_flow = flows.get(subject).copied();
    let resources: BTreeMap<&str, ResourceCase<'_>> =
        items.iter().filter_map(|&ci| Some((ci, standing_case(graph, compared, ci)?))).collect();
    let alert = uncounted_alert(request, compared);
    let own_load = alert.is_some_and(|a| a.role == MetricRole::Requests);
    let surge = surge(graph, compared, subject, if own_load { Around::Above } else { Around::Both });
    let mut shares = shares(graph, items, &flows, &resources);
    if let Some(surge) = &surge {
        hand_to_entry(surge, compared, &mut shares);
    }
    let seen = items.iter().filter_map(|&ci| Some((ci, seen_case(graph, compared, ci)?))).collect();
    let flow_rarity = subject_flow.map_or(1.0, |f| f.rarity);
    let subject_rarity = flow_rarity.min(alert.map_or(1.0, rarity));
    let builder =
        Builder { subject, alert, flow_rarity, subject_rarity, graph, flows, resources, seen, shares, compared, surge };
    let entrances = builder.surge.iter().flat_map(|s| s.entrances.keys());
    let by_item = items.iter().chain(entrances).copied().map(|ci| (ci, builder.case(ci))).collect();
    Cases { currency, subject_flow, by_item, surge: builder.surge }
}

/// Returns the case an item's resources make, after what the load of those that stand on it explains.
fn standing_case<'a>(graph: &Graph<'a>, compared: &Compared<'a>, ci: &str) -> Option<ResourceCase<'a>> {
    let case = resource_case(compared.get(ci)?)?;
    let guests = graph.needed_by(ci, Need::Ground).filter_map(|guest| compared.get(guest));
    let by_guests = guests.map(|guest| use_by_load(case.worst, guest)).fold(0.0, f64::max);
    Some(ResourceCase { strength: case.strength * (1.0 - by_guests), ..case })
}

/// Returns the alerted metric where it is not itself counted in a currency: a backlog, a resource, a load.
fn uncounted_alert<'a>(request: &RankRequest, compared: &Compared<'a>) -> Option<&'a MetricComparison> {
    let subject = compared.get(request.subject.as_str())?;
    let alerted = subject.metrics.iter().find(|m| Some(m.metric.as_str()) == request.metric.as_deref())?;
    let counted = !matches!(alerted.role, MetricRole::Saturation | MetricRole::Backlog | MetricRole::Requests);
    (!counted && alerted.deviation > Some(0.0)).then_some(alerted)
}

/// Returns how rare a metric's deviation is.
fn rarity(metric: &MetricComparison) -> f64 {
    metric.rarity.unwrap_or(1.0)
}

/// Hands what more load explains on each item to the item through which the load enters.
fn hand_to_entry<'a>(surge: &Surge<'a>, compared: &Compared<'a>, shares: &mut BTreeMap<&'a str, f64>) {
    let mut handed = 0.0;
    for (ci, share) in shares.iter_mut().filter(|s| *s.0 != surge.entry && surge.reached.contains(s.0)) {
        let by_load = *share * compared.get(ci).map_or(0.0, |item| waiting_by_load(item));
        *share -= by_load;
        handed += by_load;
    }
    *shares.entry(surge.entry).or_default() += handed;
}

/// Returns the share of the subject's trouble that each item explains, after hosts took over what is theirs.
fn shares<'a>(
    graph: &Graph<'a>,
    items: &[&'a str],
    flows: &BTreeMap<&'a str, Flow>,
    resources: &BTreeMap<&'a str, ResourceCase<'_>>,
) -> BTreeMap<&'a str, f64> {
    let strength = |ci: &str| resources.get(ci).map_or(0.0, |r| r.strength);
    let mut own: BTreeMap<&str, f64> =
        items.iter().map(|&ci| (ci, flows.get(ci).map_or(0.0, |f| f.own_share))).collect();
    for &item in items {
        for ground in graph.needs(item, Need::Ground).collect::<Vec<_>>() {
            let moved = own.get(item).map_or(0.0, |o| o * strength(ground) * (1.0 - strength(item)));
            if own.contains_key(ground) && moved > 0.0 {
                own.entry(ground).and_modify(|o| *o += moved);
                own.entry(item).and_modify(|o| *o -= moved);
            }
        }
    }
    own
}

/// What a case is built from.
struct Builder<'a, 'b> {
    /// The item in trouble.
    subject: &'a str,
    /// The alerted metric of the subject, where it is not counted in a currency.
    alert: Option<&'a MetricComparison>,
    /// How often normal rows of the subject are as bad in the currency, 0..1; 1 if nothing is measured.
    flow_rarity: f64,
    /// How often normal rows of the subject are as bad in any way that alerted, 0..1.
    subject_rarity: f64,
    /// The relations.
    graph: &'b Graph<'a>,
    /// The flow of each item.
    flows: BTreeMap<&'a str, Flow>,
    /// The resource case of each item.
    resources: BTreeMap<&'a str, ResourceCase<'a>>,
    /// What the callers of each item say.
    seen: BTreeMap<&'a str, SeenCase>,
    /// The share of each item.
    shares: BTreeMap<&'a str, f64>,
    /// The comparisons.
    compared: &'b Compared<'a>,
    /// The surge that reaches the subject.
    surge: Option<Surge<'a>>,
}

impl<'a> Builder<'a, '_> {
    /// Returns the case against one item: 1 - (1 - flow) * (1 - other evidence) * (1 - hint).
    ///
    /// Independent signs add up like independent failures. The flow counts as far as the subject's trouble can be believed.
    fn case(&self, ci: &'a str) -> Case {
        let own_share = self.shares.get(ci).copied().unwrap_or(0.0);
        let flow = own_share * self.flow_credit();
        let surge = self.surge.as_ref().and_then(|s| s.entrances.get(ci)).map_or(0.0, |e| e.strength);
        let alerted = if ci == self.subject { self.alert_strength() } else { 0.0 };
        let resource = self.resource_strength(ci) * self.relevance(ci);
        let other = resource.max(self.seen_strength(ci)).max(surge).max(alerted) * OTHER_WEIGHT;
        let hint = self.compared.get(ci).map_or(0.0, |item| symptoms(item)) * HINT_WEIGHT;
        let score = 1.0 - (1.0 - flow) * (1.0 - other) * (1.0 - hint);
        Case { score, own_share, chance: self.chance(ci, own_share) }
    }

    /// Returns how far the flow can be believed, 0..1: as far as the subject's waiting or losses are rare, and where
    /// something else alerted, as far as they are as rare as that and no input of the subject explains it.
    fn flow_credit(&self) -> f64 {
        let of_flow = credit(self.flow_rarity);
        let Some(alert) = self.alert else { return of_flow };
        of_flow * (of_flow / credit(rarity(alert)).max(f64::MIN_POSITIVE)).min(1.0) * (1.0 - self.alert_by_inputs())
    }

    /// Returns how far work that piles up before the subject explains its alert, 0..1: an alert on a lag or a backlog.
    fn alert_by_inputs(&self) -> f64 {
        let is_backlog = self.alert.is_some_and(|alert| alert.role == MetricRole::Backlog);
        if is_backlog { self.input_credit(self.subject) } else { 0.0 }
    }

    /// Returns the strength of the case that its own alert makes against the subject, after what others explain.
    fn alert_strength(&self) -> f64 {
        let Some(alert) = self.alert else { return 0.0 };
        let elsewhere = match alert.role {
            MetricRole::Requests => self.surge.as_ref().is_some_and(|s| s.entry != self.subject),
            _ => false,
        };
        if elsewhere { 0.0 } else { ALERT_WEIGHT * credit(rarity(alert)) * (1.0 - self.alert_by_inputs()) }
    }

    /// Returns how far an item's resources matter to the subject's trouble, 0..1.
    ///
    /// Where the subject's waiting or losses can be believed, a full resource counts as far as its item is slow or failing
    /// too, and piled-up work, which no caller waits for, not at all. Items that nobody calls, as hosts, count in full. No
    /// full resource explains more requests.
    fn relevance(&self, ci: &str) -> f64 {
        let by_backlog = self.resources.get(ci).is_some_and(|r| r.worst.role == MetricRole::Backlog);
        let of_item = self.flows.get(ci).map_or(if by_backlog { 0.0 } else { 1.0 }, |f| f.significance);
        let explains = self.alert.is_none_or(|alert| alert.role != MetricRole::Requests);
        if explains { 1.0 - self.flow_credit() * (1.0 - of_item) } else { 0.0 }
    }

    /// Returns the strength of an item's resource case, after what others explain.
    ///
    /// A host that is full because of a hungry resident has no case, nor has a consumer whose input piles up before it.
    fn resource_strength(&self, ci: &'a str) -> f64 {
        let Some(case) = self.resources.get(ci) else { return 0.0 };
        let strength = |ci: &str| self.resources.get(ci).map_or(0.0, |r| r.strength);
        let residents = self.graph.needed_by(ci, Need::Ground).map(strength).fold(0.0, f64::max);
        let inputs = if case.worst.role == MetricRole::Backlog { self.input_credit(ci) } else { 0.0 };
        case.strength * (1.0 - residents) * (1.0 - inputs)
    }

    /// Returns how far it can be believed that work piles up in what an item takes its work from, 0..1.
    fn input_credit(&self, ci: &str) -> f64 {
        let inputs = self.graph.needs(ci, Need::Call).filter_map(|input| self.resources.get(input));
        let piled_up = inputs.filter(|r| r.worst.role == MetricRole::Backlog && r.strength > 0.0);
        piled_up.map(|r| credit(r.rarity)).fold(0.0, f64::max)
    }

    /// Returns the strength of the case that an item's callers make.
    fn seen_strength(&self, ci: &str) -> f64 {
        self.seen.get(ci).map_or(0.0, |s| s.strength)
    }

    /// Returns how probable both the subject's and this item's state are in normal operation.
    fn chance(&self, ci: &str, own_share: f64) -> f64 {
        let suffers = self.flow_rarity <= MAX_SUBJECT_RARITY;
        let explains = suffers && ci != self.subject && own_share >= MIN_OWN_SHARE;
        let by_flow = self.flows.get(ci).filter(|_| explains).map_or(1.0, |f| f.rarity);
        let by_resource = self.resources.get(ci).map_or(1.0, |r| r.rarity);
        let by_callers = self.seen.get(ci).map_or(1.0, |s| s.rarity);
        self.subject_rarity * by_resource.min(by_flow).min(by_callers)
    }
}

/// Returns how far an observation can be believed, 0..1: fully once normal operation shows it once in a thousand rows.
fn credit(rarity: f64) -> f64 {
    (-rarity.max(f64::MIN_POSITIVE).log10() / 3.0).clamp(0.0, 1.0)
}
