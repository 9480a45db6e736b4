use std::{num::NonZeroU32, time::Duration};

use tool_core::{
    AttemptPolicy, Clock, Effect, ErrorKind, Execution, ToolError, ToolExecutor, ToolSpec, testing::TokioClock,
};
use tool_guard::{GuardPolicy, GuardPolicyBuilder, RetryPolicy};

use crate::scripted::{Lab, Run, ann, unavailable};

const SECOND: Duration = Duration::from_secs(1);

/// Retries and nothing else, with a budget that no test exhausts by accident.
fn retrying() -> GuardPolicyBuilder {
    GuardPolicy::builder().deadlines_only().retry(RetryPolicy::default().budget_floor(1000.0))
}

fn fail(error: ToolError) -> Run {
    Run::Fail(error)
}

#[tokio::test(start_paused = true)]
async fn passing_failure_is_tried_again() {
    let lab = Lab::new(retrying(), Effect::Reads, vec![fail(unavailable()), fail(unavailable()), Run::Answer]);
    let output = lab.run().await.unwrap();
    assert_eq!((output.report.attempts, lab.started()), (3, 3));
    let counts = lab.counts();
    assert_eq!((counts.started, counts.attempts, counts.retried, counts.succeeded), (1, 3, 2, 1));
}

#[tokio::test(start_paused = true)]
async fn attempts_are_bounded_and_told() {
    let lab = Lab::new(retrying(), Effect::Pure, vec![fail(unavailable())]);
    let error = lab.run().await.unwrap_err();
    assert_eq!((error.kind(), error.report().attempts, lab.started()), (ErrorKind::Unavailable, 3, 3));
}

