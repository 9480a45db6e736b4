use tool_core::{Clock, testing::ManualClock};

use super::*;

fn retry() -> Retry {
    Retry::new(RetryPolicy::default(), ManualClock::new().now())
}

fn error(kind: ErrorKind, execution: Execution) -> ToolError {
    ToolError::new(kind, "x").with_execution(execution)
}

#[test]
fn only_what_can_pass_is_tried_again() {
    let passing = [ErrorKind::TimedOut, ErrorKind::Overloaded, ErrorKind::Unavailable];
    for kind in [
        ErrorKind::InvalidParams,
        ErrorKind::NotFound,
        ErrorKind::UnknownTool,
        ErrorKind::Denied,
        ErrorKind::TimedOut,
        ErrorKind::Cancelled,
        ErrorKind::Overloaded,
        ErrorKind::Unavailable,
        ErrorKind::InvalidOutput,
        ErrorKind::TooLarge,
        ErrorKind::Panicked,
        ErrorKind::NotCached,
        ErrorKind::Failed,
    ] {
        for execution in [Execution::NotExecuted, Execution::Executed, Execution::Unknown] {
            let expected = passing.contains(&kind);
            assert_eq!(retry().is_worth_it(&error(kind, execution), true), expected, "{kind} {execution:?}");
        }
    }
}

#[test]
fn unsafe_tool_is_tried_again_only_if_it_did_not_run() {
    let may = |execution| retry().is_worth_it(&error(ErrorKind::Unavailable, execution), false);
    assert_eq!([Execution::NotExecuted, Execution::Executed, Execution::Unknown].map(may), [true, false, false]);
}

#[test]
fn failure_that_says_when_is_tried_then() {
    let failed = error(ErrorKind::Failed, Execution::Executed).with_retry_after(Duration::from_secs(3));
    assert!(retry().is_worth_it(&failed, true) && !retry().is_worth_it(&failed, false));
    let wait = retry().wait(&failed, 2, &Random::seeded(3));
    assert!((Duration::from_secs(3)..Duration::from_millis(3100)).contains(&wait), "{wait:?}");
}

#[test]
fn wishes_are_bounded() {
    let wish = |wish| retry().attempts(AttemptPolicy::default().with_max_attempts(NonZeroU32::new(wish).unwrap()));
    assert_eq!((retry().attempts(AttemptPolicy::default()), wish(1), wish(4), wish(9)), (3, 1, 4, 5));
}

#[test]
fn nothing_ran_only_if_no_attempt_did() {
    use Execution::{Executed, NotExecuted, Unknown};
    assert_eq!(together(NotExecuted, NotExecuted), NotExecuted);
    assert_eq!((together(Executed, NotExecuted), together(NotExecuted, Executed)), (Executed, Executed));
    assert_eq!((together(Unknown, Executed), together(NotExecuted, Unknown)), (Unknown, Unknown));
}
