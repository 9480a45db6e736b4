//! What goes wrong, and how often did it?

macro_rules! faults {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal,)+) => {
        /// One way in which a tool, a caller or the world misbehaves.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) enum Fault {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Fault {
            pub(crate) const ALL: &[Self] = &[$(Self::$name,)+];

            pub(crate) fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }
        }
    };
}

faults! {
    /// The tool takes seconds, and answers.
    Slow = "tool_slow",
    /// The tool answers after every limit.
    Late = "tool_late",
    /// The tool never answers.
    Hang = "tool_hangs",
    /// The tool fails.
    Fail = "tool_fails",
    /// The tool could not be reached, and says so.
    Refused = "tool_refused",
    /// The tool fails every other time.
    Flap = "tool_flaps",
    /// The tool is dead for a while.
    Outage = "tool_dead_for_a_while",
    /// The tool says when to ask again, sometimes absurdly.
    RetryAfter = "tool_retry_after",
    /// What is asked about does not exist.
    NotFound = "tool_not_found",
    /// The tool panics before it awaits anything.
    PanicBefore = "tool_panics_before_await",
    /// The tool panics after an await.
    PanicAfter = "tool_panics_after_await",
    /// What the tool holds panics when it is dropped.
    PanicInDrop = "tool_panics_in_drop",
    /// The tool returns far too much.
    Huge = "tool_returns_huge_output",
    /// The tool returns a value nested far too deeply.
    Deep = "tool_returns_deep_output",
    /// The tool returns what is no JSON.
    Malformed = "tool_returns_malformed_output",
    /// The tool returns what does not fit its schema.
    WrongShape = "tool_returns_wrong_shape",
    /// The tool's result is cut.
    Cut = "tool_result_cut",
    /// The tool says that its result is good for a short time.
    ShortLived = "tool_result_short_lived",
    /// The tool asks itself the same question.
    Recursion = "tool_asks_itself",
    /// The caller drops its call.
    Leave = "caller_drops_its_call",
    /// The caller's task is aborted.
    Abort = "caller_is_aborted",
    /// The caller has little time.
    Hurry = "caller_runs_out_of_time",
    /// The caller's deadline is over before it asks.
    TooLate = "caller_deadline_passed",
    /// Many callers ask the same at once.
    Burst = "callers_burst_on_one_question",
    /// Many callers ask different things of a tool at once.
    Crowd = "callers_crowd_one_tool",
    /// The caller bypasses the cache.
    Bypass = "caller_bypasses_the_cache",
    /// The caller wants a fresh answer.
    Refresh = "caller_refreshes",
    /// The caller wants a cached answer or none.
    OnlyIfCached = "caller_only_if_cached",
    /// The caller bounds the age of the answer.
    MaxAge = "caller_bounds_the_age",
    /// The caller would take an answer past its time.
    MaxStale = "caller_takes_stale",
    /// The caller may not.
    Stranger = "caller_denied",
    /// The caller may no longer.
    Revoked = "caller_revoked",
    /// The parameters do not fit.
    BadParams = "caller_bad_params",
    /// There is no such tool.
    UnknownTool = "caller_unknown_tool",
    /// A composition runs.
    Composition = "composition",
    /// A write runs that makes answers stale.
    Write = "write_invalidates",
    /// All answers of a tool are made stale.
    DropTool = "invalidate_tool",
    /// All answers with a tag are made stale.
    DropTag = "invalidate_tag",
    /// One answer is made stale.
    DropKey = "invalidate_key",
    /// All answers are made stale.
    DropAll = "invalidate_all",
    /// All that a source holds changes.
    NewGeneration = "source_generation_moves",
    /// The runner is told to stop.
    Shutdown = "shutdown",
    /// Nothing happens for an hour: the machine sleeps.
    LongSleep = "clock_jumps_an_hour",
}

/// How often each fault happened.
#[derive(Debug, Clone)]
pub(crate) struct Tally(Vec<u64>);

impl Tally {
    pub(crate) fn new() -> Self {
        Self(vec![0; Fault::ALL.len()])
    }

    pub(crate) fn note(&mut self, fault: Fault) {
        self.0[fault as usize] += 1;
    }

    pub(crate) fn of(&self, fault: Fault) -> u64 {
        self.0[fault as usize]
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(own, other)| *own += other);
    }
}
