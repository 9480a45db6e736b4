use std::time::Duration;

use tool_guard::{GuardPolicy, GuardPolicyBuilder};

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
    let builder = GuardPolicy::builder;
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
