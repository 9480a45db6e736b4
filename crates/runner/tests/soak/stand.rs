//! What is soaked, and what is left of it?

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use runner::{
    Runner,
    tool_cache::CachePolicy,
    tool_core::{CallContext, Decision, Policy, ToolSpec},
    tool_guard::{BreakerPolicy, GuardPolicy, HedgeAfter, HedgePolicy, LimitPolicy, ResultPolicy, RetryPolicy},
};
use serde_json::json;
use tokio::{runtime::Handle, time::sleep};

use crate::{
    memory::resident,
    tools::{self, FAULTS, Runs},
};

/// A runner with small bounds and short times, so that all of them are reached all the time.
pub(crate) struct Stand {
    pub(crate) runner: Runner,
    pub(crate) calls: u64,
    pub(crate) next: AtomicU64,
    runs: Arc<Runs>,
    doorman: Arc<Doorman>,
    ended: AtomicU64,
    outcomes: Mutex<BTreeMap<&'static str, u64>>,
    failures: Mutex<Vec<String>>,
    readings: Mutex<Vec<Reading>>,
}

/// What was there after so many calls.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    pub(crate) calls: u64,
    pub(crate) resident: Option<u64>,
    pub(crate) tasks: usize,
}

/// All that a soak shows.
#[derive(Debug)]
pub(crate) struct Soaked {
    pub(crate) calls: u64,
    pub(crate) readings: Vec<Reading>,
    pub(crate) outcomes: BTreeMap<&'static str, u64>,
    pub(crate) fired: Vec<(&'static str, u64)>,
    pub(crate) runs: u64,
    pub(crate) tasks_left: usize,
    pub(crate) failures: Vec<String>,
}

/// A policy that denies one principal, and counts.
#[derive(Debug, Default)]
struct Doorman(AtomicU64);

/// Who may call nothing.
pub(crate) const MALLORY: &str = "mallory";

impl Policy for Doorman {
    fn decide(&self, context: &CallContext, _spec: &ToolSpec) -> Decision {
        self.0.fetch_add(1, Ordering::Relaxed);
        if context.principal() == MALLORY { Decision::deny("not her") } else { Decision::Allow }
    }
}

/// At which shares of the calls memory is read, in percent.
const READ_AT: [u64; 3] = [10, 50, 100];

impl Stand {
    pub(crate) fn build(calls: u64) -> Self {
        let (runs, doorman) = (Arc::new(Runs::default()), Arc::new(Doorman::default()));
        let composition = json!({
            "name": "pair",
            "description": "Asks two tools.",
            "params": {"n": {"type": "integer", "required": true}},
            "steps": [
                {"id": "team", "tool": "soak.team", "params": {"n": "${params.n}"}, "on_error": "skip"},
                {"id": "own", "tool": "soak.own", "params": {"n": "${params.n}"}},
            ],
        });
        let runner = Runner::builder()
            .cache(cache())
            .guard(guard())
            .policy(doorman.clone())
            .tools(tools::all(&runs))
            .composition(serde_json::from_value(composition).unwrap())
            .build()
            .unwrap();
        Self {
            runner,
            calls,
            next: AtomicU64::new(0),
            runs,
            doorman,
            ended: AtomicU64::new(0),
            outcomes: Mutex::default(),
            failures: Mutex::default(),
            readings: Mutex::default(),
        }
    }

    /// Notes that a call has ended, as what.
    pub(crate) fn ended(&self, outcome: &'static str) {
        *self.outcomes.lock().unwrap_or_else(PoisonError::into_inner).entry(outcome).or_default() += 1;
        let ended = self.ended.fetch_add(1, Ordering::Relaxed) + 1;
        if READ_AT.iter().any(|share| ended == self.calls * share / 100) {
            let reading =
                Reading { calls: ended, resident: resident(), tasks: Handle::current().metrics().num_alive_tasks() };
            self.readings.lock().unwrap_or_else(PoisonError::into_inner).push(reading);
        }
    }

    pub(crate) fn fail(&self, what: String) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() < 20 {
            failures.push(what);
        }
    }

    /// Waits until nothing runs any more, and judges what is left.
    pub(crate) async fn settle(&self) -> Soaked {
        let metrics = Handle::current().metrics();
        // What hangs is stopped at its limit, far below these ten seconds.
        for _ in 0..1000 {
            if metrics.num_alive_tasks() == 0 {
                break;
            }
            sleep(Duration::from_millis(10)).await;
        }
        let drained = self.runner.shutdown(Duration::from_secs(1)).await;
        let guarded = self.runner.pipeline().inner().inner().inner();
        let counts = guarded.stats().total;
        self.compare("calls that ended", self.ended.load(Ordering::Relaxed), self.calls);
        self.compare("calls that a shutdown finds", drained.abandoned.len() as u64, 0);
        self.compare("calls in the guard", guarded.in_flight().total(), 0);
        self.compare("runs of tools", self.runs.live.load(Ordering::Relaxed), 0);
        self.compare("starts of tools", counts.attempts, self.runs.started.load(Ordering::Relaxed));
        self.compare("ends of guarded calls", counts.succeeded + counts.failed + counts.cancelled, counts.started);
        let traced = self.runner.tracer().performance_stats().iter().map(|stats| stats.calls).sum();
        self.compare("traced calls", traced, self.doorman.0.load(Ordering::Relaxed));
        self.compare("tasks", metrics.num_alive_tasks() as u64, 0);
        Soaked {
            calls: self.calls,
            readings: self.readings.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            outcomes: self.outcomes.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            fired: FAULTS
                .iter()
                .zip(&self.runs.fired)
                .map(|((name, _), fired)| (*name, fired.load(Ordering::Relaxed)))
                .collect(),
            runs: self.runs.started.load(Ordering::Relaxed),
            tasks_left: metrics.num_alive_tasks(),
            failures: self.failures.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }

    fn compare(&self, what: &str, got: u64, expected: u64) {
        if got != expected {
            self.fail(format!("{what}: {got}, expected {expected}"));
        }
    }
}

fn cache() -> CachePolicy {
    CachePolicy::builder()
        .max_entries(8_000)
        .max_bytes(16 << 20)
        .max_flights(64)
        .max_orphans(8)
        .default_ttl(Duration::from_millis(200))
        .negative_ttl(Duration::from_millis(10))
        .stale_while_revalidate(Duration::from_millis(20))
        .stale_if_error(Duration::from_millis(40))
        .retry_interval(Duration::from_millis(5))
        .jitter(0.1)
        .early_refresh(1.0)
        .build()
        .unwrap()
}

fn guard() -> GuardPolicy {
    let retry = RetryPolicy::default().attempt_timeout(Duration::from_millis(10)).backoff(Duration::from_millis(1));
    let breaker = BreakerPolicy::default().open_for(Duration::from_millis(5)).max_open(Duration::from_millis(40));
    let hedge = HedgePolicy::default().after(HedgeAfter::Delay(Duration::from_millis(1)));
    GuardPolicy::builder()
        .default_timeout(Duration::from_millis(30))
        .max_timeout(Duration::from_millis(50))
        .limit(LimitPolicy::fixed(24).queue(12))
        .total(LimitPolicy::fixed(48).queue(24))
        .retry(retry.max_backoff(Duration::from_millis(4)))
        .breaker(breaker.lease(Duration::from_millis(20)).failure_share(0.8))
        .hedge(hedge)
        .result(ResultPolicy::default().max_bytes(10_000))
        .build()
        .unwrap()
}
