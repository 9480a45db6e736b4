//! How many calls were not admitted, and why?

use std::sync::atomic::{AtomicU64, Ordering};

/// How many calls were not admitted so far, by reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Refusals {
    /// The policy denied them.
    pub policy: u64,
    /// A rate was used up.
    pub rate: u64,
    /// A quota was used up.
    pub quota: u64,
    /// The gate was shut.
    pub draining: u64,
}

impl Refusals {
    /// Returns how many there were in all.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.policy + self.rate + self.quota + self.draining
    }
}

/// Why a call is not admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    Policy,
    Rate,
    Quota,
    Draining,
}

/// Counts as they grow.
#[derive(Debug, Default)]
pub(crate) struct RefusalCounts([AtomicU64; 4]);

impl RefusalCounts {
    pub(crate) fn add(&self, reason: Reason) {
        self.0[reason as usize].fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> Refusals {
        let of = |reason: Reason| self.0[reason as usize].load(Ordering::Relaxed);
        Refusals {
            policy: of(Reason::Policy),
            rate: of(Reason::Rate),
            quota: of(Reason::Quota),
            draining: of(Reason::Draining),
        }
    }
}
