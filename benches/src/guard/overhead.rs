//! What does the guard add to a call of a healthy tool?
//!
//! `bare` is the same call through the registry alone: parameters checked, the tool boxed and its panics held, its result
//! serialised. With everything on there are a limit of the tool and one of all, retries, a breaker, bounds of the result
//! and deadlines, each as by default; what hedging adds on top is measured by itself. Results are not checked against a
//! schema.

use std::ops::Range;

use benches::upstream::Upstream;
use tool_guard::{GuardPolicy, GuardedExecutor, HedgePolicy};

use super::batch::{Bench, all_well};
use crate::Outcome;
use crate::row::Row;
use crate::turns::medians;

const ROUNDS: usize = 3000;

/// Measures the guard switched off, on, and on with hedges, beside the bare call.
pub(super) fn run() -> Outcome<Vec<Row>> {
    let upstream = Upstream::new()?;
    let registry = upstream.registry();
    let guard = |policy| GuardedExecutor::new(upstream.registry(), policy);
    let off = guard(GuardPolicy::builder().enabled(false).build()?);
    let on = guard(GuardPolicy::default());
    let hedging = guard(GuardPolicy::builder().hedge(HedgePolicy::default()).build()?);
    let bench = Bench::new(upstream)?;
    let [bare, off, on, hedging] = all_well(medians(
        ROUNDS,
        Bench::questions,
        &mut [
            &mut |asked: &Range<usize>| bench.through(&registry, asked),
            &mut |asked: &Range<usize>| bench.through(&off, asked),
            &mut |asked: &Range<usize>| bench.through(&on, asked),
            &mut |asked: &Range<usize>| bench.through(&hedging, asked),
        ],
    )?)?;
    Ok(vec![
        Row::new("guard", "bare call", "ns", bare),
        Row::new("guard", "off", "ns", off).beside("bare call", bare).at_most(1.05),
        Row::new("guard", "everything on, added", "ns", on - bare).at_most(400.0),
        Row::new("guard", "everything on and hedging, added", "ns", hedging - bare).at_most(400.0),
    ])
}
