use std::time::Duration;

use tool_core::{Effect, ErrorKind};
use tool_guard::{
    BreakerPolicy, BreakerWindow, ErrorKinds, GuardPolicy, GuardPolicyBuilder, HedgeAfter, HedgePolicy, LimitPolicy,
    ResultPolicy, RetryPolicy, ToolOverride,
};

use crate::scripted::{Lab, Run};

const SECOND: Duration = Duration::from_secs(1);

#[track_caller]
fn refused(builder: GuardPolicyBuilder, field: &str, message: &str) {
    let error = builder.build().unwrap_err();
    assert_eq!((error.field(), error.to_string().as_str()), (field, message));
}

#[test]
fn built_defaults_are_the_default() {
    assert_eq!(GuardPolicy::builder().build().unwrap(), GuardPolicy::default());
}

#[test]
fn zero_limits_are_refused() {
    refused(
        builder().default_timeout(Duration::ZERO),
        "default_timeout",
        "`default_timeout` is 0ns, but must be more than zero",
    );
    refused(builder().max_timeout(Duration::ZERO), "max_timeout", "`max_timeout` is 0ns, but must be more than zero");
}

#[test]
fn contradictory_limits_are_refused() {
    refused(
        GuardPolicy::builder().default_timeout(9 * SECOND).max_timeout(5 * SECOND),
        "default_timeout",
        "`default_timeout` is 9s, but must be at most `max_timeout`, which is 5s",
    );
}

#[test]
fn endless_limit_is_refused() {
    refused(
        GuardPolicy::builder().max_timeout(86_401 * SECOND),
        "max_timeout",
        "`max_timeout` is 86401s, but must be at most 86400s (one day)",
    );
}

#[track_caller]
fn refused_at(builder: GuardPolicyBuilder, field: &str, bound: &str) {
    let error = builder.build().unwrap_err();
    assert_eq!((error.field(), error.bound()), (field, bound));
}

fn builder() -> GuardPolicyBuilder {
    GuardPolicy::builder()
}

#[test]
fn contradictory_queues_are_refused() {
    refused_at(builder().limit(LimitPolicy::fixed(0)), "limit.max_in_flight", "at least 1");
    let queue = LimitPolicy::unlimited().queue(1);
    refused_at(builder().limit(queue), "limit.queue", "0 where `max_in_flight` is unlimited");
    refused_at(builder().total(queue), "total.queue", "0 where `max_in_flight` is unlimited");
    let limit = LimitPolicy::fixed(8);
    refused_at(builder().limit(limit.adaptive(0, 9)), "limit.adaptive.min", "at least 1");
    refused_at(builder().limit(limit.adaptive(9, 9)), "limit.adaptive.min", "at most `max_in_flight`, which is 8");
    refused_at(builder().limit(limit.adaptive(1, 7)), "limit.adaptive.max", "at least `max_in_flight`, which is 8");
}

#[test]
fn contradictory_retries_are_refused() {
    let retry = RetryPolicy::default();
    refused_at(builder().retry(retry.attempts(0)), "retry.attempts", "at least 1");
    refused_at(builder().retry(retry.attempts(6)), "retry.attempts", "at most `max_attempts`, which is 5");
    refused_at(builder().retry(retry.max_attempts(101)), "retry.max_attempts", "at most 100");
    refused_at(builder().retry(retry.attempt_timeout(Duration::ZERO)), "retry.attempt_timeout", "more than zero");
    refused_at(builder().retry(retry.backoff(9 * SECOND)), "retry.backoff", "at most `max_backoff`, which is 5s");
    for share in [0.0, -0.1, 1.01, f64::NAN, f64::INFINITY] {
        refused_at(builder().retry(retry.budget(share)), "retry.budget", "more than 0 and at most 1");
    }
    for floor in [-1.0, 1000.5, f64::NAN] {
        refused_at(builder().retry(retry.budget_floor(floor)), "retry.budget_floor", "from 0 to 1000 per second");
    }
    let kinds = ErrorKinds::of([ErrorKind::Denied]);
    refused_at(builder().retry(retry.kinds(kinds)), "retry.kinds", "without what no further attempt can change");
}

