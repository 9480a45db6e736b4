//! May one more attempt be paid for?

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Into how many parts the window is cut: what is older than the oldest of them is forgotten.
const PARTS: usize = 10;

/// Lets attempts through while they are few beside the calls: over the last window, at most a share of the calls plus
/// so many per second.
///
/// Calls pay in with one atomic addition; drawing takes a lock. The window moves in tenths. What the floor grants counts
/// from the beginning of the oldest tenth, so that over any time `t` since the start, at most `share * calls + floor * t`
/// attempts pass (but always one, if there is a floor).
///
/// Source: Finagle's `RetryBudget`: a share of the calls plus a minimum per second, which live for ten seconds.
#[derive(Debug)]
pub(crate) struct Budget {
    share: f64,
    floor: f64,
    part: Duration,
    part_nanos: u64,
    start: Instant,
    calls: [Part; PARTS],
    drawn: Mutex<[Drawn; PARTS]>,
}

/// The calls of one part of the window: number of the part (upper half) and count (lower half).
#[derive(Debug, Default)]
struct Part(AtomicU64);

#[derive(Debug, Default, Clone, Copy)]
struct Drawn {
    part: u64,
    count: u32,
}

impl Budget {
    /// Begins at `start`; `share` of calls and `floor` per second are counted over `window`.
    pub(crate) fn new(share: f64, floor: f64, window: Duration, start: Instant) -> Self {
        let part = window / u32::try_from(PARTS).unwrap_or(1);
        let part_nanos = nanos(part).max(1);
        Self { share, floor, part, part_nanos, start, calls: Default::default(), drawn: Mutex::default() }
    }

    /// Counts a call.
    pub(crate) fn pay_in(&self, now: Instant) {
        let part = self.part_of(now);
        self.calls[index(part)].add(part);
    }

    /// Takes one attempt out, if there is enough for it.
    pub(crate) fn draw(&self, now: Instant) -> bool {
        #[cfg(planted)]
        if tool_core::planted::active(tool_core::planted::Bug::BudgetIgnored) {
            return true;
        }
        let part = self.part_of(now);
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        let taken: u32 = drawn.iter().filter(|drawn| is_live(drawn.part, part)).map(|drawn| drawn.count).sum();
        if f64::from(taken) + 1.0 > self.granted(part, now) {
            return false;
        }
        let slot = &mut drawn[index(part)];
        if slot.part != part {
            *slot = Drawn { part, count: 0 };
        }
        slot.count += 1;
        true
    }

    /// Returns how many attempts the living parts of the window grant.
    fn granted(&self, part: u64, now: Instant) -> f64 {
        let calls: u32 = self.calls.iter().map(|calls| calls.count(part)).sum();
        let oldest = u32::try_from((part + 1).saturating_sub(PARTS as u64)).unwrap_or(u32::MAX);
        let since = now.saturating_duration_since(self.start).saturating_sub(self.part.saturating_mul(oldest));
        let window = self.part.as_secs_f64() * 10.0;
        let floor = (self.floor * since.as_secs_f64().min(window)).max((self.floor * window).min(1.0));
        // The smallest excess of a product such as 0.2 * 5 over the whole number must not cost an attempt.
        self.share * f64::from(calls) + floor + 1e-9
    }

    fn part_of(&self, now: Instant) -> u64 {
        nanos(now.saturating_duration_since(self.start)) / self.part_nanos
    }
}

impl Part {
    fn add(&self, part: u64) {
        let mark = mark_of(part);
        let seen = self.0.load(Ordering::Relaxed);
        if seen >> 32 == mark {
            // 2^32 calls in a tenth of a window would spill into the mark; no machine makes them.
            self.0.fetch_add(1, Ordering::Relaxed);
        } else if self.0.compare_exchange(seen, mark << 32 | 1, Ordering::Relaxed, Ordering::Relaxed).is_err() {
            // Another call has just begun this part.
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Returns the calls counted, if they are within the window that ends with `part`.
    fn count(&self, part: u64) -> u32 {
        let seen = self.0.load(Ordering::Relaxed);
        let live = (0..PARTS as u64).any(|back| part.checked_sub(back).is_some_and(|part| mark_of(part) == seen >> 32));
        if live { u32::try_from(seen & u64::from(u32::MAX)).unwrap_or(0) } else { 0 }
    }
}

/// 64 bits of nanoseconds are 584 years.
fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

fn mark_of(part: u64) -> u64 {
    part & u64::from(u32::MAX)
}

fn is_live(part: u64, now: u64) -> bool {
    now.saturating_sub(part) < PARTS as u64
}

fn index(part: u64) -> usize {
    usize::try_from(part % PARTS as u64).unwrap_or(0)
}

#[cfg(test)]
mod tests;
