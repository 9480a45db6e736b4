//! How much memory does the cache take?

use serde::Deserialize;

use crate::Outcome;
use crate::counted::counted;
use crate::row::Row;

/// What the program `footprint` prints of the cache.
#[derive(Debug, Deserialize)]
struct Footprint {
    max_bytes: f64,
    live_bytes: f64,
    allocations_per_hit: f64,
}

/// Asks the program that counts allocations.
pub(super) fn run() -> Outcome<Vec<Row>> {
    let found: Footprint = counted("cache")?;
    Ok(vec![
        Row::new("cache", "allocations per full hit", "", found.allocations_per_hit).at_most(0.0),
        Row::new("cache", "live bytes, full of 1 KiB values", "bytes", found.live_bytes)
            .beside("byte bound", found.max_bytes)
            .at_most(1.15),
    ])
}
