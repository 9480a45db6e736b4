//! How is a call guarded?

use std::{
    fmt,
    future::Future,
    pin::pin,
    sync::Arc,
    task::Poll,
    time::{Duration, Instant},
};

use tokio::time::sleep;
use tool_core::{Clock, Effect, SystemClock, ToolCall, ToolError, ToolExecutor, ToolHandle, ToolResult};

use crate::{
    BreakerForce, BreakerStatus, GuardPolicy, GuardStats, InFlight,
    attempt::{Ended, Means, Right, Site, Trail},
    breaker::Breaker,
    deadline::Deadline,
    either::Either,
    random::Random,
    refusal,
    retry::{Retry, together},
    shared::Shared,
    within::{at_once, within},
};

/// Bounds every call in time, number and size, and tries again what is safe: stands below the cache, so that a hit pays
/// nothing.
///
/// A call ends at the earliest of: its caller's deadline; the smaller of its tool's and its step's timeout, or the
/// policy's default where neither says; and the policy's maximum. The work gets that moment as its own deadline. When
/// it comes, the work is dropped and the call fails with [`TimedOut`](tool_core::ErrorKind::TimedOut):
/// [`Unknown`](tool_core::Execution::Unknown) if the work was started,
/// [`NotExecuted`](tool_core::Execution::NotExecuted) if the moment came before. Dropping a call drops its work, and
/// gives back all that it held.
///
/// A tool whose effect is [`Composite`](Effect::Composite) takes the deadline and nothing else: its steps are guarded.
///
/// # Panics
///
/// Executing work that waits panics outside of a tokio runtime with its timer enabled, unless the policy is disabled.
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
    shared: Arc<Shared>,
}

impl<E> GuardedExecutor<E> {
    /// Guards an executor by the machine's clock.
    #[must_use]
    pub fn new(inner: E, policy: GuardPolicy) -> Self {
        let clock = Arc::new(SystemClock::new());
        Self { inner, shared: Arc::new(Shared::new(policy, clock, Random::from_process())) }
    }

    /// Sets the clock that deadlines are read by; sleeping stays with tokio. Begins anew: readers that were taken before
    /// read the guard as it was.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.shared = Arc::new(Shared::new(self.shared.policy.clone(), clock, self.shared.random.fork()));
        self
    }

    /// Sets what all chance follows from, so that a run can be repeated: the waits between attempts, and by how much a
    /// breaker opens earlier. Begins anew, as [`with_clock`](Self::with_clock).
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        let clock = Arc::clone(&self.shared.clock);
        self.shared = Arc::new(Shared::new(self.shared.policy.clone(), clock, Random::seeded(seed)));
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
        &self.shared.policy
    }

    /// Returns a reader of how the tools are doing, for selection and for a shutdown that waits.
    #[must_use]
    pub fn in_flight(&self) -> InFlight {
        InFlight::new(Arc::clone(&self.shared))
    }

    /// Returns what the guard did so far, and how it stands.
    #[must_use]
    pub fn stats(&self) -> GuardStats {
        self.shared.stats()
    }

    /// Returns how many calls ran out of time so far, here and not further down.
    #[must_use]
    pub fn timed_out(&self) -> u64 {
        self.shared.tools.iter().map(|tool| tool.counters.snapshot().timed_out).sum()
    }

    /// Returns how the breaker of a tool stands, if it has one.
    #[must_use]
    pub fn breaker(&self, tool: &ToolHandle) -> Option<BreakerStatus> {
        Some(self.breaker_of(tool)?.status(self.shared.clock.now()))
    }

    /// Holds the breaker of a tool open or closed, or lets go of it: then it is closed and has seen nothing. Does
    /// nothing to a tool without a breaker.
    pub fn force_breaker(&self, tool: &ToolHandle, force: BreakerForce) {
        if let Some(breaker) = self.breaker_of(tool) {
            breaker.force(force);
        }
    }

    fn breaker_of(&self, tool: &ToolHandle) -> Option<&Breaker> {
        self.shared.tool(tool.id(), tool.spec()).breaker.as_ref()
    }
}

impl<E: ToolExecutor> ToolExecutor for GuardedExecutor<E> {
    fn execute(&self, call: ToolCall) -> impl Future<Output = ToolResult> + Send {
        if self.shared.policy.is_enabled() {
            Either::First { future: self.guard(call) }
        } else {
            Either::Second { future: self.inner.execute(call) }
        }
    }
}

impl<E: ToolExecutor> GuardedExecutor<E> {
    /// Runs a call within its bounds.
    ///
    /// The first attempt is made in place: for a tool that is ready at once, moving its answer from future to future
    /// is most of what guarding costs.
    #[expect(
        clippy::manual_async_fn,
        reason = "an async fn copies its arguments when it is first polled; a block does not"
    )]
    fn guard(&self, mut call: ToolCall) -> impl Future<Output = ToolResult> + Send {
        async move {
            let now = self.shared.clock.now();
            let tool = self.shared.tool(call.id(), call.spec());
            let deadline = Deadline::of(&call, tool.timeout, self.shared.policy.max_timeout(), now);
            let site = Site { inner: &self.inner, shared: &self.shared, tool, deadline };
            if call.spec().effect() == Effect::Composite {
                return site.compose(call, now).await;
            }
            let entry = tool.counters.enter();
            let right = match site.enter(now) {
                Ok(Some(right)) => right,
                Ok(None) => match site.right_in_turn(now).await {
                    Ok(right) => right,
                    Err(refused) => return entry.fail(refused),
                },
                Err(refused) => return entry.fail(refused),
            };
            let attempts = tool.attempts(call.context().attempts());
            // The one allocation of a call that goes well: what a further attempt would be made of.
            let spare = (attempts > 1 || tool.hedge.is_some()).then(|| call.clone());
            let means = Means { spare: spare.as_ref(), timeout: site.attempt_timeout(&call, attempts) };
            let mut trail = Trail::default();
            let until = site.start(&mut call, &means, &right, &mut trail);
            let mut result = {
                let mut work = pin!(self.inner.execute(call));
                match at_once(work.as_mut()).await {
                    Poll::Ready(result) => result,
                    Poll::Pending => site.wait(work, &means, until, &right, &mut trail).await,
                }
            };
            site.finish(&mut result, right, &trail);
            if result.is_err()
                && let Some(spare) = spare
                && site.is_worth_it(&result, &trail, attempts)
            {
                // Boxed: only who fails pays for the room it takes.
                result = Box::pin(site.again(result, &mut trail, spare, attempts)).await;
            }
            site.note(&mut result, &trail);
            entry.end(&result);
            result
        }
    }
}

