use std::{sync::Arc, time::Duration};

use tool_core::{
    AttemptPolicy, Clock, Effect, ErrorKind, Execution, Signals, ToolCall, ToolExecutor, ToolRegistry, ToolResult,
    testing::TokioClock,
};
use tool_guard::{GuardPolicy, GuardedExecutor, LimitPolicy};

use crate::scripted::{Bench, Script, ann};

const SECOND: Duration = Duration::from_secs(1);

fn guard(bench: &Bench, policy: GuardPolicy) -> Arc<GuardedExecutor<Arc<ToolRegistry>>> {
    Arc::new(GuardedExecutor::new(Arc::clone(&bench.registry), policy).with_clock(Arc::new(TokioClock::new())))
}

fn limited(calls: u32, waiting: u32) -> GuardPolicy {
    GuardPolicy::builder().limit(LimitPolicy::fixed(calls).queue(waiting)).build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn hanging_tool_times_out_at_the_default() {
    let (bench, clock) = (Bench::new(Script::Hang), TokioClock::new());
    let policy = GuardPolicy::builder().retry(None).build().unwrap();
    let (guard, before) = (guard(&bench, policy), clock.now());
    let error = guard.execute(bench.call(ann())).await.unwrap_err();
    assert_eq!((error.kind(), error.execution()), (ErrorKind::TimedOut, Execution::Unknown));
    assert_eq!(error.to_string(), "x.work did not end within 30s (the guard's default timeout)");
    assert_eq!((clock.now() - before).as_secs(), 30);
    assert_eq!((bench.ended(), guard.in_flight().total(), guard.timed_out()), (1, 0, 1));
}

#[tokio::test(start_paused = true)]
async fn passed_deadline_never_starts() {
    let bench = Bench::new(Script::Hang);
    let guard = guard(&bench, GuardPolicy::default());
    let error = guard.execute(bench.call(ann().with_deadline(TokioClock::new().now()))).await.unwrap_err();
    assert_eq!((error.kind(), error.execution()), (ErrorKind::TimedOut, Execution::NotExecuted));
    assert_eq!(error.to_string(), "no time was left to start x.work (the caller's deadline)");
    assert_eq!((error.report().attempts, bench.started(), guard.timed_out()), (0, 0, 1));
}

#[tokio::test(start_paused = true)]
async fn work_in_time_is_answered_with_a_deadline() {
    let bench = Bench::new(Script::Sleep(29 * SECOND));
    let policy = GuardPolicy::builder().retry(None).build().unwrap();
    let output = guard(&bench, policy).execute(bench.call(ann())).await.unwrap();
    assert_eq!(output.payload.as_str(), "true");
}

#[tokio::test(start_paused = true)]
async fn step_timeout_cuts_short() {
    let bench = Bench::new(Script::Sleep(3 * SECOND));
    let step = AttemptPolicy::default().with_timeout(2 * SECOND);
    let error = guard(&bench, GuardPolicy::default()).execute(bench.call(ann().with_attempts(step))).await.unwrap_err();
    assert_eq!(error.to_string(), "x.work did not end within 2s (the step's timeout)");
}

#[tokio::test(start_paused = true)]
async fn nested_guard_never_outlives_the_outer() {
    let (bench, clock) = (Bench::new(Script::Hang), TokioClock::new());
    let inner = guard(&bench, GuardPolicy::default());
    let policy = GuardPolicy::builder().default_timeout(2 * SECOND).build().unwrap();
    let (outer, before) = (GuardedExecutor::new(inner, policy), clock.now());
    let error = outer.with_clock(Arc::new(TokioClock::new())).execute(bench.call(ann())).await.unwrap_err();
    assert_eq!((error.kind(), (clock.now() - before).as_secs()), (ErrorKind::TimedOut, 2));
}

#[tokio::test(start_paused = true)]
async fn dropped_caller_drops_the_work() {
    let bench = Bench::new(Script::Hang);
    let guard = guard(&bench, GuardPolicy::default());
    let waiting = tokio::time::timeout(SECOND, guard.execute(bench.call(ann()))).await;
    assert!(waiting.is_err());
    assert_eq!((bench.started(), bench.ended(), guard.in_flight().total(), guard.timed_out()), (1, 1, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn aborted_task_gives_its_place_back() {
    let bench = Bench::new(Script::Hang);
    let (guard, call) = (guard(&bench, GuardPolicy::default()), bench.call(ann()));
    let task = tokio::spawn({
        let guard = Arc::clone(&guard);
        async move { guard.execute(call).await }
    });
    tokio::task::yield_now().await;
    assert_eq!(guard.in_flight().total(), 1);
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    assert_eq!((bench.ended(), guard.in_flight().total()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn panicking_tool_gives_its_place_back() {
    let bench = Bench::new(Script::Panic);
    let guard = guard(&bench, GuardPolicy::default());
    let error = guard.execute(bench.call(ann())).await.unwrap_err();
    assert_eq!((error.kind(), guard.in_flight().total()), (ErrorKind::Panicked, 0));
}

#[tokio::test(start_paused = true)]
async fn load_is_share_of_the_limit() {
    let bench = Bench::new(Script::Sleep(SECOND));
    let guard = guard(&bench, limited(4, 0));
    let load = || guard.in_flight().read(bench.tool.id()).load;
    let calls = (0..3).map(|_| {
        let (guard, call) = (Arc::clone(&guard), bench.call(ann()));
        tokio::spawn(async move { guard.execute(call).await })
    });
    let calls: Vec<_> = calls.collect();
    tokio::task::yield_now().await;
    assert_eq!((guard.in_flight().of(bench.tool.id()), load()), (3, Some(0.75)));
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(load(), Some(0.0));
}

#[tokio::test(start_paused = true)]
async fn load_is_never_over_one() {
    let bench = Bench::new(Script::Hang);
    let guard = guard(&bench, limited(1, 1));
    for _ in 0..2 {
        let (guard, call) = (Arc::clone(&guard), bench.call(ann()));
        tokio::spawn(async move { guard.execute(call).await });
    }
    tokio::task::yield_now().await;
    assert_eq!((guard.in_flight().total(), guard.in_flight().read(bench.tool.id()).load), (2, Some(1.0)));
}

#[tokio::test(start_paused = true)]
async fn composite_takes_a_deadline_only() {
    let bench = Bench::with_effect(Script::Hang, Effect::Composite);
    let (guard, call) = (guard(&bench, GuardPolicy::default()), bench.call(ann()));
    let task = tokio::spawn({
        let guard = Arc::clone(&guard);
        async move { guard.execute(call).await }
    });
    tokio::task::yield_now().await;
    assert_eq!((bench.started(), guard.in_flight().total()), (1, 0));
    assert_eq!(task.await.unwrap().unwrap_err().kind(), ErrorKind::TimedOut);
}

#[tokio::test(start_paused = true)]
async fn disabled_guard_bounds_nothing() {
    let bench = Bench::new(Script::Sleep(1000 * SECOND));
    let guard = guard(&bench, GuardPolicy::builder().enabled(false).build().unwrap());
    let output = guard.execute(bench.call(ann())).await.unwrap();
    assert_eq!((output.payload.as_str(), guard.timed_out()), ("false", 0));
}

/// An executor that panics itself: the registry isolates tools, but nothing isolates a layer.
struct Panicking;

impl ToolExecutor for Panicking {
    async fn execute(&self, _call: ToolCall) -> ToolResult {
        tokio::task::yield_now().await;
        panic!("scripted")
    }
}

#[tokio::test(start_paused = true)]
async fn panicking_layer_leaves_nothing_behind() {
    let (bench, policy) = (Bench::new(Script::Hang), limited(1, 0));
    let guard = Arc::new(GuardedExecutor::new(Panicking, policy).with_clock(Arc::new(TokioClock::new())));
    for _ in 0..3 {
        let (guard, call) = (Arc::clone(&guard), bench.call(ann()));
        assert!(tokio::spawn(async move { guard.execute(call).await }).await.unwrap_err().is_panic());
    }
    let counts = guard.stats().total;
    assert_eq!((counts.started, counts.cancelled, counts.shed, guard.in_flight().total()), (3, 3, 0, 0));
}
