//! How much slower are nine healthy tools while a tenth hangs?
//!
//! Open load: every tool is called at a fixed rate, whether its last call has ended or not, and a call's latency counts
//! from the moment it was due. Latencies of the tools are thrown from a fixed seed, the same with the fault and without.

use std::sync::Arc;
use std::time::Duration;

use benches::dice::Dice;
use serde_json::json;
use tokio::runtime::Builder;
use tokio::task::JoinSet;
use tokio::time::{interval, sleep};
use tool_core::{
    CallContext, Clock, Effect, Params, SystemClock, ToolCall, ToolExecutor, ToolHandle, ToolOutput, ToolRegistry,
    ToolResult, ToolSpec, testing::TokioClock, tool_fn,
};
use tool_guard::{GuardPolicy, GuardedExecutor};

use crate::Outcome;
use crate::row::Row;

const TOOLS: usize = 10;
/// Of each tool.
const CALLS_PER_SECOND: u32 = 100;
/// Of virtual time: long enough for calls that hang to run into their deadline many times over.
const SECONDS: u32 = 60;
/// Of real time, in each of the turns.
const REAL_SECONDS: u32 = 2;
const TURNS: u64 = 3;
const BOUND: f64 = 1.25;

/// How the tenth tool is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tenth {
    Well,
    Hangs,
}

/// Measures with everything on and with limits alone in virtual time, and with everything on in real time.
pub(super) fn run() -> Outcome<Vec<Row>> {
    let limits = GuardPolicy::builder().retry(None).breaker(None).build()?;
    let row =
        |case, [ours, calm]: [f64; 2]| Row::new("guard", case, "ms", ours).beside("all well", calm).at_most(BOUND);
    Ok(vec![
        row("one of ten hangs: p99 of the nine", virtually(&GuardPolicy::default(), SECONDS)?),
        row("the same, limits and deadlines alone", virtually(&limits, SECONDS)?),
        row("one of ten hangs: p99 of the nine, real clock", really(&GuardPolicy::default())?),
    ])
}

/// Returns the 99th percentiles with the fault and without, in milliseconds of virtual time.
fn virtually(policy: &GuardPolicy, seconds: u32) -> Outcome<[f64; 2]> {
    let run = |tenth| {
        let runtime = Builder::new_current_thread().enable_time().start_paused(true).build()?;
        let load = async { Load::new(policy.clone(), Arc::new(TokioClock::new()), tenth)?.run(seconds, 7).await };
        Outcome::Ok(p99(runtime.block_on(load)?))
    };
    Ok([run(Tenth::Hangs)?, run(Tenth::Well)?])
}

/// Returns the same of real time, over turns with the fault and without.
fn really(policy: &GuardPolicy) -> Outcome<[f64; 2]> {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_time().build()?;
    let (mut faulty, mut calm) = (Vec::new(), Vec::new());
    for turn in 0..TURNS {
        for (tenth, times) in [(Tenth::Hangs, &mut faulty), (Tenth::Well, &mut calm)] {
            let load = Load::new(policy.clone(), Arc::new(SystemClock::new()), tenth)?;
            times.extend(runtime.block_on(load.run(REAL_SECONDS, turn))?);
        }
    }
    Ok([p99(faulty), p99(calm)])
}

/// Ten tools behind one guard.
struct Load {
    guard: Arc<GuardedExecutor<ToolRegistry>>,
    tools: Vec<ToolHandle>,
    clock: Arc<dyn Clock>,
}

impl Load {
    fn new(policy: GuardPolicy, clock: Arc<dyn Clock>, tenth: Tenth) -> Outcome<Self> {
        let registry = ToolRegistry::new();
        let mut tools = Vec::new();
        for at in 0..TOOLS {
            let hangs = at == TOOLS - 1 && tenth == Tenth::Hangs;
            let spec = ToolSpec::builder(&format!("up.t{at}"), "Takes as long as it is told.").effect(Effect::Reads);
            tools.push(registry.register(tool_fn(spec.build()?, move |call| work(call, hangs)))?);
        }
        let guard = GuardedExecutor::new(registry, policy).with_clock(Arc::clone(&clock)).with_seed(7);
        Ok(Self { guard: Arc::new(guard), tools, clock })
    }

    /// Calls every tool at its rate; returns how long the calls of the first nine took, in milliseconds.
    async fn run(&self, seconds: u32, seed: u64) -> Outcome<Vec<f64>> {
        let mut dice = Dice::new(seed);
        let mut healthy = JoinSet::new();
        let mut others = JoinSet::new();
        let mut arrivals = interval(Duration::from_secs(1) / CALLS_PER_SECOND);
        for _ in 0..CALLS_PER_SECOND * seconds {
            let due = arrivals.tick().await.into_std();
            for (at, tool) in self.tools.iter().enumerate() {
                let params = Params::try_from(json!({"seconds": dice.lognormal(0.02, 0.5)}))?;
                let (guard, clock) = (Arc::clone(&self.guard), Arc::clone(&self.clock));
                let call = tool.call(params, CallContext::new("acme", "ann"));
                let calls = if at < TOOLS - 1 { &mut healthy } else { &mut others };
                calls.spawn(async move { guard.execute(call).await.map(|_| clock.now() - due) });
            }
        }
        // Those that hang are dropped with their set.
        let took: Result<Vec<Duration>, _> = healthy.join_all().await.into_iter().collect();
        Ok(took?.into_iter().map(|took| took.as_secs_f64() * 1e3).collect())
    }
}

async fn work(call: ToolCall, hangs: bool) -> ToolResult {
    if hangs {
        std::future::pending::<()>().await;
    }
    let seconds = call.params().get("seconds").and_then(serde_json::Value::as_f64).unwrap_or_default();
    sleep(Duration::from_secs_f64(seconds)).await;
    ToolOutput::json(&1)
}

fn p99(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() * 99 / 100]
}

#[cfg(test)]
mod tests {
    use super::*;
    use tool_guard::LimitPolicy;

    #[test]
    fn limit_of_all_alone_lets_a_hang_through() {
        let shared = LimitPolicy::fixed(200).queue(1_000_000);
        let policy = GuardPolicy::builder().retry(None).breaker(None).limit(LimitPolicy::unlimited()).total(shared);
        let [faulty, calm] = virtually(&policy.build().unwrap(), 5).unwrap();
        assert!(faulty > calm * 10.0, "{faulty} and {calm}");
    }

    #[test]
    fn p99_is_at_most_that_of_one_in_a_hundred() {
        let times: Vec<f64> = (0..1000).rev().map(f64::from).collect();
        assert!((p99(times) - 990.0).abs() < f64::EPSILON);
    }
}
