//! How much load time is saved by knowing what loads cost?

use benches::cost::{CostTrace, saved};
use serde::Serialize;
use tool_cache::Retention;

use super::weighed;
use crate::error::Result;

/// How many bytes each cache has: an eighth of what all answers take.
const BYTES: usize = 4 * 1024 * 1024;
const SEED: u64 = 20_260_101;

/// The share of a trace's load time that is saved, in percent, all caches having the same bytes.
#[derive(Debug, Serialize)]
pub(super) struct TimeSaved {
    pub(super) bytes: usize,
    /// Ours, as it is by default.
    pub(super) aware: f64,
    /// Ours, blind to cost.
    pub(super) blind: f64,
    /// `aware` by `blind`.
    pub(super) ratio: f64,
    /// Least-recently-used.
    pub(super) lru: f64,
    /// GreedyDual-Size-Frequency, of the books: what knowing costs and sizes can do.
    pub(super) greedy_dual: f64,
}

/// Replays the cost-annotated trace.
///
/// # Errors
///
/// Whatever the cache fails with.
pub(super) fn judge() -> Result<TimeSaved> {
    let trace = CostTrace::generate(SEED);
    let ours = |retention| saved(&trace, BYTES as u64, retention);
    let (aware, blind) = (ours(Retention::CostAware)?, ours(Retention::CostBlind)?);
    let (lru, greedy_dual) = (weighed::lru_saved(&trace, BYTES), weighed::greedy_dual_saved(&trace, BYTES));
    Ok(TimeSaved { bytes: BYTES, aware, blind, ratio: aware / blind, lru, greedy_dual })
}
