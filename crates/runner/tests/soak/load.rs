//! Who asks what, and how?

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use runner::tool_core::{CacheControl, CacheMode, CallContext, Clock, Params, SystemClock, ToolResult};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{
    chance::Chance,
    stand::{MALLORY, Stand},
};

/// How many callers there are at once.
const CALLERS: usize = 64;
/// How many there are in all: far more than any table keeps apart.
const TENANTS: u64 = 300;
const PRINCIPALS: u64 = 20;
/// Most ask for few things, a few for many: new keys never end.
const QUESTIONS: [u64; 3] = [20, 500, 1 << 40];

/// One call, drawn by its number.
struct Plan {
    tool: &'static str,
    tenant: String,
    principal: String,
    n: u64,
    mode: CacheMode,
    /// How long the caller has.
    time: Option<Duration>,
    /// After which time it leaves.
    leave: Option<Duration>,
}

impl Plan {
    fn of(number: u64) -> Self {
        let mut chance = Chance::of(!number);
        let tool = match chance.below(100) {
            0..=29 => "soak.own",
            30..=64 => "soak.team",
            65..=89 => "soak.open",
            90..=95 => "soak.write",
            _ => "compose.pair",
        };
        let mode = match chance.below(100) {
            0..=4 => CacheMode::Bypass,
            5..=8 => CacheMode::Refresh,
            9..=11 => CacheMode::OnlyIfCached,
            _ => CacheMode::Use,
        };
        let questions = QUESTIONS[usize::try_from(chance.below(10)).unwrap_or(0).saturating_sub(7).min(2)];
        let few = chance.below(4) > 0;
        let tenant = if few { chance.below(3) } else { chance.below(TENANTS) };
        let principal =
            if chance.below(200) == 0 { MALLORY.to_owned() } else { format!("p{}", chance.below(PRINCIPALS)) };
        Self {
            tool,
            tenant: format!("t{tenant}"),
            principal,
            n: chance.below(questions),
            mode,
            time: (chance.below(50) == 0).then(|| Duration::from_micros(chance.below(3_000))),
            leave: (chance.below(50) == 0).then(|| Duration::from_micros(chance.below(2_000))),
        }
    }
}

/// Makes all calls.
pub(crate) async fn run(stand: &Arc<Stand>) {
    let callers: Vec<_> = (0..CALLERS).map(|_| tokio::spawn(caller(Arc::clone(stand)))).collect();
    for caller in callers {
        if let Err(error) = caller.await {
            stand.fail(format!("a caller's task ended: {error}"));
        }
    }
}

async fn caller(stand: Arc<Stand>) {
    loop {
        let number = stand.next.fetch_add(1, Ordering::Relaxed);
        if number >= stand.calls {
            return;
        }
        let plan = Plan::of(number);
        let outcome = match plan.leave {
            Some(after) => timeout(after, ask(&stand, &plan)).await.unwrap_or("left"),
            None => ask(&stand, &plan).await,
        };
        stand.ended(outcome);
    }
}

async fn ask(stand: &Stand, plan: &Plan) -> &'static str {
    let context = CallContext::new(plan.tenant.as_str(), plan.principal.as_str());
    let context = context.with_cache(CacheControl::mode(plan.mode));
    let clock = SystemClock::new();
    let context = plan.time.into_iter().fold(context, |context, time| context.with_deadline(clock.now() + time));
    let Value::Object(params) = json!({"n": plan.n}) else { unreachable!("an object") };
    let result = stand.runner.call(plan.tool, Params::from(params), context).await;
    judge(stand, plan, &result)
}

fn judge(stand: &Stand, plan: &Plan, result: &ToolResult) -> &'static str {
    let output = match result {
        Ok(output) => output,
        Err(error) => return error.kind().as_str(),
    };
    let value = output.payload.value();
    let who = match plan.tool {
        "soak.own" => json!([plan.tenant, plan.principal]),
        "soak.team" => json!([plan.tenant]),
        "soak.open" => json!([]),
        _ => return output.report.origin.as_str(),
    };
    if value["who"] != who || value["n"] != plan.n {
        stand.fail(format!("{} of {} got {value} to n = {} of {}", plan.principal, plan.tenant, plan.n, plan.tool));
    }
    if plan.principal == MALLORY {
        stand.fail(format!("{MALLORY} got an answer of {}", plan.tool));
    }
    output.report.origin.as_str()
}