#[test]
fn contradictory_breakers_are_refused() {
    let breaker = BreakerPolicy::default();
    refused_at(builder().breaker(breaker.probes(0)), "breaker.probes", "at least 1");
    refused_at(builder().breaker(breaker.min_calls(0)), "breaker.min_calls", "at least 1");
    let few = breaker.window(BreakerWindow::Calls(9));
    refused_at(builder().breaker(few), "breaker.min_calls", "at most `window`, which is 9 calls");
    refused_at(builder().breaker(breaker.failure_share(1.1)), "breaker.failure_share", "more than 0 and at most 1");
    refused_at(builder().breaker(breaker.slow_share(0.0)), "breaker.slow_share", "more than 0 and at most 1");
    refused_at(
        builder().breaker(breaker.open_for(61 * SECOND)),
        "breaker.open_for",
        "at most `max_open`, which is 60s",
    );
    refused_at(builder().breaker(breaker.lease(Duration::ZERO)), "breaker.lease", "more than zero");
    refused_at(builder().breaker(breaker.max_ejected(2.0)), "breaker.max_ejected", "more than 0 and at most 1");
    refused_at(builder().breaker(breaker.failures(ErrorKinds::default())), "breaker.failures", "at least one kind");
}

#[test]
fn contradictory_hedges_are_refused() {
    let hedge = HedgePolicy::default();
    let late = hedge.after(HedgeAfter::Delay(30 * SECOND));
    refused_at(builder().hedge(late), "hedge.after", "less than the default timeout, which is 30s");
    refused_at(builder().hedge(hedge.after(HedgeAfter::Delay(Duration::ZERO))), "hedge.after", "more than zero");
    for quantile in [0.5, 1.0, f64::NAN] {
        refused_at(builder().hedge(hedge.after(HedgeAfter::Quantile(quantile))), "hedge.after", "over 0.5 and below 1");
    }
    refused_at(builder().hedge(hedge.budget(1.5)), "hedge.budget", "more than 0 and at most 1");
}

#[test]
fn senseless_result_bounds_are_refused() {
    let result = ResultPolicy::default();
    refused_at(builder().result(result.max_bytes(15)), "result.max_bytes", "from 16 to 1073741824 (1 GiB)");
    refused_at(builder().result(result.max_depth(0)), "result.max_depth", "at least 1");
    refused_at(builder().result(result.max_depth(128)), "result.max_depth", "at most 127");
}

#[test]
fn overrides_are_checked_in_their_place() {
    let wrong = ToolOverride::new().breaker(BreakerPolicy::default().probes(0));
    refused_at(builder().tool("ci.*", wrong), "tools.ci.*.breaker.probes", "at least 1");
    for pattern in ["", "ci", "ci*", "CI.*", "*.x", "a.b.*c"] {
        let bound = "a tool name, `namespace.*` or `*`";
        refused_at(builder().tool(pattern, ToolOverride::new()), "tools", bound);
    }
    for pattern in ["*", "ci.*", "ci.search", "ci.deep.*"] {
        assert!(builder().tool(pattern, ToolOverride::new()).build().is_ok(), "{pattern}");
    }
}

#[tokio::test(start_paused = true)]
async fn closest_override_has_the_last_word() {
    let limit = |calls| ToolOverride::new().limit(LimitPolicy::fixed(calls));
    let policy = || builder().tool("x.work", limit(3)).tool("*", limit(1)).tool("x.*", limit(2));
    let at = |policy| async {
        let lab = Lab::new(policy, Effect::Reads, vec![Run::Answer]);
        lab.run().await.unwrap();
        lab.guard.stats().tools[0].limit
    };
    assert_eq!(at(policy()).await, Some(3));
    assert_eq!(at(builder().tool("x.*", limit(2)).tool("*", limit(1))).await, Some(2));
    assert_eq!(at(builder().tool("y.*", limit(2))).await, Some(64));
    let free = ToolOverride::new().limit(LimitPolicy::unlimited());
    assert_eq!(at(builder().tool("x.work", free)).await, None);
}
