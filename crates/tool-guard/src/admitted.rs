//! May this principal make this call at all?

use std::{fmt, sync::Arc, time::Instant};

use tool_core::{Clock, Decision, ErrorKind, Policy, SystemClock, ToolCall, ToolError, ToolExecutor, ToolResult};

use crate::admission::{Gate, Inside, RateLimiter, Reason, RefusalCounts, Refusals, Who};

/// Asks before anything else happens to a call: stands above the cache, so that no answer skips it.
///
/// In this order: is the [`Gate`] open, does the [`Policy`] allow it, is something left of the rates and quotas of the
/// [`RateLimiter`]. What the policy denies uses up nothing. The policy is asked about every call; rates and quotas count
/// what a caller asks for, not the calls that a composition makes for it.
///
/// A refused call did not run and is counted by reason: it fails with [`ErrorKind::Denied`], with a
/// [`retry_after`](ToolError::retry_after) where a rate or a quota is used up, or with [`ErrorKind::Unavailable`] at a shut
/// gate. An admitted one costs the policy's own time, and what gate and limiter say they cost.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use tool_core::{AllowAll, ToolRegistry};
/// use tool_guard::{AdmittedExecutor, Rate, RateLimiter, RateLimits};
///
/// let limits = RateLimits::builder().tenant_rate(Rate::per_second(100)).build()?;
/// let admitted = AdmittedExecutor::new(ToolRegistry::new(), Arc::new(AllowAll::new()))
///     .with_rates(Arc::new(RateLimiter::new(limits)));
/// assert_eq!(admitted.refusals().total(), 0);
/// # Ok::<(), tool_guard::AdmissionError>(())
/// ```
pub struct AdmittedExecutor<E> {
    inner: E,
    policy: Option<Arc<dyn Policy>>,
    rates: Option<Arc<RateLimiter>>,
    gate: Option<Arc<Gate>>,
    clock: Arc<dyn Clock>,
    refusals: RefusalCounts,
}

impl<E> AdmittedExecutor<E> {
    /// Puts a policy before an executor.
    #[must_use]
    pub fn new(inner: E, policy: Arc<dyn Policy>) -> Self {
        Self { policy: Some(policy), ..Self::disabled(inner) }
    }

    /// Puts nothing before an executor: every call passes, for one branch each of policy, rates and gate.
    #[must_use]
    pub fn disabled(inner: E) -> Self {
        let (clock, refusals) = (Arc::new(SystemClock::new()), RefusalCounts::default());
        Self { inner, policy: None, rates: None, gate: None, clock, refusals }
    }

    /// Limits how often tenants and principals call.
    #[must_use]
    pub fn with_rates(mut self, rates: Arc<RateLimiter>) -> Self {
        self.rates = Some(rates);
        self
    }

    /// Puts a gate first, which a shutdown can shut.
    #[must_use]
    pub fn with_gate(mut self, gate: Arc<Gate>) -> Self {
        self.gate = Some(gate);
        self
    }

    /// Sets the clock that is read where the call does not say when it was [received](tool_core::CallContext::received).
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

    /// Returns what limits how often is called, if anything does.
    #[must_use]
    pub fn rates(&self) -> Option<&Arc<RateLimiter>> {
        self.rates.as_ref()
    }

    /// Returns the gate, if there is one.
    #[must_use]
    pub fn gate(&self) -> Option<&Arc<Gate>> {
        self.gate.as_ref()
    }

    /// Returns how many calls were denied so far: by the policy, a rate or a quota.
    #[must_use]
    pub fn denied(&self) -> u64 {
        let refusals = self.refusals();
        refusals.total() - refusals.draining
    }

    /// Returns how many calls were not admitted so far, by reason.
    #[must_use]
    pub fn refusals(&self) -> Refusals {
        self.refusals.read()
    }

    /// Admits a call that does not go through [`execute`](ToolExecutor::execute); it counts as running until what is
    /// returned is dropped.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Denied`] by the policy, or with a [`retry_after`](ToolError::retry_after) by a rate or a quota;
    /// [`ErrorKind::Unavailable`] if the gate is shut. The call did not run.
    pub fn admit(&self, call: &ToolCall) -> Result<Admission<'_>, ToolError> {
        if self.rates.is_none() && self.gate.is_none() {
            self.ask(call)?;
            return Ok(Admission { _inside: None });
        }
        let now = call.context().received().unwrap_or_else(|| self.clock.now());
        let inside = self.enter(call, now)?;
        self.ask(call)?;
        self.take(call, now)?;
        Ok(Admission { _inside: inside })
    }

    fn enter(&self, call: &ToolCall, now: Instant) -> Result<Option<Inside<'_>>, ToolError> {
        let Some(gate) = &self.gate else { return Ok(None) };
        gate.enter(call, now).map(Some).inspect_err(|_| self.refusals.add(Reason::Draining))
    }

    fn ask(&self, call: &ToolCall) -> Result<(), ToolError> {
        #[cfg(planted)]
        if call.context().cache().mode == tool_core::CacheMode::OnlyIfCached
            && tool_core::planted::active(tool_core::planted::Bug::PolicySkippedForCached)
        {
            return Ok(());
        }
        let Some(policy) = &self.policy else { return Ok(()) };
        match policy.decide(call.context(), call.spec()) {
            Decision::Allow => Ok(()),
            Decision::Deny(reason) => {
                self.refusals.add(Reason::Policy);
                Err(denial(call, &reason))
            }
        }
    }

    /// Takes a call from what its caller may use; what a composition calls was taken with the composition.
    fn take(&self, call: &ToolCall, now: Instant) -> Result<(), ToolError> {
        #[cfg(planted)]
        if tool_core::planted::active(tool_core::planted::Bug::RatesIgnored) {
            return Ok(());
        }
        match &self.rates {
            Some(rates) if call.context().depth() == 0 => rates.take(call.context(), now).map_err(|who| {
                self.refusals.add(who.used_up().reason);
                used_up(call, rates, who)
            }),
            _ => Ok(()),
        }
    }
}

#[cold]
fn denial(call: &ToolCall, reason: &str) -> ToolError {
    let message = format!("`{}` may not call {}: {reason}", call.context().principal(), call.spec().name());
    let mut error = ToolError::new(ErrorKind::Denied, message);
    error.report_mut().attempts = 0;
    error
}

#[cold]
fn used_up(call: &ToolCall, rates: &RateLimiter, who: Who) -> ToolError {
    denial(call, &rates.explain(call.context(), who)).with_retry_after(who.used_up().wait)
}

/// A call that was admitted; it counts as running until this is dropped.
#[derive(Debug)]
#[must_use = "a call is inside only as long as this is kept"]
pub struct Admission<'a> {
    _inside: Option<Inside<'a>>,
}

impl<E: ToolExecutor> ToolExecutor for AdmittedExecutor<E> {
    async fn execute(&self, call: ToolCall) -> ToolResult {
        let _admission = self.admit(&call)?;
        self.inner.execute(call).await
    }
}

impl<E: fmt::Debug> fmt::Debug for AdmittedExecutor<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AdmittedExecutor")
            .field("policy", &self.policy)
            .field("rates", &self.rates)
            .field("gate", &self.gate)
            .field("refusals", &self.refusals())
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}
