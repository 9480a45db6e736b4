use std::{sync::atomic::Ordering, time::Duration};

use tool_core::{Clock, Effect, ErrorKind, Execution, Signals, ToolExecutor, testing::TokioClock};
use tool_guard::{GuardPolicy, GuardPolicyBuilder, LimitPolicy};

use crate::scripted::{Lab, Run, ann, unavailable};

const SECOND: Duration = Duration::from_secs(1);

fn limited(calls: u32, waiting: u32) -> GuardPolicyBuilder {
    GuardPolicy::builder().deadlines_only().limit(LimitPolicy::fixed(calls).queue(waiting))
}

#[tokio::test(start_paused = true)]
async fn no_more_run_than_may() {
    let lab = Lab::new(limited(3, 50), Effect::Writes, vec![Run::After(SECOND)]);
    let calls: Vec<_> = (0..20).map(|_| lab.spawn()).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!((lab.peak.load(Ordering::SeqCst), lab.started(), lab.running()), (3, 20, 0));
}

#[tokio::test(start_paused = true)]
async fn limit_of_all_holds_too() {
    let policy = GuardPolicy::builder().deadlines_only().total(LimitPolicy::fixed(2).queue(50));
    let lab = Lab::new(policy, Effect::Writes, vec![Run::After(SECOND)]);
    let calls: Vec<_> = (0..6).map(|_| lab.spawn()).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!((lab.peak.load(Ordering::SeqCst), lab.started()), (2, 6));
}

#[tokio::test(start_paused = true)]
async fn who_comes_first_runs_first() {
    let lab = Lab::new(limited(1, 9), Effect::Writes, vec![Run::After(SECOND)]);
    let (clock, mut calls) = (TokioClock::new(), Vec::new());
    let begun = clock.now();
    for _ in 0..4 {
        calls.push(lab.spawn());
        tokio::task::yield_now().await;
    }
    for (place, call) in calls.into_iter().enumerate() {
        call.await.unwrap().unwrap();
        assert_eq!((clock.now() - begun).as_secs(), place as u64 + 1);
    }
}

#[tokio::test(start_paused = true)]
async fn full_queue_sheds_at_once() {
    let lab = Lab::new(limited(1, 1), Effect::Reads, vec![Run::Hang]);
    let (_running, _waiting) = (lab.spawn(), lab.spawn());
    tokio::task::yield_now().await;
    let error = lab.run().await.unwrap_err();
    assert_eq!((error.kind(), error.execution()), (ErrorKind::Overloaded, Execution::NotExecuted));
    assert_eq!(error.to_string(), "x.work is busy: 1 calls run and 1 wait, no more may");
    assert!(error.retry_after().is_some());
    assert_eq!((lab.counts().shed, lab.started(), error.report().attempts), (1, 1, 0));
}

#[tokio::test(start_paused = true)]
async fn time_in_the_queue_counts() {
    let lab = Lab::new(limited(1, 1), Effect::Reads, vec![Run::Hang]);
    let _running = lab.spawn();
    tokio::task::yield_now().await;
    let deadline = TokioClock::new().now() + 2 * SECOND;
    let error = lab.guard.execute(lab.call().with_context(ann().with_deadline(deadline))).await.unwrap_err();
    assert_eq!((error.kind(), error.execution()), (ErrorKind::TimedOut, Execution::NotExecuted));
    assert_eq!(error.to_string(), "x.work was not started within 2s, other calls run (the caller's deadline)");
    assert_eq!((lab.counts().queue_timeouts, lab.counts().timed_out, lab.started()), (1, 1, 1));
}

#[tokio::test(start_paused = true)]
async fn permit_comes_back_however_a_call_ends() {
    let runs = vec![Run::Hang, Run::Fail(unavailable()), Run::Hang, Run::Hang, Run::Answer];
    let lab = Lab::new(limited(1, 0), Effect::Writes, runs);
    let aborted = lab.spawn();
    tokio::task::yield_now().await;
    aborted.abort();
    assert!(aborted.await.unwrap_err().is_cancelled());
    assert_eq!(lab.run().await.unwrap_err().kind(), ErrorKind::Unavailable);
    assert!(tokio::time::timeout(SECOND, lab.run()).await.is_err());
    assert_eq!(lab.run().await.unwrap_err().kind(), ErrorKind::TimedOut);
    assert!(lab.run().await.is_ok());
    let counts = lab.counts();
    assert_eq!((counts.started, counts.succeeded, counts.failed, counts.cancelled), (5, 1, 2, 2));
}

#[tokio::test(start_paused = true)]
async fn abandoned_waiter_lets_the_next_in() {
    let lab = Lab::new(limited(1, 2), Effect::Writes, vec![Run::After(SECOND)]);
    let (running, abandoned, last) = (lab.spawn(), lab.spawn(), lab.spawn());
    tokio::task::yield_now().await;
    abandoned.abort();
    running.await.unwrap().unwrap();
    last.await.unwrap().unwrap();
    assert_eq!((lab.started(), lab.guard.stats().tools[0].waiting), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn queue_is_part_of_the_load() {
    let lab = Lab::new(limited(4, 9), Effect::Reads, vec![Run::Hang]);
    let _running: Vec<_> = (0..2).map(|_| lab.spawn()).collect();
    tokio::task::yield_now().await;
    let load = || lab.guard.in_flight().read(lab.tool.id()).load;
    assert_eq!(load(), Some(0.5));
    let _more: Vec<_> = (0..4).map(|_| lab.spawn()).collect();
    tokio::task::yield_now().await;
    let stats = lab.guard.stats();
    assert_eq!((load(), stats.tools[0].in_flight, stats.tools[0].waiting), (Some(1.0), 6, 2));
}

#[tokio::test(start_paused = true)]
async fn adaptive_limit_shrinks_under_overload() {
    let limit = LimitPolicy::fixed(20).adaptive(2, 40);
    let policy = GuardPolicy::builder().deadlines_only().limit(limit).default_timeout(SECOND);
    let lab = Lab::new(policy, Effect::Writes, vec![Run::Hang]);
    for _ in 0..30 {
        assert!(lab.run().await.is_err());
    }
    assert_eq!(lab.guard.stats().tools[0].limit, Some(2));
}

#[tokio::test(start_paused = true)]
async fn call_passes_both_queues() {
    let policy = limited(2, 2).total(LimitPolicy::fixed(1).queue(2));
    let lab = Lab::new(policy, Effect::Writes, vec![Run::After(SECOND)]);
    let calls: Vec<_> = (0..2).map(|_| lab.spawn()).collect();
    tokio::task::yield_now().await;
    let third = lab.spawn();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert!(third.await.unwrap().is_ok());
    assert_eq!(lab.peak.load(Ordering::SeqCst), 1);
}
