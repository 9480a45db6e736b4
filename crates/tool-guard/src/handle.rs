//! What does the guard keep for one tool?

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tool_core::{AttemptPolicy, BreakerState, Clock, ToolName, ToolSignals, ToolSpec};

use crate::{
    GuardPolicy, ResultPolicy, ToolGuardStats, Validation,
    breaker::{Breaker, Groups},
    hedge::Hedge,
    latency::Vitals,
    limit::Limiter,
    random::Random,
    retry::{Retry, is_safe},
    stats::Counters,
};

/// How many calls count as a full load of a tool without a limit.
const NOMINAL: f64 = 64.0;

/// What the guard keeps for one tool: made at its first call, then found by its number.
#[derive(Debug)]
pub(crate) struct Handle {
    pub(crate) name: ToolName,
    /// Whether it may run twice for one call.
    pub(crate) safe: bool,
    /// Whether anything wants to know how long a run takes.
    pub(crate) measured: bool,
    pub(crate) timeout: Duration,
    pub(crate) counters: Counters,
    pub(crate) vitals: Vitals,
    pub(crate) limiter: Option<Limiter>,
    pub(crate) breaker: Option<Breaker>,
    pub(crate) retry: Option<Retry>,
    pub(crate) hedge: Option<Hedge>,
    pub(crate) result: Option<ResultPolicy>,
    /// The specification, where results are validated against it.
    pub(crate) spec: Option<Arc<ToolSpec>>,
}

impl Handle {
    pub(crate) fn new(
        spec: &Arc<ToolSpec>,
        policy: &GuardPolicy,
        groups: &Groups,
        random: &Random,
        now: Instant,
    ) -> Self {
        let rules = policy.rules_of(spec.name());
        let limiter = Limiter::new(rules.limit);
        let hedge = rules.hedge.filter(|_| is_safe(spec));
        #[cfg(planted)]
        let hedge = if tool_core::planted::active(tool_core::planted::Bug::WritesHedged) { rules.hedge } else { hedge };
        let adaptive = rules.limit.bounds().or(policy.total().bounds()).is_some();
        let group = || spec.group().map(|name| groups.join(name));
        Self {
            name: spec.name().clone(),
            safe: is_safe(spec),
            measured: adaptive || rules.breaker.is_some() || hedge.is_some(),
            timeout: rules.timeout,
            counters: Counters::default(),
            vitals: Vitals::new(hedge.as_ref().and_then(Hedge::quantile)),
            limiter,
            breaker: rules.breaker.map(|policy| Breaker::new(policy, group(), random.fork(), now)),
            retry: rules.retry.map(|policy| Retry::new(policy, now)),
            hedge: hedge.map(|policy| Hedge::new(policy, now)),
            result: rules.result,
            spec: rules.result.filter(|result| result.validation != Validation::Off).map(|_| Arc::clone(spec)),
        }
    }

    /// Returns how often the tool may be started for a call with these wishes.
    pub(crate) fn attempts(&self, wishes: AttemptPolicy) -> u32 {
        self.retry.as_ref().map_or(1, |retry| retry.attempts(wishes))
    }

    pub(crate) fn stats(&self, clock: &dyn Clock) -> ToolGuardStats {
        ToolGuardStats {
            name: self.name.clone(),
            counts: self.counters.snapshot(),
            in_flight: self.counters.in_flight(),
            waiting: self.limiter.as_ref().map_or(0, Limiter::waiting),
            limit: self.limiter.as_ref().map(Limiter::size),
            breaker: self.breaker_state(clock),
        }
    }

    pub(crate) fn signals(&self, clock: &dyn Clock) -> ToolSignals {
        let mut signals = ToolSignals::default().with_load(self.load());
        signals.latency = self.vitals.latency();
        signals.health = self.vitals.health();
        signals.breaker = self.breaker_state(clock);
        signals
    }

    fn breaker_state(&self, clock: &dyn Clock) -> Option<BreakerState> {
        Some(self.breaker.as_ref()?.status(clock.now()).state)
    }

    /// Returns which share of what may run is on its way, what waits included; at most 1.
    fn load(&self) -> f64 {
        let room = self.limiter.as_ref().map_or(NOMINAL, |limiter| f64::from(limiter.size()));
        #[expect(clippy::cast_precision_loss, reason = "calls in flight are far below 2^53")]
        let in_flight = self.counters.in_flight() as f64;
        (in_flight / room).min(1.0)
    }
}
