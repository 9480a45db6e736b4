//! How often does a guarded call allocate?

use serde::Deserialize;

use crate::Outcome;
use crate::counted::counted;
use crate::row::Row;

/// What the program `footprint` prints of the guard.
#[derive(Debug, Deserialize)]
struct Footprint {
    /// Per bare call.
    bare: f64,
    /// Per call with everything on but hedges.
    on: f64,
    /// Per call with hedges as well.
    hedging: f64,
}

/// Asks the program that counts allocations.
pub(super) fn run() -> Outcome<Vec<Row>> {
    let found: Footprint = counted("guard")?;
    let row = |case, calls: f64| Row::new("guard", case, "", calls - found.bare).at_most(1.0);
    Ok(vec![
        row("everything on: allocations added", found.on),
        row("everything on and hedging: allocations added", found.hedging),
    ])
}
