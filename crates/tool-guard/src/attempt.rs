//! What comes of starting a tool once?

use std::{
    future::Future,
    pin::{Pin, pin},
    task::Poll,
    time::{Duration, Instant},
};

use tool_core::{BreakerState, ErrorKind, Execution, ToolCall, ToolError, ToolExecutor, ToolResult};

use crate::{
    BreakerPolicy,
    breaker::{Admission, Breaker, Verdict},
    bulkhead,
    deadline::Deadline,
    handle::Handle,
    hedge::{Winner, race},
    latency::Outcome,
    limit::{Limiter, Load, Permit, QueueFull},
    refusal,
    shared::Shared,
    within::{at_once, rest_within, within},
};

/// Where a call stands: what runs it, what is kept for its tool, and until when it may run.
pub(crate) struct Site<'a, E> {
    pub(crate) inner: &'a E,
    pub(crate) shared: &'a Shared,
    pub(crate) tool: &'a Handle,
    pub(crate) deadline: Deadline,
}

/// How the runs for a call went, beside what they answered.
#[derive(Default)]
pub(crate) struct Trail {
    /// How often the tool was started.
    pub(crate) starts: u32,
    /// Who ended the last run.
    pub(crate) ended: Ended,
}

/// Who ended a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Ended {
    /// The tool.
    #[default]
    Tool,
    /// The timeout of one attempt.
    AttemptTimeout,
    /// The deadline of the call.
    Deadline,
}

/// The right to make an attempt, which begins `now`; given back when dropped, and told how the attempt went before.
pub(crate) struct Right<'a> {
    admission: Option<Admission<'a>>,
    _permits: Permits<'a>,
    now: Instant,
}

/// The room to run, of the tool and of all tools together; given back when dropped.
struct Permits<'a> {
    _tool: Option<Permit<'a>>,
    _total: Option<Permit<'a>>,
}

/// What an attempt may use beyond the call: the call again, for a hedge, and a time limit of its own.
pub(crate) struct Means<'a> {
    pub(crate) spare: Option<&'a ToolCall>,
    pub(crate) timeout: Option<Duration>,
}

