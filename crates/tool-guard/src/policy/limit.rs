//! How many calls may run at once, and how many may wait?

use super::error::{Checked, require, some};

/// How many calls may run at once, and how many may wait for their turn.
///
/// | setting | default per tool | default in all | bound | source |
/// |---|---|---|---|---|
/// | `max_in_flight` | 64 | 1,024 | 1 to 1,000,000 | Envoy's circuit breakers allow 1,024 requests per upstream in all; one tool gets a sixteenth |
/// | `queue` | 64 | 256 | 0 to 1,000,000; 0 without a limit | as many may wait as may run: then a wait is about one run long |
/// | `adaptive` | off | off | `min` at least 1, `min` ≤ `max_in_flight` ≤ `max` | Netflix concurrency-limits, `Gradient2Limit` |
///
/// Who waits is served in order of arrival; who finds the queue full fails at once with
/// [`Overloaded`](tool_core::ErrorKind::Overloaded) and a time to come back.
///
/// # Examples
///
/// ```
/// use tool_guard::{GuardPolicy, LimitPolicy};
///
/// let policy = GuardPolicy::builder().limit(LimitPolicy::fixed(8).queue(16)).build()?;
/// assert_eq!(policy.limit().max_in_flight(), Some(8));
///
/// let error = GuardPolicy::builder().limit(LimitPolicy::unlimited().queue(5)).build().unwrap_err();
/// assert_eq!(error.to_string(), "`limit.queue` is 5, but must be 0 where `max_in_flight` is unlimited");
/// # Ok::<(), tool_guard::GuardPolicyError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitPolicy {
    max_in_flight: Option<u32>,
    queue: u32,
    adaptive: Option<Adaptive>,
}

/// Between which bounds a limit moves by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Adaptive {
    pub(crate) min: u32,
    pub(crate) max: u32,
}

/// The most calls that any limit or queue may be set to.
const MOST: u32 = 1_000_000;

impl LimitPolicy {
    /// Lets so many calls run at once, with nobody waiting until [`queue`](Self::queue) says so.
    #[must_use]
    pub fn fixed(max_in_flight: u32) -> Self {
        Self { max_in_flight: Some(max_in_flight), queue: 0, adaptive: None }
    }

    /// Lets any number of calls run at once.
    #[must_use]
    pub fn unlimited() -> Self {
        Self { max_in_flight: None, queue: 0, adaptive: None }
    }

    /// Sets how many calls may wait.
    #[must_use]
    pub fn queue(mut self, calls: u32) -> Self {
        self.queue = calls;
        self
    }

    /// Lets the limit move between two bounds, by how latency answers to load; it begins where it was set.
    #[must_use]
    pub fn adaptive(mut self, min: u32, max: u32) -> Self {
        self.adaptive = Some(Adaptive { min, max });
        self
    }

    /// Returns how many calls may run at once, if there is a limit; where an adaptive one begins.
    #[must_use]
    pub fn max_in_flight(&self) -> Option<u32> {
        self.max_in_flight
    }

    /// Returns how many calls may wait.
    #[must_use]
    pub fn queue_size(&self) -> u32 {
        self.queue
    }

    pub(crate) fn bounds(&self) -> Option<Adaptive> {
        self.adaptive
    }

    pub(crate) fn check(&self) -> Checked {
        require(self.queue <= MOST, "queue", self.queue, format!("at most {MOST}"))?;
        let Some(start) = self.max_in_flight else {
            let bound = "0 where `max_in_flight` is unlimited";
            require(self.queue == 0, "queue", self.queue, bound)?;
            let bound = "missing where `max_in_flight` is unlimited";
            return require(self.adaptive.is_none(), "adaptive", self.adaptive, bound);
        };
        some("max_in_flight", start)?;
        require(start <= MOST, "max_in_flight", start, format!("at most {MOST}"))?;
        let Some(Adaptive { min, max }) = self.adaptive else { return Ok(()) };
        some("adaptive.min", min)?;
        require(min <= start, "adaptive.min", min, format!("at most `max_in_flight`, which is {start}"))?;
        require(max >= start, "adaptive.max", max, format!("at least `max_in_flight`, which is {start}"))?;
        require(max <= MOST, "adaptive.max", max, format!("at most {MOST}"))
    }
}
