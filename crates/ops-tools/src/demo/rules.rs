//! When does the monitoring system raise an alarm?

use serde_json::json;

use crate::estate::Rule;

use super::calendar::{ROWS, STEP};
use super::grid::Grid;
use super::incident::values;
use super::metric::{AVAILABILITY, CPU, DEPTH, LAG, LATENCY, MEMORY, Metric};
use super::nodes::{Class, NODES};
use super::records::rounded;
use super::usual::{RECENT, percentile};

/// Where a rule's threshold comes from, as whoever set it would have reasoned.
#[derive(Debug, Clone, Copy)]
enum Bound {
    /// A value that is bad anywhere.
    Fixed(f64),
    /// So many times what the busiest hours of the item need.
    Busy(f64),
    /// So many times the losses of the item's worst hours.
    Lossy(f64),
}

/// A rule for every item of some classes.
struct Policy {
    classes: &'static [Class],
    metric: &'static Metric,
    bound: Bound,
    /// How long it must hold, in seconds.
    hold: i64,
    severity: u8,
}

const FRONT: &[Class] = &[Class::Balancer, Class::Web, Class::Gateway];
const INNER: &[Class] = &[Class::Service, Class::Database, Class::Link, Class::External];
const HOSTS: &[Class] = &[Class::Server, Class::DataServer];

#[rustfmt::skip]
const POLICIES: [Policy; 9] = [
    Policy { classes: FRONT, metric: &LATENCY, bound: Bound::Busy(1.04), hold: 300, severity: 3 },
    Policy { classes: FRONT, metric: &AVAILABILITY, bound: Bound::Lossy(1.1), hold: 300, severity: 3 },
    Policy { classes: INNER, metric: &LATENCY, bound: Bound::Busy(1.2), hold: 300, severity: 3 },
    Policy { classes: INNER, metric: &AVAILABILITY, bound: Bound::Lossy(1.4), hold: 300, severity: 3 },
    Policy { classes: &[Class::Worker], metric: &LAG, bound: Bound::Busy(1.6), hold: 300, severity: 3 },
    Policy { classes: &[Class::Queue], metric: &DEPTH, bound: Bound::Busy(2.0), hold: 300, severity: 2 },
    Policy { classes: &[Class::Service], metric: &MEMORY, bound: Bound::Fixed(80.0), hold: 600, severity: 2 },
    Policy { classes: HOSTS, metric: &CPU, bound: Bound::Fixed(85.0), hold: 300, severity: 2 },
    Policy { classes: HOSTS, metric: &MEMORY, bound: Bound::Fixed(90.0), hold: 600, severity: 2 },
];

/// A rule on one metric of one item.
#[derive(Debug)]
pub(super) struct Watch {
    pub(super) node: usize,
    pub(super) metric: &'static Metric,
    pub(super) threshold: f64,
    hold: i64,
    severity: u8,
}

/// A rule that came true.
#[derive(Debug)]
pub(super) struct Breach<'a> {
    pub(super) watch: &'a Watch,
    pub(super) row: usize,
    pub(super) value: f64,
    pub(super) severity: u8,
}

impl Watch {
    /// Returns whether `value` is on the bad side.
    pub(super) fn breached(&self, value: f64) -> bool {
        (value - self.threshold) * self.metric.bad > 0.0
    }

    /// Returns the identity of the rule.
    pub(super) fn rule_id(&self) -> String {
        format!("rule-{}-{}", self.metric.name.replace('_', "-"), NODES[self.node].code)
    }

    /// Returns every time at which the rule came true over the week: once until it is false again.
    pub(super) fn breaches(&self, grid: &Grid) -> Vec<Breach<'_>> {
        // Two rows span one interval.
        let needed = self.hold / STEP + 1;
        let mut held = 0;
        let mut breaches = Vec::new();
        for (row, value) in grid.column(self.metric.field, self.node).enumerate() {
            held = if self.breached(value) { held + 1 } else { 0 };
            if held == needed {
                breaches.push(Breach { watch: self, row, value: rounded(self.metric, value), severity: self.severity });
            }
        }
        breaches
    }

    /// Returns the rule as the estate holds it.
    pub(super) fn rule(&self) -> Rule {
        let node = &NODES[self.node];
        let op = if self.metric.bad > 0.0 { ">" } else { "<" };
        Rule {
            rule_id: self.rule_id(),
            rule_name: format!("{} of {}", self.metric.name, node.name),
            trigger_type: "metric".to_owned(),
            trigger_spec: json!({ "all": [
                { "field": "ci.ci_code", "op": "==", "value": node.code },
                {
                    "field": format!("metric.{}", self.metric.name),
                    "op": op,
                    "value": self.threshold,
                    "for": format!("{}m", self.hold / 60),
                },
            ] }),
            action_spec: json!({
                "event_type": "threshold_alarm",
                "ci_code": node.code,
                "metric": self.metric.name,
                "severity": self.severity,
                "notify": node.owner,
            }),
            active: true,
        }
    }
}

/// Returns the rules that look at no series: many deployments at once, and the nightly report.
pub(super) fn others() -> [Rule; 2] {
    let rule = |id: &str, name: &str, kind: &str, trigger_spec| Rule {
        rule_id: id.to_owned(),
        rule_name: name.to_owned(),
        trigger_type: kind.to_owned(),
        trigger_spec,
        action_spec: json!({ "notify": "platform" }),
        active: true,
    };
    let deployed = json!({ "field": "event_type", "op": "==", "value": "deployment" });
    let many = json!({
        "field": "history.events", "agg": "count", "window": "1h", "where": deployed, "op": ">=", "value": 3,
    });
    [
        rule("rule-many-deployments", "many deployments within an hour", "event", many),
        rule("rule-nightly-report", "nightly report", "schedule", json!({ "at": "02:00", "zone": "UTC" })),
    ]
}

/// Sets the thresholds of every rule from a week's history.
pub(super) fn watches(grid: &Grid) -> Vec<Watch> {
    POLICIES.iter().flat_map(|policy| set(policy, grid)).collect()
}

fn set<'a>(policy: &'a Policy, grid: &'a Grid) -> impl Iterator<Item = Watch> + 'a {
    let nodes = (0..NODES.len()).filter(|&node| policy.classes.contains(&NODES[node].class));
    nodes.map(|node| Watch {
        node,
        metric: policy.metric,
        threshold: threshold(policy, &mut values(grid, policy.metric, node)[..ROWS - RECENT]),
        hold: policy.hold,
        severity: policy.severity,
    })
}

fn threshold(policy: &Policy, known: &mut [f64]) -> f64 {
    let exact = match policy.bound {
        Bound::Fixed(value) => value,
        Bound::Busy(factor) => factor * percentile(known, 99),
        Bound::Lossy(factor) => 100.0 - factor * (100.0 - percentile(known, 1)),
    };
    // People set round numbers.
    (exact * 1e3).round() / 1e3
}
