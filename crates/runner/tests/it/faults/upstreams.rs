//! What if what the tools need is away, now and then or for long?

use std::{sync::Arc, time::Duration};

use runner::tool_core::{BreakerState, Clock, Effect, ErrorKind, ToolError, ToolSpec, testing::TokioClock};

use super::lab::{Lab, SECOND, UNCACHED, done, unavailable};

fn breaker(lab: &Lab) -> BreakerState {
    let tool = lab.runner.registry().resolve("x.work").unwrap();
    lab.runner.pipeline().inner().inner().inner().breaker(&tool).unwrap().state
}

#[tokio::test(start_paused = true)]
async fn flapping_upstream_is_asked_little_more_than_it_is_called() {
    let lab = Lab::new(UNCACHED, |run, _| async move { if run % 2 == 0 { unavailable() } else { done() } });
    // Open load: what is asked does not wait for what was answered.
    let calls: Vec<_> = (0..1000).map(|_| lab.spawn(serde_json::json!({}))).collect();
    for call in calls {
        let _ = call.await.unwrap();
    }
    assert!(lab.runs() <= 1210, "{} starts for 1000 calls", lab.runs());
    assert!(lab.counts().breaker_opened >= 1, "{:?}", lab.counts());
    lab.is_at_rest();
}

#[tokio::test(start_paused = true)]
async fn all_down_for_a_minute_comes_back_with_one_probe() {
    let clock = TokioClock::new();
    let back = clock.now() + 60 * SECOND;
    let lab =
        Lab::new(
            UNCACHED,
            move |_, _| async move { if TokioClock::new().now() < back { unavailable() } else { done() } },
        );
    let mut asked = 0;
    while clock.now() < back {
        let _ = lab.work().await;
        asked += 1;
        tokio::time::sleep(SECOND / 100).await;
    }
    assert!(lab.runs() * 100 <= asked * 121, "{} starts for {asked} calls", lab.runs());
    // The longest time that a breaker stays open is a minute; it was told nothing of the recovery.
    let mut waited = Duration::ZERO;
    while lab.work().await.is_err() {
        tokio::time::sleep(SECOND).await;
        waited += SECOND;
    }
    assert!(waited <= 61 * SECOND, "{waited:?}");
    assert_eq!(breaker(&lab), BreakerState::Closed);
}

#[tokio::test(start_paused = true)]
async fn lost_probe_never_sticks_a_breaker() {
    let lab = Lab::new(UNCACHED, |run, _| async move {
        match run {
            ..=10 => Err(ToolError::new(ErrorKind::Failed, "no")),
            11 => std::future::pending().await,
            _ => done(),
        }
    });
    for _ in 0..10 {
        let _ = lab.work().await;
    }
    assert_eq!(breaker(&lab), BreakerState::Open);
    tokio::time::sleep(6 * SECOND).await;
    let probe = lab.spawn(serde_json::json!({}));
    tokio::task::yield_now().await;
    probe.abort();
    assert!(probe.await.is_err());
    tokio::task::yield_now().await;
    assert!(lab.work().await.is_ok());
    assert_eq!(breaker(&lab), BreakerState::Closed);
}

#[tokio::test(start_paused = true)]
async fn advice_beyond_the_deadline_is_not_waited_for() {
    for after in [Duration::ZERO, SECOND, Duration::from_secs(1_000_000_000), Duration::MAX] {
        let lab = Lab::new(UNCACHED, move |run, _| async move {
            let busy = ToolError::new(ErrorKind::Overloaded, "busy").with_retry_after(after);
            if run == 1 { Err(busy) } else { done() }
        });
        let (clock, before) = (TokioClock::new(), TokioClock::new().now());
        assert_eq!(lab.work().await.is_ok(), after <= SECOND, "{after:?}");
        assert!(clock.now() - before <= 30 * SECOND);
    }
}

#[tokio::test(start_paused = true)]
async fn unknown_end_of_a_write_is_never_tried_again() {
    for (execution, starts) in [
        (runner::tool_core::Execution::Unknown, 1),
        (runner::tool_core::Execution::Executed, 1),
        (runner::tool_core::Execution::NotExecuted, 2),
    ] {
        let spec = ToolSpec::builder("x.work", "Works.").effect(Effect::Writes);
        let lab = Lab::with("", spec, Arc::new(TokioClock::new()), move |run, _| async move {
            let away = ToolError::new(ErrorKind::Unavailable, "away").with_execution(execution);
            if run == 1 { Err(away) } else { done() }
        });
        assert_eq!(lab.work().await.is_ok(), starts == 2);
        assert_eq!(lab.runs(), starts);
    }
}
