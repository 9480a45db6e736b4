//! What if there are very many: callers, questions, tenants?

use runner::tool_core::{CallContext, ErrorKind, Origin, ToolError};
use serde_json::json;

use super::lab::{Lab, SECOND, done, params};

#[tokio::test(start_paused = true)]
async fn ten_thousand_callers_of_one_question_make_one_run() {
    let lab = Lab::new("", |_, _| async {
        tokio::time::sleep(SECOND).await;
        done()
    });
    let calls: Vec<_> = (0..10_000).map(|_| lab.spawn(json!({"n": 1}))).collect();
    let mut shared = 0;
    for call in calls {
        shared += u32::from(call.await.unwrap().unwrap().report.origin == Origin::Shared);
    }
    assert_eq!((lab.runs(), shared), (1, 9_999));
    lab.is_at_rest();
}

#[tokio::test(start_paused = true)]
async fn any_number_of_questions_stays_within_the_bounds() {
    let lab = Lab::new("[cache]\nmax_entries = 100\n[observe]\nmax_traces = 50\n", |_, _| async { done() });
    for n in 0..5_000 {
        lab.ask("x.work", json!({"n": n})).await.unwrap();
    }
    assert!(lab.runner.cache().stats().entries <= 100);
    assert_eq!(lab.runner.tracer().losses().traces, 5_000 - 50);
    assert_eq!(lab.runner.tracer().performance_stats()[0].calls, 5_000, "all of them are counted");
}

#[tokio::test(start_paused = true)]
async fn any_number_of_tenants_is_counted_in_bounded_series() {
    let lab = Lab::new("", |_, _| async { done() });
    for tenant in 0..1_000 {
        let hostile = format!("t{tenant}\n\"}} evil 1");
        lab.runner.call("x.work", params(json!({})), CallContext::new(hostile, "ann")).await.unwrap();
    }
    assert!(lab.runner.tracer().tenant_stats().len() <= 101);
    assert_eq!(lab.runner.tracer().losses().tenants, 900);
    assert_eq!(lab.runner.tracer().performance_stats()[0].calls, 1_000);
}

/// The first of those who wait for a load leaves, the load panics, the load runs out of time.
#[tokio::test(start_paused = true)]
async fn leader_that_fails_strands_nobody() {
    let lab = Lab::new("[guard.retry]\nenabled = false\n", |run, _| async move {
        tokio::time::sleep(SECOND).await;
        match run {
            1 => done(),
            2 => panic!("scripted"),
            _ => std::future::pending().await,
        }
    });
    for (n, expected) in [(1, None), (2, Some(ErrorKind::Panicked)), (3, Some(ErrorKind::TimedOut))] {
        let leader = lab.spawn(json!({"n": n}));
        tokio::task::yield_now().await;
        let waiters: Vec<_> = (0..100).map(|_| lab.spawn(json!({"n": n}))).collect();
        tokio::task::yield_now().await;
        leader.abort();
        for waiter in waiters {
            assert_eq!(waiter.await.unwrap().err().map(|error| error.kind()), expected);
        }
        assert_eq!(lab.runs(), n, "nobody runs it again");
    }
    lab.is_at_rest();
}

#[tokio::test(start_paused = true)]
async fn hot_question_that_fails_fails_once_for_all() {
    let lab = Lab::new("", |_, _| async {
        tokio::time::sleep(SECOND).await;
        Err(ToolError::new(ErrorKind::Failed, "no"))
    });
    let calls: Vec<_> = (0..32).map(|_| lab.spawn(json!({"n": 1}))).collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap_err().kind(), ErrorKind::Failed);
    }
    assert_eq!(lab.runs(), 1);
}

#[tokio::test(start_paused = true)]
async fn crowd_beyond_limit_and_queue_is_turned_away_at_once() {
    let lab = Lab::new(
        "[cache]\nenabled = false\n[guard]\ntimeout = \"60s\"\n[guard.limit]\nmax_in_flight = 10\nqueue = 20\n",
        |_, _| async {
            tokio::time::sleep(SECOND).await;
            done()
        },
    );
    let calls: Vec<_> = (0..100).map(|n| lab.spawn(json!({"n": n}))).collect();
    let (mut answered, mut shed) = (0, 0);
    for call in calls {
        match call.await.unwrap() {
            Ok(_) => answered += 1,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Overloaded);
                assert!(error.retry_after().is_some());
                shed += 1;
            }
        }
    }
    assert_eq!((answered, shed), (30, 70));
    lab.is_at_rest();
}
