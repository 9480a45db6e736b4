//! Do an item's callers wait longer for it than it takes to answer?
//!
//! A slow network in front of an item shows in what its callers measure, not in what it measures itself.

use super::{
    comparison::MetricComparison, graph::Graph, resource::case_strength, role::MetricRole, stats::count,
    trouble::Compared,
};

/// What an item's callers say about it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct SeenCase {
    /// The strength of the case, 0..1.
    pub(crate) strength: f64,
    /// How often normal rows show as much, corrected for the number of callers looked at, 0..1.
    pub(crate) rarity: f64,
}

/// Returns the case that callers make against an item, or `None` if none of them waits longer.
///
/// Callers address a whole; what they see is told of its parts, which do the answering. What the item itself measures as
/// slower answers is taken off: then it, or something it calls, is slow, and not the way to it.
pub(crate) fn seen_case(graph: &Graph<'_>, compared: &Compared<'_>, ci: &str) -> Option<SeenCase> {
    let measured = |part: &str| compared.get(part).is_some_and(|c| !c.metrics.is_empty());
    if graph.instances(ci).any(measured) {
        return None;
    }
    let addressed: Vec<&str> = graph.acts_for(ci).chain([ci]).collect();
    let metrics = || addressed.iter().filter_map(|a| compared.get(a)).flat_map(|c| &c.metrics);
    let seen = || metrics().filter(|m| m.role == MetricRole::LatencySeen && m.deviation.is_some());
    let worst = seen().max_by(|a, b| up(a).total_cmp(&up(b)).then(b.metric.cmp(&a.metric)))?;
    let served = metrics().filter(|m| matches!(m.role, MetricRole::Latency | MetricRole::LatencyTail));
    let served = served.map(up).fold(0.0, f64::max);
    let siblings = addressed.iter().flat_map(|whole| graph.instances(whole)).count().max(1);
    let strength = case_strength(up(worst)) * (1.0 - case_strength(served)) / count(siblings);
    let rarity = (worst.rarity.unwrap_or(1.0) * count(seen().count())).min(1.0);
    (up(worst) > 0.0).then_some(SeenCase { strength, rarity })
}

/// Returns how far a metric is above normal, in spreads; 0 if it is not.
fn up(metric: &MetricComparison) -> f64 {
    metric.deviation.unwrap_or(0.0).max(0.0)
}
