//! Has somebody used up a rate or a quota?

use std::{num::NonZeroU64, time::Duration};

use super::{
    bucket::{Bucket, Rate},
    refusals::Reason,
    window::{Quota, Window},
};

/// What one tenant, or one principal, may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Share {
    pub(crate) rate: Option<Rate>,
    pub(crate) quota: Option<Quota>,
}

/// What is used of a [`Share`].
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Meter {
    bucket: Bucket,
    window: Window,
}

/// What is used up, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UsedUp {
    pub(crate) reason: Reason,
    pub(crate) wait: Duration,
}

impl UsedUp {
    fn new(reason: Reason, nanos: NonZeroU64) -> Self {
        Self { reason, wait: Duration::from_nanos(nanos.get()) }
    }

    /// Keeps the one that lasts longer.
    pub(crate) fn longer(self, other: Self) -> Self {
        if other.wait > self.wait { other } else { self }
    }
}

impl Share {
    pub(crate) fn is_unlimited(&self) -> bool {
        self.rate.is_none() && self.quota.is_none()
    }
}

impl Meter {
    /// Notes what time it is, should the clock have been set back.
    pub(crate) fn turn_back(&mut self, now: u64) {
        self.bucket.turn_back(now);
        self.window.turn_back(now);
    }

    /// Returns the meter after one more call; the caller decides whether to keep it.
    pub(crate) fn take(self, share: &Share, now: u64) -> Result<Self, UsedUp> {
        let bucket = share.rate.map_or(Ok(self.bucket), |rate| self.bucket.take(rate, now));
        let window = share.quota.map_or(Ok(self.window), |quota| self.window.take(quota, now));
        match (bucket, window) {
            (Ok(bucket), Ok(window)) => Ok(Self { bucket, window }),
            (Err(wait), Ok(_)) => Err(UsedUp::new(Reason::Rate, wait)),
            (Ok(_), Err(wait)) => Err(UsedUp::new(Reason::Quota, wait)),
            (Err(rate), Err(quota)) => Err(UsedUp::new(Reason::Quota, quota).longer(UsedUp::new(Reason::Rate, rate))),
        }
    }

    /// Whether forgetting it changes nothing.
    pub(crate) fn is_idle(self, share: &Share, now: u64) -> bool {
        share.rate.is_none_or(|rate| self.bucket.is_full(rate, now))
            && share.quota.is_none_or(|quota| self.window.is_over(quota, now))
    }
}
