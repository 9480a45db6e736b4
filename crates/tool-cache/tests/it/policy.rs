use std::time::Duration;

use serde_json::json;
use tool_cache::{CachePolicy, CachePolicyBuilder, Rejection};
use tool_core::{ToolName, ToolOutput};

use crate::support::{World, reads};

const SECOND: Duration = Duration::from_secs(1);

#[track_caller]
fn check(builder: CachePolicyBuilder, expected: &str) {
    assert_eq!(builder.build().unwrap_err().to_string(), format!("cache policy: {expected}"));
}

#[test]
fn faults_name_their_field() {
    let policy = CachePolicy::builder;
    check(policy().max_entries(0), "max_entries: it is 0, expected at least 1");
    check(policy().max_flights(0), "max_flights: it is 0, expected at least 1");
    check(policy().default_ttl(Duration::ZERO), "default_ttl: it is zero; to keep nothing, set enabled = false");
    check(policy().default_ttl(Duration::MAX), "default_ttl: it is 18446744073709551615 s, expected at most ten years");
    check(policy().ttl("ci.*", Duration::ZERO), "ttl.ci.*: it is zero; to keep nothing, set enabled = false");
    check(policy().ttl("ci*", SECOND), "ttl.ci*: `ci*`: `*` stands alone or after a namespace, as in `ci.*`");
    check(policy().ttl("c i.*", SECOND), "ttl.c i.*: `c i.*`: `c i` is not a namespace");
    check(policy().jitter(1.5), "jitter: it is 1.5, expected 0 to 1");
    check(policy().jitter(f64::NAN), "jitter: it is NaN, expected 0 to 1");
    check(policy().early_refresh(-1.0), "early_refresh: it is -1, expected 0 to 100");
    check(policy().hard_ttl(Duration::ZERO), "hard_ttl: it is zero; to keep nothing, set enabled = false");
    check(policy().load_timeout(Duration::ZERO), "load_timeout: it is zero, expected more");
    check(policy().max_bytes(1023), "max_bytes: it is 1023, expected at least 1024");
    for (field, builder) in [
        ("negative_ttl", policy().negative_ttl(Duration::MAX)),
        ("stale_while_revalidate", policy().stale_while_revalidate(Duration::MAX)),
        ("stale_if_error", policy().stale_if_error(Duration::MAX)),
        ("retry_interval", policy().retry_interval(Duration::MAX)),
    ] {
        assert_eq!(builder.build().unwrap_err().field(), field);
    }
    let error = policy().max_bytes(100).build().unwrap_err();
    assert_eq!(error.field(), "max_bytes");
    assert_eq!(policy().ttl("search", SECOND).build().unwrap_err().field(), "ttl.search");
}

#[test]
fn nearest_rule_gives_the_lifetime() {
    let policy = CachePolicy::builder()
        .ttl("*", 2 * SECOND)
        .ttl("ci.*", 3 * SECOND)
        .ttl("ci.deep.*", 4 * SECOND)
        .ttl("ci.search", 5 * SECOND)
        .ttl("ci.search", 6 * SECOND)
        .build()
        .unwrap();
    let ttl = |name: &str| policy.ttl_of(&reads(name).ttl(9 * SECOND).build().unwrap());
    assert_eq!(ttl("metric.list"), 2 * SECOND);
    assert_eq!(ttl("ci.get"), 3 * SECOND);
    assert_eq!(ttl("ci.deep.get"), 4 * SECOND);
    assert_eq!(ttl("ci.search"), 6 * SECOND);
}

#[test]
fn author_goes_before_the_default() {
    let policy = CachePolicy::default();
    assert_eq!(policy.ttl_of(&reads("ci.get").ttl(9 * SECOND).build().unwrap()), 9 * SECOND);
    assert_eq!(policy.ttl_of(&reads("ci.get").ttl(Duration::MAX).build().unwrap()), CachePolicy::MAX_TTL);
    assert_eq!(policy.ttl_of(&reads("ci.get").build().unwrap()), 300 * SECOND);
}

#[test]
fn explicit_lifetime_goes_first() {
    let world = World::with(CachePolicy::builder().ttl("ci.get", SECOND));
    world.counting(reads("ci.get"));
    let call = || world.call("ci.get", json!({}));
    let output = ToolOutput::json(&json!({})).unwrap();
    world.cache().set(&call(), &output, Some(9 * SECOND)).unwrap();
    world.clock.advance(8 * SECOND);
    assert!(world.cache().contains(&call()));
    assert_eq!(world.cache().set(&call(), &output, Some(Duration::ZERO)), Err(Rejection::NoLifetime));
    world.cache().set(&call(), &output, Some(Duration::MAX)).unwrap();
    world.clock.advance(SECOND * 1_000_000);
    assert!(world.cache().contains(&call()));
}

#[test]
fn unknown_tools_in_overrides_are_named() {
    let tools: Vec<ToolName> = ["ci.search", "ci.get"].map(|name| name.parse().unwrap()).into();
    let policy = CachePolicy::builder().ttl("ci.*", SECOND).ttl("ci.serch", SECOND).build().unwrap();
    assert_eq!(
        policy.check_tools(&tools).unwrap_err().to_string(),
        "cache policy: ttl.ci.serch: no tool is called so; did you mean `ci.search`?"
    );
    let policy = CachePolicy::builder().ttl("*", SECOND).ttl("CI_GET", SECOND).build().unwrap();
    policy.check_tools(&tools).unwrap();
    let policy = CachePolicy::builder().ttl("graph.*", SECOND).build().unwrap();
    assert_eq!(policy.check_tools(&tools).unwrap_err().field(), "ttl.graph.*");
}

#[test]
fn correlation_fields_can_be_replaced() {
    let world = World::with(CachePolicy::builder().correlation_fields(["span"]));
    world.counting(reads("ci.get"));
    let key = |params| world.cache().generate_key(&world.call("ci.get", params));
    assert_eq!(key(json!({"a": 1, "span": 1})), key(json!({"a": 1, "span": 2})));
    assert_ne!(key(json!({"a": 1, "trace_id": 1})), key(json!({"a": 1, "trace_id": 2})));
}
