use std::time::Duration;

use tool_core::{Clock, Effect, ErrorKind, testing::TokioClock};
use tool_guard::{GuardPolicy, GuardPolicyBuilder, HedgeAfter, HedgePolicy, LimitPolicy};

use crate::scripted::{Lab, Run, unavailable};

const SECOND: Duration = Duration::from_secs(1);

/// Hedges after a second, each call if need be.
fn hedging() -> GuardPolicyBuilder {
    let hedge = HedgePolicy::default().after(HedgeAfter::Delay(SECOND)).budget(1.0);
    GuardPolicy::builder().deadlines_only().hedge(hedge)
}

#[tokio::test(start_paused = true)]
async fn second_run_answers_for_a_slow_first() {
    let lab = Lab::new(hedging(), Effect::Reads, vec![Run::Hang, Run::After(SECOND)]);
    let (clock, before) = (TokioClock::new(), TokioClock::new().now());
    let output = lab.run().await.unwrap();
    assert_eq!(((clock.now() - before).as_secs(), output.report.attempts), (2, 2));
    assert_eq!((lab.started(), lab.running()), (2, 0), "the loser is dropped");
    assert_eq!((lab.counts().hedged, lab.counts().hedge_won), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn quick_call_is_not_asked_twice() {
    let lab = Lab::new(hedging(), Effect::Reads, vec![Run::After(SECOND / 2)]);
    assert_eq!(lab.run().await.unwrap().report.attempts, 1);
    assert_eq!((lab.started(), lab.counts().hedged), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn first_run_may_still_win() {
    let lab = Lab::new(hedging(), Effect::Reads, vec![Run::After(3 * SECOND / 2), Run::Hang]);
    assert_eq!(lab.run().await.unwrap().report.attempts, 2);
    assert_eq!((lab.counts().hedged, lab.counts().hedge_won, lab.running()), (1, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn failure_of_one_leaves_the_other() {
    let runs = vec![Run::After(3 * SECOND), Run::Fail(unavailable())];
    let lab = Lab::new(hedging(), Effect::Reads, runs);
    assert!(lab.run().await.is_ok());
    let runs = vec![Run::FailAfter(2 * SECOND, unavailable()), Run::After(3 * SECOND)];
    let lab = Lab::new(hedging(), Effect::Reads, runs);
    assert!(lab.run().await.is_ok());
    let runs = vec![Run::FailAfter(2 * SECOND, unavailable()), Run::Fail(unavailable())];
    let lab = Lab::new(hedging(), Effect::Reads, runs);
    assert_eq!(lab.run().await.unwrap_err().kind(), ErrorKind::Unavailable);
}

#[tokio::test(start_paused = true)]
async fn failed_run_gives_its_place_back_at_once() {
    let policy = hedging().limit(LimitPolicy::fixed(2));
    let lab = Lab::new(policy, Effect::Reads, vec![Run::After(9 * SECOND), Run::Fail(unavailable()), Run::Answer]);
    let slow = lab.spawn();
    tokio::time::sleep(2 * SECOND).await;
    assert_eq!((lab.started(), lab.running()), (2, 1));
    assert!(lab.run().await.is_ok(), "one of two places is free");
    assert!(slow.await.unwrap().is_ok());
}

#[tokio::test(start_paused = true)]
async fn hedge_that_never_starts_is_not_counted() {
    let lab = Lab::new(hedging(), Effect::Reads, vec![Run::AfterAndOnce(SECOND)]);
    assert_eq!(lab.run().await.unwrap().report.attempts, 1);
    assert_eq!((lab.started(), lab.counts().attempts, lab.counts().hedged), (1, 1, 0));
}

#[tokio::test(start_paused = true)]
async fn write_is_not_hedged() {
    let lab = Lab::new(hedging(), Effect::Writes, vec![Run::After(5 * SECOND)]);
    assert!(lab.run().await.is_ok());
    assert_eq!((lab.started(), lab.counts().hedged), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn hedge_never_waits_for_a_permit() {
    let policy = hedging().limit(LimitPolicy::fixed(1).queue(9));
    let lab = Lab::new(policy, Effect::Reads, vec![Run::After(5 * SECOND)]);
    assert!(lab.run().await.is_ok());
    assert_eq!((lab.started(), lab.counts().hedge_refused), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn hedges_keep_to_their_budget() {
    let hedge = HedgePolicy::default().after(HedgeAfter::Delay(SECOND));
    let policy = GuardPolicy::builder().deadlines_only().hedge(hedge);
    let lab = Lab::new(policy, Effect::Reads, vec![Run::After(2 * SECOND)]);
    let calls: Vec<_> = (0..200).map(|_| lab.spawn()).collect();
    for call in calls {
        assert!(call.await.unwrap().is_ok());
    }
    assert_eq!((lab.counts().hedged, lab.counts().hedge_refused, lab.started()), (10, 190, 210));
}

#[tokio::test(start_paused = true)]
async fn quantile_of_what_was_seen_is_waited_for() {
    let mut runs = vec![Run::After(SECOND); 50];
    runs.extend([Run::Hang, Run::Answer]);
    let policy = GuardPolicy::builder().deadlines_only().hedge(HedgePolicy::default());
    let lab = Lab::new(policy, Effect::Reads, runs);
    let calls: Vec<_> = (0..50).map(|_| lab.spawn()).collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap().report.attempts, 1, "nothing is known yet");
    }
    let (clock, before) = (TokioClock::new(), TokioClock::new().now());
    assert_eq!(lab.run().await.unwrap().report.attempts, 2);
    let waited = clock.now() - before;
    assert!((SECOND..5 * SECOND / 4).contains(&waited), "{waited:?}");
}
