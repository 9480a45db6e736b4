//! How much load time is saved by knowing what loads cost?

use benches::cost::{CostTrace, Told, saved};

use crate::Outcome;
use crate::row::Row;

const BYTES: u64 = 4 * 1024 * 1024;
const SEED: u64 = 20_260_101;

/// Measures the share of load time that our cache saves, told what loads cost and not.
pub(super) fn run() -> Outcome<Vec<Row>> {
    let trace = CostTrace::generate(SEED);
    let ours = |told| saved(&trace, BYTES, told).map_err(|error| error.to_string());
    let (aware, blind) = (ours(Told::Costs)?, ours(Told::Nothing)?);
    Ok(vec![Row::new("cache", "load time saved, knowing costs", "%", aware).beside("cost-blind", blind).at_least(1.15)])
}
