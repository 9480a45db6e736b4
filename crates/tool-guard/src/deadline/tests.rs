use proptest::prelude::*;
use tool_core::{
    AttemptPolicy, CallContext, Clock, Effect, Params, ToolOutput, ToolRegistry, ToolSpec, testing::ManualClock,
    tool_fn,
};

use super::*;

const DEFAULT: Duration = Duration::from_secs(30);
const MAX: Duration = Duration::from_secs(300);

fn call(tool: Option<u64>, step: Option<u64>, caller: Option<Instant>) -> ToolCall {
    let mut spec = ToolSpec::builder("x.a", "A.").effect(Effect::Reads);
    if let Some(secs) = tool {
        spec = spec.timeout(Duration::from_secs(secs));
    }
    let mut context = CallContext::new("acme", "ann");
    if let Some(secs) = step {
        context = context.with_attempts(AttemptPolicy::default().with_timeout(Duration::from_secs(secs)));
    }
    if let Some(at) = caller {
        context = context.with_deadline(at);
    }
    let tool = tool_fn(spec.build().unwrap(), |_| async { ToolOutput::json(&1) });
    ToolRegistry::new().register(tool).unwrap().call(Params::empty(), context)
}

#[track_caller]
fn check(tool: Option<u64>, step: Option<u64>, caller: Option<u64>, expected: (u64, &str)) {
    let now = ManualClock::new().now();
    let call = call(tool, step, caller.map(|secs| now + Duration::from_secs(secs)));
    let deadline = Deadline::of(&call, DEFAULT, MAX, now);
    assert_eq!(((deadline.at - now).as_secs(), deadline.to_string().as_str()), expected);
}

#[test]
fn smallest_limit_holds() {
    check(Some(9), Some(5), Some(7), (5, "the step's timeout"));
    check(Some(4), Some(5), Some(7), (4, "the tool's timeout"));
    check(Some(9), Some(8), Some(7), (7, "the caller's deadline"));
}

#[test]
fn default_holds_where_nobody_says() {
    check(None, None, None, (30, "the guard's default timeout"));
    check(None, None, Some(40), (30, "the guard's default timeout"));
    check(Some(60), None, None, (60, "the tool's timeout"));
}

#[test]
fn nothing_escapes_the_maximum() {
    check(Some(3600), None, None, (300, "the guard's maximum timeout"));
    check(None, Some(u64::MAX), Some(4000), (300, "the guard's maximum timeout"));
}

proptest! {
    #[test]
    fn deadline_is_no_later_than_any_limit(
        tool in proptest::option::of(1u64..1000),
        step in proptest::option::of(0u64..1000),
        caller in proptest::option::of(0u64..1000),
    ) {
        let now = ManualClock::new().now();
        let call = call(tool, step, caller.map(|secs| now + Duration::from_secs(secs)));
        let secs = (Deadline::of(&call, DEFAULT, MAX, now).at - now).as_secs();
        prop_assert!([tool, step, caller, Some(300)].into_iter().flatten().all(|limit| secs <= limit));
    }
}
