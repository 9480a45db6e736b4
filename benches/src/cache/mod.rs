//! What does the cache cost, beside what any cache must do, and what does it hold back?

mod footprint;
mod herd;
mod hit;
mod insert;
mod jitter;
mod key;
mod lookup;
mod saved;
mod stale;
mod tag;
mod threads;

use crate::Outcome;
use crate::row::Row;
use crate::turns;

/// Measures every case.
///
/// # Errors
///
/// Whatever the cache or a tool fails with.
pub(crate) fn run() -> Outcome<Vec<Row>> {
    let questions = [
        key::run,
        lookup::run,
        hit::run,
        insert::run,
        threads::run,
        herd::run,
        stale::run,
        jitter::run,
        tag::run,
        saved::run,
        footprint::run,
    ];
    let rows: Outcome<Vec<Vec<Row>>> = questions.into_iter().map(|measure| measure()).collect();
    Ok(rows?.into_iter().flatten().collect())
}
