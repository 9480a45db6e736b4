//! How long may a call run, and what if it does not end?

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use tool_core::{Clock, Effect, ErrorKind, Execution, SystemClock, ToolCall, ToolError, ToolExecutor, ToolResult};

use crate::{GuardPolicy, InFlight, deadline::Deadline};

/// Bounds every call in time and counts what runs: stands below the cache, so that a hit pays nothing.
///
/// A call ends at the earliest of: its caller's deadline; the smaller of its tool's and its step's timeout, or the
/// policy's default where neither says; and the policy's maximum. The work gets that moment as its own deadline. When
/// it comes, the work is dropped and the call fails with [`ErrorKind::TimedOut`]: [`Execution::Unknown`] if the work
/// was started, [`Execution::NotExecuted`] if the moment had passed before. Dropping a call drops its work.
///
/// # Panics
///
/// Executing panics outside of a tokio runtime with its timer enabled, unless the policy is disabled.
///
/// # Examples
///
/// ```
/// use tool_core::ToolRegistry;
/// use tool_guard::{GuardPolicy, GuardedExecutor};
///
/// let guarded = GuardedExecutor::new(ToolRegistry::new(), GuardPolicy::default());
/// assert_eq!(guarded.in_flight().total(), 0);
/// ```
pub struct GuardedExecutor<E> {
    inner: E,
    policy: GuardPolicy,
    clock: Arc<dyn Clock>,
    in_flight: InFlight,
    timed_out: AtomicU64,
}

impl<E> GuardedExecutor<E> {
    /// Guards an executor by the machine's clock.
    #[must_use]
    pub fn new(inner: E, policy: GuardPolicy) -> Self {
        let in_flight = InFlight::new(policy.capacity());
        Self { inner, policy, clock: Arc::new(SystemClock::new()), in_flight, timed_out: AtomicU64::new(0) }
    }

    /// Sets the clock that deadlines are read by; sleeping stays with tokio.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Returns what calls go on to.
    #[must_use]
    pub fn inner(&self) -> &E {
        &self.inner
    }

    /// Returns what bounds the calls.
    #[must_use]
    pub fn policy(&self) -> &GuardPolicy {
        &self.policy
    }

    /// Returns a reader of how many calls run, for selection and for a shutdown that waits.
    #[must_use]
    pub fn in_flight(&self) -> InFlight {
        self.in_flight.clone()
    }

    /// Returns how many calls ran out of time so far, here and not further down.
    #[must_use]
    pub fn timed_out(&self) -> u64 {
        self.timed_out.load(Ordering::Relaxed)
    }

    #[cold]
    fn out_of_time(&self, message: String, execution: Execution, attempts: u32) -> ToolError {
        self.timed_out.fetch_add(1, Ordering::Relaxed);
        let mut error = ToolError::new(ErrorKind::TimedOut, message).with_execution(execution);
        error.report_mut().attempts = attempts;
        error
    }
}

impl<E: ToolExecutor> ToolExecutor for GuardedExecutor<E> {
    async fn execute(&self, call: ToolCall) -> ToolResult {
        if !self.policy.is_enabled() {
            return self.inner.execute(call).await;
        }
        let now = self.clock.now();
        let deadline = Deadline::of(&call, &self.policy, now);
        let remaining = deadline.at.saturating_duration_since(now);
        let name = call.spec().name().clone();
        if remaining.is_zero() {
            let message = format!("no time was left to start {name} ({deadline})");
            return Err(self.out_of_time(message, Execution::NotExecuted, 0));
        }
        // A composition only waits for its steps: counting it too would count their load twice.
        let _running = (call.spec().effect() != Effect::Composite).then(|| self.in_flight.enter(call.id()));
        let call = call.map_context(|context| context.with_deadline(deadline.at));
        match tokio::time::timeout(remaining, self.inner.execute(call)).await {
            Ok(result) => result,
            Err(_) => {
                let message = format!("{name} did not end within {remaining:?} ({deadline})");
                Err(self.out_of_time(message, Execution::Unknown, 1))
            }
        }
    }
}

impl<E: fmt::Debug> fmt::Debug for GuardedExecutor<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardedExecutor")
            .field("policy", &self.policy)
            .field("in_flight", &self.in_flight.total())
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}
