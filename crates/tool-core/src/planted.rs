//! Which small defect is switched on? Only in builds with `--cfg planted`, to prove that the simulation would see it.
//!
//! No feature and no default build has any of this. Each defect is one that people have shipped; the place that asks
//! [`active`] shows what it breaks.

use std::sync::atomic::{AtomicUsize, Ordering};

macro_rules! bugs {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal,)+) => {
        /// One defect that can be switched on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Bug {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Bug {
            /// Every defect there is.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// Returns the name in snake case, as the simulation prints it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }
        }
    };
}

bugs! {
    /// The key of an answer leaves out the tenant.
    TenantNotInKey = "tenant_not_in_key",
    /// The key of an answer leaves out the principal.
    PrincipalNotInKey = "principal_not_in_key",
    /// The key of an answer leaves out the generation of its source.
    GenerationNotInKey = "generation_not_in_key",
    /// A run that ends keeps its place among those that run.
    PlaceNotGivenBack = "place_not_given_back",
    /// Work is not told until when it may run.
    DeadlineNotPassedDown = "deadline_not_passed_down",
    /// A load that ends tells nobody.
    LeaderDiesSilently = "leader_dies_silently",
    /// A load that began before an invalidation is kept all the same.
    StalePublished = "stale_published",
    /// A load that began before an invalidation is joined all the same.
    StaleJoined = "stale_joined",
    /// A caller that waits for the load of another waits beyond its own deadline.
    WaiterNeverGivesUp = "waiter_never_gives_up",
    /// A result that was cut is kept as if it were whole.
    CutKept = "cut_kept",
    /// A failure is kept and answered as a success.
    FailureKept = "failure_kept",
    /// A caller that asks for a fresh answer is given a load that began before it.
    RefreshJoins = "refresh_joins",
    /// An answer past its time is served.
    ExpiredServed = "expired_served",
    /// A write makes nothing stale.
    WriteForgetsToInvalidate = "write_forgets_to_invalidate",
    /// A write that is dropped makes nothing stale.
    DroppedWriteForgets = "dropped_write_forgets",
    /// Each caller loads for itself.
    EachLoadsAlone = "each_loads_alone",
    /// A load dies with the caller that began it.
    LoadDiesWithCaller = "load_dies_with_caller",
    /// The policy is asked after the cache.
    PolicyAfterCache = "policy_after_cache",
    /// A call is counted twice.
    CountedTwice = "counted_twice",
    /// A call whose caller leaves is not counted.
    DroppedNotCounted = "dropped_not_counted",
}

/// The number of the defect that is on; beyond all if none is.
static ACTIVE: AtomicUsize = AtomicUsize::new(usize::MAX);

/// Switches one defect on for the whole process, and the others off; `None` switches all off.
pub fn plant(bug: Option<Bug>) {
    ACTIVE.store(bug.map_or(usize::MAX, |bug| bug as usize), Ordering::SeqCst);
}

/// Returns whether a defect is on.
#[must_use]
pub fn active(bug: Bug) -> bool {
    ACTIVE.load(Ordering::Relaxed) == bug as usize
}
