//! Is this answer fresh, stale or over?
//!
//! An answer is fresh until its soft deadline. After it, it may be served while another is fetched, and a little longer
//! in place of an error; at its hard deadline it is over. All deadlines count from when it was stored.

use std::{
    sync::atomic::{AtomicI64, Ordering::Relaxed},
    time::Duration,
};

use crate::{
    draw::{early, unit},
    moment::{Moment, nanos},
};

/// How long past its lifetime an answer may be served, and what is done before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Windows {
    pub(crate) while_revalidate: Duration,
    pub(crate) if_error: Duration,
    /// The age beyond which nothing is served.
    pub(crate) hard_ttl: Duration,
    /// How eagerly answers are refreshed before their time; zero for never.
    pub(crate) early_refresh: f64,
}

/// From when until when an answer is good.
#[derive(Debug)]
pub(crate) struct Span {
    born: Moment,
    soft: Moment,
    hard: Moment,
    /// Until when nothing is asked again after a load failed.
    retry: AtomicI64,
}

/// What one caller wants.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wish {
    pub(crate) max_age: Option<Duration>,
    pub(crate) max_stale: Option<Duration>,
}

/// What an answer is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// To be served.
    Fresh,
    /// To be served, and to be replaced meanwhile.
    FreshAndDue,
    /// To be served as stale: a load failed a moment ago.
    Stale,
    /// To be served as stale, and to be replaced meanwhile.
    StaleAndDue,
    /// To be served if a load fails.
    Spare,
    /// To be served to others, but not for this wish.
    Unwanted,
    /// Past its time.
    Over,
}

impl Span {
    /// Returns the time of an answer that was `age` old and is fresh for `ttl` from `now`; `None` if that is none.
    pub(crate) fn new(now: Moment, age: Duration, ttl: Duration, windows: &Windows) -> Option<Self> {
        let born = now.minus(age);
        let end = born.plus(windows.hard_ttl);
        let soft = now.plus(ttl).min(end);
        let hard = soft.plus(windows.while_revalidate.max(windows.if_error)).min(end);
        (soft > now).then(|| Self { born, soft, hard, retry: AtomicI64::new(i64::MIN) })
    }

    /// Returns the time of an answer that is kept from before, fresh for `soft` and usable for `hard` from `now`.
    pub(crate) fn resumed(now: Moment, age: Duration, soft: Duration, hard: Duration) -> Self {
        Self { born: now.minus(age), soft: now.plus(soft), hard: now.plus(hard), retry: AtomicI64::new(i64::MIN) }
    }

    pub(crate) fn age(&self, now: Moment) -> Duration {
        now.since(self.born)
    }

    /// Returns how long it is still fresh; zero at the soft deadline and after.
    pub(crate) fn remaining(&self, now: Moment) -> Duration {
        self.soft.since(now)
    }

    /// Returns how long it may still be served at all.
    pub(crate) fn usable(&self, now: Moment) -> Duration {
        self.hard.since(now)
    }

    pub(crate) fn is_fresh(&self, now: Moment) -> bool {
        now < self.soft
    }

    pub(crate) fn is_over(&self, now: Moment) -> bool {
        now >= self.hard
    }

    /// Notes that a load failed: until `then`, nothing is asked again while this may be served.
    pub(crate) fn retry_after(&self, then: Moment) {
        self.retry.store(then.as_nanos(), Relaxed);
    }

    fn may_retry(&self, now: Moment) -> bool {
        now >= Moment::from_nanos(self.retry.load(Relaxed))
    }

    /// Judges what the answer is good for; `seed` decides the draw of the early refresh, `cost` is how long a load takes.
    pub(crate) fn judge(&self, now: Moment, wish: Wish, windows: &Windows, cost: Duration, seed: u64) -> Verdict {
        #[cfg(planted)]
        if tool_core::planted::active(tool_core::planted::Bug::ExpiredServed) {
            return Verdict::Fresh;
        }
        if self.is_over(now) {
            return Verdict::Over;
        }
        if wish.max_age.is_some_and(|most| self.age(now) > most) {
            return Verdict::Unwanted;
        }
        if !self.is_fresh(now) {
            return self.judge_late(now, wish, windows);
        }
        let due = windows.early_refresh > 0.0
            && early(self.remaining(now), cost, windows.early_refresh, || unit(seed ^ mixed(now)))
            && self.may_retry(now);
        if due { Verdict::FreshAndDue } else { Verdict::Fresh }
    }

    #[cold]
    fn judge_late(&self, now: Moment, wish: Wish, windows: &Windows) -> Verdict {
        let late = now.since(self.soft);
        let most = windows.while_revalidate.max(windows.if_error);
        let (at_once, at_all) = match wish.max_stale {
            None => (late < windows.while_revalidate, true),
            Some(own) => (late < own.min(most), late < own),
        };
        match (at_once, at_all) {
            (true, _) if self.may_retry(now) => Verdict::StaleAndDue,
            (true, _) => Verdict::Stale,
            (false, true) if late < windows.if_error && !self.may_retry(now) => Verdict::Stale,
            (false, true) if late < windows.if_error => Verdict::Spare,
            (false, _) => Verdict::Unwanted,
        }
    }
}

fn mixed(now: Moment) -> u64 {
    now.as_nanos().unsigned_abs().wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Returns a lifetime that is shorter by a share of up to `jitter`, always the same for one seed.
pub(crate) fn jittered(ttl: Duration, jitter: f64, seed: u64) -> Duration {
    if jitter <= 0.0 {
        return ttl;
    }
    let cut = nanos(ttl) as f64 * jitter * unit(seed);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of what fits, not negative")]
    ttl.saturating_sub(Duration::from_nanos(cut as u64))
}

#[cfg(test)]
#[path = "freshness/tests.rs"]
mod tests;
