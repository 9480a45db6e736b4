//! How do alarms and calls for help read?

use serde_json::json;

use crate::estate::Event;

use super::alert::{RAISED, Symptom};
use super::calendar::{STEP, time_of};
use super::grid::Grid;
use super::incident::values;
use super::metric::Metric;
use super::nodes::NODES;
use super::past::Trouble;
use super::records::{attributes, ci_id, rounded};
use super::rules::{Breach, Watch};
use super::usual::Usual;

/// The magnitude at which the live alert is critical.
const CRITICAL: f64 = 8.0;
/// How far from the usual earlier trouble must have been to be noticed, in times the noise.
const NOTED: f64 = 3.0;

/// A metric of an item that is not as it should be, at a time.
struct Complaint<'a> {
    time: i64,
    node: usize,
    metric: &'a Metric,
    value: f64,
    threshold: f64,
    severity: u8,
    rule: Option<String>,
}

impl Complaint<'_> {
    fn event(self) -> Event {
        let node = &NODES[self.node];
        let (value, threshold) = (rounded(self.metric, self.value), rounded(self.metric, self.threshold));
        let side = if self.metric.bad > 0.0 { "above" } else { "below" };
        let (event_type, limit) =
            if self.rule.is_some() { ("threshold_alarm", "") } else { ("slo_burn", "the usual ") };
        let mut facts = attributes(&[
            ("metric", json!(self.metric.name)),
            ("value", json!(value)),
            ("threshold", json!(threshold)),
        ]);
        facts.extend(self.rule.map(|rule| ("rule_id".to_owned(), json!(rule))));
        Event {
            time: self.time,
            ci_id: ci_id(node.code),
            event_type: event_type.to_owned(),
            severity: self.severity,
            source: "cep".to_owned(),
            title: format!("{} of {} {side} {limit}{threshold}", self.metric.name, node.name),
            message: format!("{} {}: {value}, {side} {limit}{threshold}", node.code, self.metric.name),
            attributes: facts,
        }
    }
}

/// Returns the alarm of a rule that came true, twenty seconds after the row that made it so.
pub(super) fn alarm(breach: &Breach<'_>) -> Event {
    Complaint {
        time: time_of(breach.row) + 20,
        node: breach.watch.node,
        metric: breach.watch.metric,
        value: breach.value,
        threshold: breach.watch.threshold,
        severity: breach.severity,
        rule: Some(breach.watch.rule_id()),
    }
    .event()
}

/// Returns the call for help of the live incident: by the rule that it broke, or else by a comparison with the usual.
pub(super) fn call(symptom: &Symptom, watches: &[Watch]) -> Event {
    let same = |watch: &&Watch| watch.node == symptom.node && watch.metric.name == symptom.metric.name;
    let broken = watches.iter().find(same).filter(|watch| watch.breached(symptom.value));
    Complaint {
        time: RAISED,
        node: symptom.node,
        metric: symptom.metric,
        value: symptom.value,
        threshold: broken.map_or(symptom.usual, |watch| watch.threshold),
        severity: if symptom.moved >= CRITICAL { 5 } else { 4 },
        rule: broken.map(Watch::rule_id),
    }
    .event()
}

/// Returns the call for help of earlier trouble and the word that it is over, if anybody could have noticed it.
pub(super) fn past_calls(trouble: &Trouble, grid: &Grid) -> Vec<Event> {
    let column = values(grid, trouble.face.shows, trouble.node);
    let row = usize::try_from((trouble.time.end - time_of(0)) / STEP).unwrap_or(0);
    let usual = Usual::of(&column);
    let complaint = Complaint {
        time: time_of(row) + 75,
        node: trouble.node,
        metric: trouble.face.shows,
        value: column[row],
        threshold: usual.at(row),
        severity: 4,
        rule: None,
    };
    if (complaint.value - complaint.threshold) * complaint.metric.bad < NOTED * usual.deviation {
        return Vec::new();
    }
    let called = complaint.event();
    let over = Event {
        time: called.time + 2 * STEP,
        event_type: "status_change".to_owned(),
        severity: 1,
        source: "system".to_owned(),
        title: format!("{} is well again", NODES[trouble.node].name),
        message: format!("{} of {} as usual", trouble.face.shows.name, NODES[trouble.node].code),
        attributes: attributes(&[]),
        ..called.clone()
    };
    vec![called, over]
}
