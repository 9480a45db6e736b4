//! By how much has an item's load risen, and what does that explain of its own trouble?

use super::{
    comparison::{ItemComparison, MetricComparison},
    role::MetricRole,
};

/// A load this many times its usual variation above normal is ordinary.
const ORDINARY: f64 = 2.0;

/// The load beyond ordinary at which it is half of a full reason, in times its usual variation.
const HALF_REASON: f64 = 3.0;

/// By how many percent answers slow down at most per percent of load.
///
/// Source: M/M/1, mean time in system 1 / (1 - u): its elasticity in the load is u / (1 - u), 5 at five sixths of capacity.
const MAX_SLOWDOWN: f64 = 5.0;

/// By how many percent a resource is used more at most per percent of load: proportionally, and half as much again for noise.
///
/// Source: the utilisation law, Denning and Buzen, "The Operational Analysis of Queueing Network Models", 1978.
const MAX_USE: f64 = 1.5;

/// How the load of an item differs from normal over the window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rise {
    /// Requests per row normally.
    pub(crate) normal: f64,
    /// The mean difference from normal, as a share of normal.
    pub(crate) ratio: f64,
    /// One standard deviation of that mean in normal operation, as a share of normal.
    pub(crate) noise: f64,
}

impl Rise {
    /// Returns the rise of an item's load, negative if it fell, or `None` if its requests are not counted.
    pub(crate) fn of(item: &ItemComparison) -> Option<Self> {
        let metric = busiest(item)?;
        let (now, normal) = (metric.now?, metric.normal.filter(|n| n.median > 0.0)?);
        let noise = normal.window_spread.unwrap_or(normal.spread).max(f64::MIN_POSITIVE);
        let ratio = (now.mean - normal.median) / normal.median;
        Some(Self { normal: normal.median, ratio, noise: noise / normal.median })
    }

    /// Returns how many times its usual variation the load has risen.
    pub(crate) fn times(self) -> f64 {
        self.ratio / self.noise
    }

    /// Returns how clearly the load has risen, 0..1: not at all while ordinary.
    pub(crate) fn clarity(self) -> f64 {
        let beyond = (self.times() - ORDINARY).max(0.0);
        beyond / (beyond + HALF_REASON)
    }

    /// Returns how many standard deviations two rises are apart, squared.
    pub(crate) fn squared_distance(self, other: Self) -> f64 {
        (self.ratio - other.ratio).powi(2) / (self.noise.powi(2) + other.noise.powi(2))
    }

    /// Returns the rise of what is left of an item's requests without those that go on to one callee, one call for a
    /// request; `None` if the callee receives as many or more, so that nothing is left.
    pub(crate) fn without(self, callee: Self) -> Option<Self> {
        let normal = self.normal - callee.normal;
        let extra = self.ratio * self.normal - callee.ratio * callee.normal;
        (normal > 0.0).then(|| Self { normal, ratio: extra / normal, noise: self.noise })
    }

    /// Returns how much of a relative rise the load explains, 0..1, if one percent of load brings at most `most` percent.
    fn explains(self, rise: f64, most: f64) -> f64 {
        let portion = if rise > 0.0 { (most * self.ratio / rise).clamp(0.0, 1.0) } else { 1.0 };
        self.clarity() * portion
    }
}

/// Returns how much of an item's waiting its own load explains, 0..1.
pub(crate) fn waiting_by_load(item: &ItemComparison) -> f64 {
    let slower = item.metrics.iter().find(|m| m.role == MetricRole::Latency).map_or(0.0, relative);
    Rise::of(item).map_or(0.0, |rise| rise.explains(slower, MAX_SLOWDOWN))
}

/// Returns how much of the rise of a resource the load of an item that uses it explains, 0..1.
pub(crate) fn use_by_load(resource: &MetricComparison, user: &ItemComparison) -> f64 {
    Rise::of(user).map_or(0.0, |rise| rise.explains(relative(resource), MAX_USE))
}

/// Returns the request count of an item with the most requests.
pub(crate) fn busiest(item: &ItemComparison) -> Option<&MetricComparison> {
    let level = |m: &MetricComparison| m.normal.map_or(0.0, |n| n.median);
    let counts = item.metrics.iter().filter(|m| m.role == MetricRole::Requests);
    counts.max_by(|a, b| level(a).total_cmp(&level(b)).then(b.metric.cmp(&a.metric)))
}

/// Returns the difference of a metric's window from normal, as a share of normal; 0 where there is nothing to compare.
fn relative(metric: &MetricComparison) -> f64 {
    let pair = metric.now.zip(metric.normal).filter(|p| p.1.median > 0.0);
    pair.map_or(0.0, |(now, normal)| now.mean / normal.median - 1.0)
}