#[tokio::test(start_paused = true)]
async fn write_is_never_run_twice() {
    for execution in [Execution::Unknown, Execution::Executed] {
        let error = unavailable().with_execution(execution);
        let lab = Lab::new(retrying(), Effect::Writes, vec![fail(error), Run::Answer]);
        assert!(lab.run().await.is_err());
        assert_eq!(lab.started(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn write_that_did_not_run_is_tried_again() {
    let refused = unavailable().with_execution(Execution::NotExecuted);
    let unknown = unavailable();
    let lab = Lab::new(retrying(), Effect::Writes, vec![fail(refused), fail(unknown), Run::Answer]);
    let error = lab.run().await.unwrap_err();
    assert_eq!((lab.started(), error.execution()), (2, Execution::Unknown));
}

#[tokio::test(start_paused = true)]
async fn idempotent_write_is_tried_again() {
    let spec = ToolSpec::builder("x.work", "Works.").effect(Effect::Writes).idempotent();
    let lab = Lab::with_spec(retrying(), spec, vec![fail(unavailable()), Run::Answer]);
    assert_eq!(lab.run().await.unwrap().report.attempts, 2);
}

#[tokio::test(start_paused = true)]
async fn final_failure_is_not_tried_again() {
    for kind in
        [ErrorKind::Denied, ErrorKind::InvalidParams, ErrorKind::NotFound, ErrorKind::Cancelled, ErrorKind::Failed]
    {
        let lab = Lab::new(retrying(), Effect::Pure, vec![fail(ToolError::new(kind, "no")), Run::Answer]);
        assert_eq!(lab.run().await.unwrap_err().kind(), kind);
        assert_eq!(lab.started(), 1, "{kind}");
    }
}

#[tokio::test(start_paused = true)]
async fn later_refusal_does_not_hide_an_earlier_run() {
    let refused = unavailable().with_execution(Execution::NotExecuted);
    let lab = Lab::new(retrying(), Effect::Reads, vec![fail(unavailable()), fail(refused)]);
    assert_eq!(lab.run().await.unwrap_err().execution(), Execution::Unknown);
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_waited_for() {
    let (clock, busy) = (TokioClock::new(), unavailable().with_retry_after(7 * SECOND));
    let lab = Lab::new(retrying(), Effect::Reads, vec![fail(busy), Run::Answer]);
    let before = clock.now();
    lab.run().await.unwrap();
    let waited = clock.now() - before;
    assert!((7 * SECOND..8 * SECOND).contains(&waited), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_tried_past_the_deadline() {
    let (clock, busy) = (TokioClock::new(), unavailable().with_retry_after(31 * SECOND));
    let lab = Lab::new(retrying(), Effect::Reads, vec![fail(busy), Run::Answer]);
    let before = clock.now();
    assert_eq!(lab.run().await.unwrap_err().kind(), ErrorKind::Unavailable);
    assert_eq!((lab.started(), clock.now() - before), (1, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn hanging_attempt_leaves_time_for_others() {
    let lab = Lab::new(retrying(), Effect::Reads, vec![Run::Hang, Run::Hang, Run::After(9 * SECOND)]);
    assert_eq!(lab.run().await.unwrap().report.attempts, 3);
    assert_eq!((lab.counts().attempt_timeouts, lab.counts().timed_out, lab.running()), (2, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn hanging_tool_ends_at_the_deadline() {
    let (clock, lab) = (TokioClock::new(), Lab::new(retrying(), Effect::Reads, vec![Run::Hang]));
    let before = clock.now();
    let error = lab.run().await.unwrap_err();
    assert_eq!(error.to_string(), "x.work did not end within 30s (the guard's default timeout)");
    assert_eq!((error.report().attempts, error.execution(), lab.counts().timed_out), (3, Execution::Unknown, 1));
    assert_eq!((clock.now() - before).as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn write_has_all_the_time_for_one_attempt() {
    let lab = Lab::new(retrying(), Effect::Writes, vec![Run::After(29 * SECOND)]);
    assert!(lab.run().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn tool_that_says_its_time_is_given_it() {
    let spec = ToolSpec::builder("x.work", "Works.").effect(Effect::Reads).timeout(60 * SECOND);
    let lab = Lab::with_spec(retrying(), spec, vec![Run::After(59 * SECOND)]);
    assert!(lab.run().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn step_may_wish_for_one_attempt() {
    let lab = Lab::new(retrying(), Effect::Reads, vec![fail(unavailable())]);
    let once = AttemptPolicy::default().with_max_attempts(NonZeroU32::MIN);
    let call = lab.call().with_context(ann().with_attempts(once));
    assert!(lab.guard.execute(call).await.is_err());
    assert_eq!(lab.started(), 1);
}

#[tokio::test(start_paused = true)]
async fn all_down_costs_a_fifth_more() {
    // Asked a hundred times as often as the floor grants attempts.
    let policy = GuardPolicy::builder().deadlines_only().retry(RetryPolicy::default());
    let lab = Lab::new(policy, Effect::Reads, vec![fail(unavailable())]);
    for _ in 0..5000 {
        tokio::time::sleep(SECOND / 100).await;
        drop(lab.spawn());
    }
    tokio::time::sleep(60 * SECOND).await;
    let (asked, made) = (5000.0, lab.started() as f64);
    assert!(made / asked <= 1.21 && made / asked > 1.19, "{made} for {asked}");
    let counts = lab.counts();
    assert_eq!((counts.attempts, counts.failed), (lab.started() as u64, 5000));
    assert!(counts.budget_exhausted > 3000);
}

#[tokio::test(start_paused = true)]
async fn same_seed_waits_the_same() {
    let mut ends = Vec::new();
    for _ in 0..2 {
        let lab = Lab::new(retrying(), Effect::Reads, vec![fail(unavailable())]);
        let (clock, before) = (TokioClock::new(), TokioClock::new().now());
        assert!(lab.run().await.is_err());
        ends.push(clock.now() - before);
    }
    assert_eq!(ends[0], ends[1]);
    assert!(ends[0] > Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn dropped_between_attempts_leaves_nothing() {
    let busy = unavailable().with_retry_after(5 * SECOND);
    let lab = Lab::new(retrying(), Effect::Reads, vec![fail(busy)]);
    assert!(tokio::time::timeout(SECOND, lab.run()).await.is_err());
    let counts = lab.counts();
    assert_eq!((counts.cancelled, counts.started, lab.guard.in_flight().total()), (1, 1, 0));
}
