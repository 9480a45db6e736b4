//! What do a table's metric and statistic become in the estate?

use crate::{MetricDef, MetricRole};

/// Returns the estate's name of a metric: means and sums bear the bare name, other statistics follow it.
pub(super) fn name(metric: &str, statistic: &str) -> String {
    match statistic {
        "Average" | "Sum" | "" => metric.to_owned(),
        other => format!("{metric}_{}", other.to_lowercase()),
    }
}

/// Returns what a metric means.
pub(super) fn definition(metric: &str, statistic: &str) -> MetricDef {
    let name = name(metric, statistic);
    let (unit, role) = match (metric, statistic) {
        ("latency", "Average") => ("s", MetricRole::Latency),
        ("latency", _) => ("s", MetricRole::LatencyTail),
        ("requests", _) => ("count", MetricRole::Requests),
        ("availability", _) => ("percent", MetricRole::Availability),
        _ => ("", MetricRole::from_name(&name, "")),
    };
    MetricDef { description: format!("{metric}, {statistic} of 5 minutes"), name, unit: unit.to_owned(), role }
}
