//! How many nanoseconds is an instant?

use std::{sync::OnceLock, time::Instant};

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
            Some(after) => FIRST.saturating_add(saturated(after.as_nanos())),
            None => FIRST.saturating_sub(saturated(first.duration_since(instant).as_nanos())),
        }
    }
}

fn saturated(nanos: u128) -> u64 {
    u64::try_from(nanos).unwrap_or(u64::MAX)
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