impl<'a, E: ToolExecutor> Site<'a, E> {
    /// Asks for the right to make an attempt; waits for it if it has to.
    pub(crate) async fn right(&self, now: Instant) -> Result<Right<'a>, ToolError> {
        match self.right_at_once(now)? {
            Some(right) => Ok(right),
            None => self.right_in_turn(now).await,
        }
    }

    /// Asks for the right to make an attempt; `None` if it has to be waited for.
    pub(crate) fn right_at_once(&self, now: Instant) -> Result<Option<Right<'a>>, ToolError> {
        let Some(permits) = self.free_permits() else { return Ok(None) };
        Ok(Some(Right { admission: self.admission(now)?, _permits: permits, now }))
    }

    /// Waits for the right to make an attempt.
    pub(crate) async fn right_in_turn(&self, now: Instant) -> Result<Right<'a>, ToolError> {
        // Boxed: only who has to wait pays for the room it takes.
        let permits = Box::pin(self.permits_in_turn(now)).await?;
        let now = self.shared.clock.now();
        Ok(Right { admission: self.admission(now)?, _permits: permits, now })
    }

    /// Starts the tool once, or twice if it is hedged, and adds to the trail how that went.
    pub(crate) async fn run(
        &self,
        mut call: ToolCall,
        means: &Means<'_>,
        right: Right<'_>,
        trail: &mut Trail,
    ) -> ToolResult {
        let until = self.start(&mut call, means, &right, trail);
        let mut result = {
            let mut work = pin!(self.inner.execute(call));
            match at_once(work.as_mut()).await {
                Poll::Ready(result) => result,
                Poll::Pending => self.wait(work, means, until, &right, trail).await,
            }
        };
        self.finish(&mut result, right, trail);
        result
    }

    /// Makes a call ready to be run; returns until when it may.
    pub(crate) fn start(
        &self,
        call: &mut ToolCall,
        means: &Means<'_>,
        right: &Right<'_>,
        trail: &mut Trail,
    ) -> Instant {
        let until = means.timeout.map_or(self.deadline.at, |time| self.deadline.at.min(right.now + time));
        #[cfg(planted)]
        let told = if tool_core::planted::active(tool_core::planted::Bug::DeadlineNotPassedDown) {
            until + crate::GuardPolicy::LONGEST
        } else {
            until
        };
        #[cfg(not(planted))]
        let told = until;
        call.limit_deadline(told);
        self.tool.counters.attempts();
        *trail = Trail { starts: trail.starts + 1, ended: Ended::Tool };
        until
    }

    /// Waits for a run that was not ready at once, until its time is over.
    pub(crate) async fn wait(
        &self,
        mut work: Pin<&mut impl Future<Output = ToolResult>>,
        means: &Means<'_>,
        until: Instant,
        right: &Right<'_>,
        trail: &mut Trail,
    ) -> ToolResult {
        let clock = &*self.shared.clock;
        let answer = match means.spare.and_then(|spare| Some((spare, self.hedge_at(right.now, until)?))) {
            None => rest_within(work, until, clock).await,
            Some((spare, hedge_at)) => match rest_within(work.as_mut(), hedge_at, clock).await {
                Some(result) => Some(result),
                // Boxed: only what is slow pays for the room it takes.
                None => Box::pin(self.hedged(work, spare, until, right.now, &mut trail.starts)).await,
            },
        };
        answer.unwrap_or_else(|| self.out_of_time(until, means, trail))
    }

    /// Looks at what came of a run, tells who wants to know, and gives the right back.
    pub(crate) fn finish(&self, result: &mut ToolResult, right: Right<'_>, trail: &Trail) {
        self.bound(result);
        if self.tool.measured {
            self.take_note(result, right.now, trail.ended, right.admission);
        }
    }

    #[cold]
    fn out_of_time(&self, until: Instant, means: &Means<'_>, trail: &mut Trail) -> ToolResult {
        if until < self.deadline.at {
            trail.ended = Ended::AttemptTimeout;
            self.tool.counters.attempt_timeouts();
            return Err(refusal::attempt_out_of_time(&self.tool.name, means.timeout.unwrap_or_default()));
        }
        trail.ended = Ended::Deadline;
        Err(refusal::out_of_time(&self.tool.name, &self.deadline))
    }

    /// Returns when a call is asked a second time, if it is before its time is over.
    fn hedge_at(&self, now: Instant, until: Instant) -> Option<Instant> {
        let delay = self.tool.hedge.as_ref()?.delay(&self.tool.vitals)?;
        now.checked_add(delay).filter(|at| *at < until)
    }

    /// Asks a second time, if that is allowed, and waits for whichever answers well first; the other is dropped.
    async fn hedged(
        &self,
        mut work: Pin<&mut impl Future<Output = ToolResult>>,
        spare: &ToolCall,
        until: Instant,
        begun: Instant,
        starts: &mut u32,
    ) -> Option<ToolResult> {
        let clock = &*self.shared.clock;
        let now = clock.now();
        let Some(permits) = self.may_hedge(now) else {
            self.tool.counters.hedge_refused();
            return within(work, until, clock).await;
        };
        // Counted as it starts: where the first answers just now, it never does.
        let mut second = pin!(async {
            self.tool.counters.hedged();
            self.tool.counters.attempts();
            *starts += 1;
            self.inner.execute(spare.clone().map_context(|context| context.with_deadline(until))).await
        });
        let raced = pin!(race(work.as_mut(), second.as_mut(), permits));
        let (winner, result) = within(raced, until, clock).await?;
        if winner == Winner::Second && result.is_ok() {
            self.tool.counters.hedge_won();
            // How long the first would have taken is not known, only that it is longer than this.
            self.tool.vitals.spread_only(clock.now().saturating_duration_since(begun));
        }
        Some(result)
    }

    /// Returns the permits of a second run, if budget, limits and breaker have room for one: a hedge never waits.
    fn may_hedge(&self, now: Instant) -> Option<Permits<'a>> {
        let closed = self.tool.breaker.as_ref().is_none_or(Breaker::is_closed);
        let permits = closed.then(|| self.free_permits()).flatten()?;
        self.tool.hedge.as_ref().is_some_and(|hedge| hedge.draw(now)).then_some(permits)
    }

    /// Returns the permits if they are free.
    fn free_permits(&self) -> Option<Permits<'a>> {
        let take = |limiter: Option<&'a Limiter>| match limiter {
            Some(limiter) => limiter.try_take().map(Some),
            None => Some(None),
        };
        Some(Permits { _tool: take(self.tool.limiter.as_ref())?, _total: take(self.shared.total.as_ref())? })
    }

    /// Waits for the permits: first that of the tool, so that a tool that hangs holds up nobody else.
    #[cold]
    async fn permits_in_turn(&self, now: Instant) -> Result<Permits<'a>, ToolError> {
        // Nobody should wait for what will be refused.
        self.is_left_alone(now)?;
        let mut both = pin!(async {
            let tool = self.turn(self.tool.limiter.as_ref()).await?;
            Ok(Permits { _tool: tool, _total: self.turn(self.shared.total.as_ref()).await? })
        });
        within(both.as_mut(), self.deadline.at, &*self.shared.clock).await.unwrap_or_else(|| {
            self.tool.counters.queue_timeouts();
            self.tool.counters.timed_out();
            Err(refusal::not_its_turn(&self.tool.name, &self.deadline))
        })
    }

    async fn turn(&self, limiter: Option<&'a Limiter>) -> Result<Option<Permit<'a>>, ToolError> {
        let Some(limiter) = limiter else { return Ok(None) };
        match limiter.try_take() {
            Some(permit) => Ok(Some(permit)),
            None => limiter.take().await.map(Some).map_err(|QueueFull| {
                self.tool.counters.shed();
                refusal::queue_full(&self.tool.name, limiter, self.tool.vitals.latency())
            }),
        }
    }

    fn is_left_alone(&self, now: Instant) -> Result<(), ToolError> {
        let Some(breaker) = &self.tool.breaker else { return Ok(()) };
        let status = breaker.status(now);
        if status.state == BreakerState::Open { Err(self.left_alone(status.next_attempt_at, now)) } else { Ok(()) }
    }

    fn admission(&self, now: Instant) -> Result<Option<Admission<'a>>, ToolError> {
        let Some(breaker) = &self.tool.breaker else { return Ok(None) };
        match breaker.admit(now, &self.tool.counters) {
            Ok(admission) => Ok(Some(admission)),
            Err(rejected) => Err(self.left_alone(rejected.next_attempt_at, now)),
        }
    }

    #[cold]
    fn left_alone(&self, next_attempt_at: Option<Instant>, now: Instant) -> ToolError {
        self.tool.counters.breaker_rejected();
        refusal::left_alone(&self.tool.name, next_attempt_at, now)
    }

    /// Replaces a result that may not pass.
    fn bound(&self, result: &mut ToolResult) {
        let (Some(policy), Ok(output)) = (&self.tool.result, &*result) else { return };
        if let Some(answer) = bulkhead::replaced(output, self.tool.spec.as_deref(), policy, &self.tool.counters) {
            *result = answer;
        }
    }

    /// Tells breaker, averages and adaptive limits how a run went.
    fn take_note(&self, result: &ToolResult, begun: Instant, ended: Ended, admission: Option<Admission<'_>>) {
        let now = self.shared.clock.now();
        let time = now.saturating_duration_since(begun);
        let verdict = self.verdict(result, time);
        match verdict {
            Verdict::Good | Verdict::Slow => self.tool.vitals.record(time, Outcome::Good),
            Verdict::Bad => self.tool.vitals.record(time, Outcome::Bad),
            Verdict::Nothing => {}
        }
        let limiters = [&self.tool.limiter, &self.shared.total].into_iter().flatten();
        for limiter in limiters.filter(|limiter| limiter.is_adaptive()) {
            if is_overload(result, ended) {
                limiter.observe(Load::Over);
            } else if verdict != Verdict::Nothing {
                limiter.observe(Load::Took(time));
            }
        }
        if let Some(admission) = admission {
            admission.settle(now, verdict);
        }
    }

    /// Says what a run tells of the tool.
    fn verdict(&self, result: &ToolResult, time: Duration) -> Verdict {
        let breaker = self.tool.breaker.as_ref();
        let slow = breaker.is_some_and(|breaker| time >= breaker.slow_call());
        let answered = if slow { Verdict::Slow } else { Verdict::Good };
        let Err(error) = result else { return answered };
        let failures = breaker.map_or_else(|| BreakerPolicy::default().failures, Breaker::failures);
        // A caller with little time must not be able to shut a tool off for the others.
        let callers_haste = error.kind() == ErrorKind::TimedOut && self.deadline.is_callers() && !slow;
        match error.execution() {
            _ if failures.contains(error.kind()) && !callers_haste => Verdict::Bad,
            Execution::Executed => answered,
            Execution::NotExecuted | Execution::Unknown => Verdict::Nothing,
        }
    }
}

fn is_overload(result: &ToolResult, ended: Ended) -> bool {
    let refused = matches!(result, Err(error) if error.kind() == ErrorKind::Overloaded);
    refused || ended != Ended::Tool
}
