use std::{sync::Arc, time::Duration};

use tool_core::{
    BreakerState, Clock, Effect, ErrorKind, Execution, Params, Signals, ToolError, ToolExecutor, ToolRegistry,
    ToolSpec, testing::TokioClock, tool_fn,
};
use tool_guard::{BreakerForce, BreakerPolicy, GuardPolicy, GuardPolicyBuilder, GuardedExecutor};

use crate::scripted::{Lab, Run, ann, unavailable};

const SECOND: Duration = Duration::from_secs(1);

/// A breaker and nothing else.
fn breaking() -> GuardPolicyBuilder {
    GuardPolicy::builder().deadlines_only().breaker(BreakerPolicy::default())
}

/// A tool that fails so often, then does as `rest` says.
fn failing(times: usize, rest: Vec<Run>) -> Lab {
    let fails = std::iter::repeat_n(Run::Fail(unavailable()), times);
    Lab::new(breaking(), Effect::Reads, fails.chain(rest).collect())
}

async fn opened(rest: Vec<Run>) -> Lab {
    let lab = failing(10, rest);
    for _ in 0..10 {
        assert!(lab.run().await.is_err());
    }
    assert_eq!(state(&lab), BreakerState::Open);
    lab
}

fn state(lab: &Lab) -> BreakerState {
    let signal = lab.guard.in_flight().read(lab.tool.id()).breaker;
    assert_eq!(signal, lab.guard.breaker(&lab.tool).map(|status| status.state));
    signal.unwrap()
}

#[tokio::test(start_paused = true)]
async fn failing_tool_is_left_alone() {
    let lab = opened(vec![Run::Answer]).await;
    let error = lab.run().await.unwrap_err();
    assert_eq!((error.kind(), error.execution()), (ErrorKind::Unavailable, Execution::NotExecuted));
    let next = lab.guard.breaker(&lab.tool).unwrap().next_attempt_at.unwrap();
    assert_eq!(error.retry_after(), Some(next - TokioClock::new().now()));
    let counts = lab.counts();
    assert_eq!((lab.started(), counts.breaker_opened, counts.breaker_rejected), (10, 1, 1));
}

#[tokio::test(start_paused = true)]
async fn good_probe_brings_it_back() {
    let lab = opened(vec![Run::Answer]).await;
    tokio::time::sleep(5 * SECOND).await;
    assert_eq!(state(&lab), BreakerState::HalfOpen);
    assert!(lab.run().await.is_ok());
    assert_eq!((state(&lab), lab.counts().breaker_closed), (BreakerState::Closed, 1));
}

