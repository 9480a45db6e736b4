//! What does the guard cost while all is well, and what does it hold back when it is not?

mod batch;
mod down;
mod footprint;
mod hang;
mod overhead;
mod overrun;
mod stack;

use crate::Outcome;
use crate::row::Row;

/// Measures every case.
///
/// # Errors
///
/// Whatever the guard or a tool fails with.
pub(crate) fn run() -> Outcome<Vec<Row>> {
    let questions = [overhead::run, footprint::run, stack::run, down::run, hang::run, overrun::run];
    let rows: Outcome<Vec<Vec<Row>>> = questions.into_iter().map(|measure| measure()).collect();
    Ok(rows?.into_iter().flatten().collect())
}
