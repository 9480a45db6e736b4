//! How much load time is saved by knowing what loads cost?

use benches::cost::{CostTrace, saved};
use tool_cache::Retention;

use crate::Outcome;
use crate::row::Row;

const BYTES: u64 = 4 * 1024 * 1024;
const SEED: u64 = 20_260_101;

/// Measures the share of load time that our cache saves, going by what loads cost and not.
pub(super) fn run() -> Outcome<Vec<Row>> {
    let trace = CostTrace::generate(SEED);
    let ours = |retention| saved(&trace, BYTES, retention).map_err(|error| error.to_string());
    let (aware, blind) = (ours(Retention::CostAware)?, ours(Retention::CostBlind)?);
    Ok(vec![Row::new("cache", "load time saved, knowing costs", "%", aware).beside("cost-blind", blind).at_least(1.15)])
}