#[tokio::test(start_paused = true)]
async fn dropped_probe_is_followed_by_another() {
    let lab = opened(vec![Run::Hang, Run::Answer]).await;
    tokio::time::sleep(5 * SECOND).await;
    let probe = lab.spawn();
    tokio::task::yield_now().await;
    assert_eq!(lab.run().await.unwrap_err().kind(), ErrorKind::Unavailable);
    probe.abort();
    assert!(probe.await.is_err());
    assert!(lab.run().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn hanging_probe_holds_its_place_for_its_lease() {
    let lab = opened(vec![Run::Hang, Run::Answer]).await;
    tokio::time::sleep(5 * SECOND).await;
    let _probe = lab.spawn();
    tokio::task::yield_now().await;
    tokio::time::sleep(9 * SECOND).await;
    assert!(lab.run().await.is_err());
    tokio::time::sleep(SECOND).await;
    assert!(lab.run().await.is_ok());
    assert_eq!(state(&lab), BreakerState::Closed);
}

#[tokio::test(start_paused = true)]
async fn what_the_caller_is_to_blame_for_does_not_count() {
    for kind in
        [ErrorKind::InvalidParams, ErrorKind::NotFound, ErrorKind::Denied, ErrorKind::Cancelled, ErrorKind::TooLarge]
    {
        let lab = Lab::new(breaking(), Effect::Reads, vec![Run::Fail(ToolError::new(kind, "no"))]);
        for _ in 0..50 {
            assert_eq!(lab.run().await.unwrap_err().kind(), kind);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn hasty_caller_shuts_nobody_off() {
    let lab = Lab::new(breaking(), Effect::Reads, vec![Run::After(SECOND)]);
    for _ in 0..50 {
        let deadline = TokioClock::new().now() + SECOND / 100;
        let call = lab.call().with_context(ann().with_deadline(deadline));
        assert_eq!(lab.guard.execute(call).await.unwrap_err().kind(), ErrorKind::TimedOut);
    }
    assert_eq!(state(&lab), BreakerState::Closed);
}

#[tokio::test(start_paused = true)]
async fn patient_callers_do_count() {
    let lab = Lab::new(breaking(), Effect::Reads, vec![Run::Hang]);
    let calls = (0..10).map(|_| {
        let call = lab.call().with_context(ann().with_deadline(TokioClock::new().now() + 6 * SECOND));
        let guard = Arc::clone(&lab.guard);
        tokio::spawn(async move { guard.execute(call).await })
    });
    for call in calls.collect::<Vec<_>>() {
        assert!(call.await.unwrap().is_err());
    }
    assert_eq!(state(&lab), BreakerState::Open);
}

#[tokio::test(start_paused = true)]
async fn dropped_calls_do_not_count() {
    let lab = Lab::new(breaking(), Effect::Reads, vec![Run::Hang]);
    for _ in 0..50 {
        assert!(tokio::time::timeout(SECOND / 10, lab.run()).await.is_err());
    }
    assert_eq!((state(&lab), lab.counts().cancelled), (BreakerState::Closed, 50));
}

#[tokio::test(start_paused = true)]
async fn slow_tool_is_left_alone_too() {
    let lab = Lab::new(breaking(), Effect::Writes, vec![Run::After(6 * SECOND)]);
    let calls: Vec<_> = (0..10).map(|_| lab.spawn()).collect();
    for call in calls {
        assert!(call.await.unwrap().is_ok());
    }
    assert_eq!(state(&lab), BreakerState::Open);
}

#[tokio::test(start_paused = true)]
async fn operator_has_the_last_word() {
    let lab = Lab::new(breaking(), Effect::Reads, vec![Run::Fail(unavailable())]);
    lab.guard.force_breaker(&lab.tool, BreakerForce::Open);
    let error = lab.run().await.unwrap_err();
    assert_eq!(error.to_string(), "x.work is shut off by an operator");
    assert_eq!((error.retry_after(), lab.started()), (None, 0));
    lab.guard.force_breaker(&lab.tool, BreakerForce::Closed);
    for _ in 0..50 {
        assert!(lab.run().await.is_err());
    }
    assert_eq!((lab.started(), state(&lab)), (50, BreakerState::Closed));
}

#[tokio::test(start_paused = true)]
async fn retries_stop_at_an_open_breaker() {
    let policy = GuardPolicy::builder().breaker(BreakerPolicy::default().min_calls(2));
    let lab = Lab::new(policy, Effect::Reads, vec![Run::Fail(unavailable())]);
    let mut starts = 0;
    for _ in 0..5 {
        let error = lab.run().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        starts += error.report().attempts as usize;
    }
    assert_eq!((starts, lab.started(), state(&lab)), (2, 2, BreakerState::Open));
}

#[tokio::test(start_paused = true)]
async fn averages_are_signals() {
    let lab = Lab::new(breaking(), Effect::Reads, vec![Run::After(SECOND)]);
    let read = || lab.guard.in_flight().read(lab.tool.id());
    assert_eq!((read().latency, read().health), (None, None));
    lab.run().await.unwrap();
    assert_eq!((read().latency, read().health), (Some(SECOND), Some(1.0)));
}

#[tokio::test(start_paused = true)]
async fn group_is_never_shut_off_as_a_whole() {
    let registry = Arc::new(ToolRegistry::new());
    let replicas = ["x.a", "x.b", "x.c", "x.d"].map(|name| {
        let spec = ToolSpec::builder(name, "Fails.").effect(Effect::Reads).group("replicas").build().unwrap();
        registry.register(tool_fn(spec, |_| async { Err(unavailable()) })).unwrap()
    });
    let guard = GuardedExecutor::new(registry, breaking().build().unwrap()).with_clock(Arc::new(TokioClock::new()));
    for _ in 0..30 {
        for tool in &replicas {
            assert!(guard.execute(tool.call(Params::empty(), ann())).await.is_err());
        }
    }
    let open = replicas.iter().filter(|tool| guard.breaker(tool).unwrap().state == BreakerState::Open).count();
    assert_eq!(open, 2);
    assert!(guard.stats().total.breaker_spared > 0);
}
