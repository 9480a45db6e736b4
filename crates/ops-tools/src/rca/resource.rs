//! How strongly do an item's own resources speak against it?

use super::{
    comparison::{ItemComparison, MetricComparison},
    load::use_by_load,
    role::MetricRole,
    stats::count,
};

/// Deviations up to this many spreads are ordinary.
const ORDINARY_SPREADS: f64 = 2.0;

/// The deviation beyond ordinary at which a resource is half of a full case, in spreads.
const HALF_CASE_SPREADS: f64 = 5.0;

/// What an item's resources say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ResourceCase<'a> {
    /// The strength of the case, 0..1.
    pub(crate) strength: f64,
    /// How often normal rows show as much, corrected for the number of resources looked at, 0..1.
    pub(crate) rarity: f64,
    /// The resource that is furthest off.
    pub(crate) worst: &'a MetricComparison,
}

/// Returns the case an item's resources make, or `None` if none is above normal.
///
/// Only rising use and growing backlogs count: a resource that falls idle is a victim. What a rise of the load explains
/// is taken off.
pub(crate) fn resource_case(item: &ItemComparison) -> Option<ResourceCase<'_>> {
    let looked_at = item.metrics.iter().filter(|m| is_resource(m) && m.deviation.is_some());
    let tried = looked_at.clone().count();
    let worst = looked_at
        .filter(|m| m.deviation.is_some_and(|d| d > 0.0))
        .max_by(|a, b| deviation(a).total_cmp(&deviation(b)).then(b.metric.cmp(&a.metric)))?;
    let strength = case_strength(deviation(worst) * (1.0 - use_by_load(worst, item)));
    let rarity = (worst.rarity.unwrap_or(1.0) * count(tried)).min(1.0);
    Some(ResourceCase { strength, rarity, worst })
}

/// Returns how strong a case a deviation makes, 0..1: none while ordinary, half at some spreads beyond.
pub(crate) fn case_strength(deviation: f64) -> f64 {
    let beyond = (deviation - ORDINARY_SPREADS).max(0.0);
    beyond / (beyond + HALF_CASE_SPREADS)
}

/// Returns whether a metric tells how full a resource is.
const fn is_resource(metric: &MetricComparison) -> bool {
    matches!(metric.role, MetricRole::Saturation | MetricRole::Backlog)
}

/// Returns a metric's deviation, or 0.
fn deviation(metric: &MetricComparison) -> f64 {
    metric.deviation.unwrap_or(0.0)
}

/// Returns how clearly an item shows any symptom, 0..1: slow, failing or full.
pub(crate) fn symptoms(item: &ItemComparison) -> f64 {
    let worst = item.metrics.iter().map(MetricComparison::harm).fold(0.0, f64::max);
    worst / (worst + HALF_CASE_SPREADS)
}
