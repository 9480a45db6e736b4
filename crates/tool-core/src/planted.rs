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
    /// A load that ends tells nobody.
    LeaderDiesSilently = "leader_dies_silently",
    /// A load that began before an invalidation is kept all the same.
    StalePublished = "stale_published",
    /// A load that began before an invalidation is joined all the same.
    StaleJoined = "stale_joined",
    /// A caller that asks for a fresh answer is given a load that began before it.
    RefreshJoins = "refresh_joins",
    /// A load dies with any caller that leaves, and the others hear that it was stopped.
    LoadDiesWithCaller = "load_dies_with_caller",
    /// A caller that waits for a load waits beyond its own deadline.
    WaiterNeverGivesUp = "waiter_never_gives_up",
    /// Each caller loads for itself.
    EachLoadsAlone = "each_loads_alone",
    /// A result that was cut is kept as if it were whole.
    CutKept = "cut_kept",
    /// A failure is kept and served to later callers.
    FailureKept = "failure_kept",
    /// An answer past its time is served.
    ExpiredServed = "expired_served",
    /// A write makes nothing stale.
    WriteForgetsToInvalidate = "write_forgets_to_invalidate",
    /// A write that is dropped makes nothing stale.
    DroppedWriteForgets = "dropped_write_forgets",
    /// An answer from the cache is counted twice.
    HitCountedTwice = "hit_counted_twice",
    /// A run that ends keeps its permit.
    PermitNotGivenBack = "permit_not_given_back",
    /// One call more runs at once than may.
    LimitOffByOne = "limit_off_by_one",
    /// Any number of calls may wait.
    QueueUnbounded = "queue_unbounded",
    /// Work is not told until when it may run.
    DeadlineNotPassedDown = "deadline_not_passed_down",
    /// Further attempts and hedges are not bounded by their budget.
    BudgetIgnored = "budget_ignored",
    /// A write that may have done its work is tried again.
    WritesTriedAgain = "writes_tried_again",
    /// A write is asked a second time while the first runs.
    WritesHedged = "writes_hedged",
    /// A tool is asked again sooner than it said.
    AdviceIgnored = "advice_ignored",
    /// An answer does not say how often the tool was started for it.
    AttemptsNotTold = "attempts_not_told",
    /// A probe that says nothing keeps its place for ever.
    ProbeLost = "probe_lost",
    /// A breaker stays half open, however well its probes go.
    BreakerNeverCloses = "breaker_never_closes",
    /// A breaker that is open stays open.
    BreakerNeverTries = "breaker_never_tries",
    /// A result may be of any size and depth.
    ResultsUnbounded = "results_unbounded",
    /// The policy is not asked where a cached answer would do.
    PolicySkippedForCached = "policy_skipped_for_cached",
    /// Rates and quotas are not kept.
    RatesIgnored = "rates_ignored",
    /// A call that has ended counts as one that a shutdown waits for.
    GateNeverLeft = "gate_never_left",
    /// A panic of a tool reaches who called it.
    PanicEscapes = "panic_escapes",
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