impl<'a, E: ToolExecutor> Site<'a, E> {
    /// Runs a composition: bounded in time, and nothing else.
    async fn compose(&self, mut call: ToolCall, now: Instant) -> ToolResult {
        self.check_time(now)?;
        call.limit_deadline(self.deadline.at);
        let work = pin!(self.inner.execute(call));
        within(work, self.deadline.at, &*self.shared.clock).await.unwrap_or_else(|| {
            self.tool.counters.timed_out();
            Err(refusal::out_of_time(&self.tool.name, &self.deadline))
        })
    }

    /// Asks for the right to make the first attempt; `None` if it has to be waited for.
    fn enter(&self, now: Instant) -> Result<Option<Right<'a>>, ToolError> {
        self.check_time(now)?;
        self.pay_in(now);
        self.right_at_once(now)
    }

    fn check_time(&self, now: Instant) -> Result<(), ToolError> {
        if now < self.deadline.at {
            return Ok(());
        }
        self.tool.counters.timed_out();
        Err(refusal::no_time(&self.tool.name, &self.deadline))
    }

    fn pay_in(&self, now: Instant) {
        if let Some(retry) = &self.tool.retry {
            retry.pay_in(now);
        }
        if let Some(hedge) = &self.tool.hedge {
            hedge.pay_in(now);
        }
    }

    /// Returns the time limit of an attempt that another may follow: none where tool or step say how long a run may
    /// take, and none where a run that was cut off could not be repeated.
    fn attempt_timeout(&self, call: &ToolCall, attempts: u32) -> Option<Duration> {
        let said = call.spec().timeout().is_some() || call.context().attempts().timeout.is_some();
        let retry = self.tool.retry.as_ref().filter(|_| attempts > 1 && self.tool.safe && !said)?;
        Some(retry.attempt_timeout())
    }

    /// Returns whether another attempt is allowed after what came of the last one, were there time and budget.
    fn is_worth_it(&self, result: &ToolResult, trail: &Trail, attempts: u32) -> bool {
        let (Some(retry), Err(error)) = (&self.tool.retry, result) else { return false };
        trail.starts < attempts && trail.ended != Ended::Deadline && retry.is_worth_it(error, self.tool.safe)
    }

    /// Tries again until it goes well, or nothing speaks for a further attempt.
    async fn again(&self, mut result: ToolResult, trail: &mut Trail, spare: ToolCall, attempts: u32) -> ToolResult {
        while let Some(wait) = self.next_wait(&result, trail, attempts) {
            self.tool.counters.retried();
            sleep(wait).await;
            let last = trail.starts + 1 == attempts;
            let timeout = self.attempt_timeout(&spare, attempts).filter(|_| !last);
            let Ok(right) = self.right(self.shared.clock.now()).await else { break };
            let means = Means { spare: Some(&spare), timeout };
            result = after(&result, self.run(spare.clone(), &means, right, trail).await);
        }
        result
    }

    /// Returns how long to wait before a further attempt, if there is to be one; takes it out of the budget.
    fn next_wait(&self, result: &ToolResult, trail: &Trail, attempts: u32) -> Option<Duration> {
        let retry = self.tool.retry.as_ref().filter(|_| self.is_worth_it(result, trail, attempts))?;
        let wait = self.wait_in_time(retry, result.as_ref().err()?, trail.starts + 1)?;
        if retry.draw(self.shared.clock.now()) {
            return Some(wait);
        }
        self.tool.counters.budget_exhausted();
        None
    }

    fn wait_in_time(&self, retry: &Retry, error: &ToolError, next: u32) -> Option<Duration> {
        let wait = retry.wait(error, next, &self.shared.random);
        let left = self.deadline.at.saturating_duration_since(self.shared.clock.now());
        (wait < left).then_some(wait)
    }

    /// Notes on an answer how often the tool was started for it.
    fn note(&self, result: &mut ToolResult, trail: &Trail) {
        if trail.ended != Ended::Tool {
            self.tool.counters.timed_out();
        }
        #[cfg(planted)]
        if tool_core::planted::active(tool_core::planted::Bug::AttemptsNotTold) {
            return;
        }
        if trail.starts > 1 {
            match result {
                Ok(output) => output.report.attempts = trail.starts,
                Err(error) => error.report_mut().attempts = trail.starts,
            }
        }
    }
}

/// Joins what is known of an attempt and of those before it.
fn after(before: &ToolResult, next: ToolResult) -> ToolResult {
    match (before, next) {
        (Err(first), Err(last)) => {
            let execution = together(first.execution(), last.execution());
            Err(last.with_execution(execution))
        }
        (_, next) => next,
    }
}

impl<E: fmt::Debug> fmt::Debug for GuardedExecutor<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardedExecutor")
            .field("policy", &self.shared.policy)
            .field("in_flight", &self.in_flight().total())
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}
