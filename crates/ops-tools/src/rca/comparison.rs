//! What does a comparison of now with normal say?

use serde::{Deserialize, Serialize};

use super::role::MetricRole;

/// Whether a comparison could be made at all: missing data is a finding, never a zero and never health.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    /// There are rows now and enough normal rows.
    Ok,
    /// There is no row in the window.
    NoDataNow,
    /// There are too few normal rows to say what normal is.
    NoNormal,
}

/// What trouble is counted in, so that callers and callees can be added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Currency {
    /// Seconds of waiting beyond normal, over all requests of a row.
    WaitingSeconds,
    /// Requests lost beyond normal, in a row.
    LostRequests,
}

/// One metric of one item, now.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Now {
    /// How many rows the window has.
    pub(crate) rows: usize,
    /// Their mean, in the metric's unit.
    pub(crate) mean: f64,
    /// The last of them.
    pub(crate) last: f64,
    /// The mean of the rows that deviate most: what a person would call "now" in an incident.
    pub(crate) worst: f64,
}

/// One metric of one item, normally.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Normal {
    /// How many normal rows there are.
    pub(crate) rows: usize,
    /// Their median; where seasonal, the median expected for the window's time of day.
    pub(crate) median: f64,
    /// One robust standard deviation of the rows around what was expected of them.
    pub(crate) spread: f64,
    /// The same of the mean over as many consecutive rows as the window has; of request counts only.
    #[serde(default)]
    pub(crate) window_spread: Option<f64>,
    /// Whether the same time of day on earlier days is what now is compared with.
    pub(crate) seasonal: bool,
}

/// One metric of one item: now against normal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct MetricComparison {
    /// The metric's name.
    pub(crate) metric: String,
    /// What it tells about the item.
    pub(crate) role: MetricRole,
    /// The unit of its values.
    pub(crate) unit: String,
    /// Whether a comparison could be made.
    pub(crate) status: Status,
    /// The window's rows, if any.
    pub(crate) now: Option<Now>,
    /// The normal rows, if enough.
    pub(crate) normal: Option<Normal>,
    /// How far off the window's worst rows are, in spreads, signed; `None` without data.
    pub(crate) deviation: Option<f64>,
    /// How often a normal row is as far off in the same direction, 0..1 (1 = nothing special).
    pub(crate) rarity: Option<f64>,
    /// When the deviation began, in Unix seconds.
    pub(crate) onset: Option<i64>,
}

/// The upper tail of what normal rows show: quantiles of the excess per row.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Tail {
    /// How many rows it was learnt from.
    pub(crate) rows: usize,
    /// The median.
    pub(crate) q50: f64,
    /// Nine in ten are lower.
    pub(crate) q90: f64,
    /// 95 in a hundred are lower.
    pub(crate) q95: f64,
    /// 99 in a hundred are lower.
    pub(crate) q99: f64,
    /// The largest.
    pub(crate) max: f64,
    /// Nine in ten are smaller in size, whatever the sign.
    pub(crate) abs_q90: f64,
    /// The same of the mean over as many consecutive rows as the window has.
    pub(crate) window_q90: f64,
    /// The smallest amount worth talking about, for series without any noise.
    pub(crate) floor: f64,
}

/// The excess of one item in one currency, row by row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Excess {
    /// What it is counted in.
    pub(crate) currency: Currency,
    /// The metric it was computed from.
    pub(crate) metric: String,
    /// Whether it was multiplied by the item's requests; if not, it is per request and cannot be added to others.
    pub(crate) load_known: bool,
    /// The sum over the window.
    pub(crate) total: f64,
    /// One value per slot of the window, oldest first; `None` where a row is missing.
    pub(crate) rows: Vec<Option<f64>>,
    /// What normal rows show.
    pub(crate) normal: Tail,
}

/// One item: now against normal, for each of its metrics.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ItemComparison {
    /// The item's id.
    pub(crate) ci: String,
    /// The best status of its metrics; an item without metrics has no data now.
    pub(crate) status: Status,
    /// Its metrics, by name.
    pub(crate) metrics: Vec<MetricComparison>,
    /// Its excess by currency; empty if neither time nor success is measured.
    #[serde(default)]
    pub(crate) excess: Vec<Excess>,
}

impl MetricComparison {
    /// Returns how far off the metric is in its harmful direction, in spreads; what is neither good nor bad counts little.
    pub(crate) fn harm(&self) -> f64 {
        let deviation = self.deviation.unwrap_or(0.0);
        match self.role {
            MetricRole::Latency
            | MetricRole::LatencyTail
            | MetricRole::LatencySeen
            | MetricRole::Errors
            | MetricRole::Saturation
            | MetricRole::Backlog => deviation,
            MetricRole::Availability => -deviation,
            MetricRole::Requests | MetricRole::Throughput | MetricRole::Other => deviation.abs() / 10.0,
        }
    }
}
