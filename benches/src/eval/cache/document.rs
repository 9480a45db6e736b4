//! What is told in the end?

use serde::Serialize;

use super::cost::TimeSaved;
use super::trace::Trace;
use super::{lru, opt, ours, rivals};
use crate::error::Result;

/// All figures, as `--json` prints them.
#[derive(Debug, Serialize)]
pub(super) struct Document {
    pub(super) traces: Vec<Score>,
    pub(super) cost: TimeSaved,
}

/// The hit ratios of one trace at one capacity, in percent of the requests.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Score {
    pub(super) name: String,
    /// How many entries fit.
    pub(super) capacity: usize,
    pub(super) requests: usize,
    pub(super) ours: f64,
    pub(super) lru: f64,
    pub(super) quick_cache: f64,
    pub(super) moka: f64,
    /// The clairvoyant optimum.
    pub(super) opt: f64,
}

impl Score {
    /// Replays a trace over every policy.
    ///
    /// # Errors
    ///
    /// If our cache refuses the capacity.
    pub(super) fn of(name: &str, trace: &Trace, capacity: usize) -> Result<Self> {
        Ok(Self {
            name: name.to_owned(),
            capacity,
            requests: trace.keys.len(),
            ours: trace.percent(ours::hits(trace, capacity)?),
            lru: trace.percent(lru::hits(trace, capacity)),
            quick_cache: trace.percent(rivals::quick_cache_hits(trace, capacity)),
            moka: trace.percent(rivals::moka_hits(trace, capacity)),
            opt: trace.percent(opt::hits(trace, capacity)),
        })
    }
}
