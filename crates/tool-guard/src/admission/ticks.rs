//! How many nanoseconds is an instant?

use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

/// Turns instants into whole nanoseconds, counted from the first one it is shown.
///
/// An instant before the first has a smaller number: a clock that goes back harms nothing.
#[derive(Debug, Default)]
pub(crate) struct Ticks(OnceLock<Instant>);

/// The number of the first instant: 146 years lie on either side of it.
const FIRST: u64 = 1 << 62;

impl Ticks {
    pub(crate) fn of(&self, instant: Instant) -> u64 {
        let first = *self.0.get_or_init(|| instant);
        match instant.checked_duration_since(first) {
            Some(after) => FIRST.saturating_add(nanos(after)),
            None => FIRST.saturating_sub(nanos(first.duration_since(instant))),
        }
    }
}

/// Whole nanoseconds, at most 584 years of them.
pub(crate) fn nanos(time: Duration) -> u64 {
    time.as_secs().saturating_mul(1_000_000_000).saturating_add(u64::from(time.subsec_nanos()))
}

/// How far a reading may lie before the last one without meaning that the clock was set back: one second.
///
/// Threads read the clock and then take turns, so that small steps back are normal; they add no time.
const TURN: u64 = 1_000_000_000;

/// Returns what to keep as the last reading: after a clock was set back, time counts from there, or nothing would be
/// refilled until it had caught up.
pub(crate) fn turned_back(last: u64, now: u64) -> u64 {
    if last.saturating_sub(now) >= TURN { now } else { last }
}
