use runner::{
    Config, Runner,
    tool_cache::CachePolicy,
    tool_core::{ErrorKind, Origin, ToolOutput, ToolSpec, tool_fn},
    tool_guard::GuardPolicy,
    tool_observe::TraceFilter,
    tool_select::ToolSelectionContext,
};
use serde_json::json;

use crate::bench::{Bench, context, hang, params};

#[tokio::test]
async fn cache_can_be_switched_off() {
    let bench = Bench::new("[cache]\nenabled = false\n");
    for _ in 0..2 {
        assert_eq!(bench.call("test.echo", json!({})).await.unwrap().report.origin, Origin::Executed);
    }
    assert_eq!(bench.runs(), 2);
}

#[tokio::test]
async fn policy_can_be_switched_off() {
    let denied = "[policy]\ndeny = [\"test.*\"]\n";
    let bench = Bench::new(denied);
    assert_eq!(bench.call("test.echo", json!({})).await.unwrap_err().kind(), ErrorKind::Denied);
    let bench = Bench::new(&format!("{denied}enabled = false\n"));
    assert!(bench.call("test.echo", json!({})).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn guard_can_be_switched_off() {
    let limits = "[guard]\ntimeout = \"2s\"\nmax_timeout = \"4s\"\n";
    let cache = "[cache]\nenabled = false\n";
    let bench = Bench::new(&format!("{cache}{limits}"));
    assert_eq!(bench.call("test.hang", json!({})).await.unwrap_err().kind(), ErrorKind::TimedOut);
    let bench = Bench::new(&format!("{cache}{limits}enabled = false\n"));
    let hour = std::time::Duration::from_secs(3600);
    assert!(tokio::time::timeout(hour, bench.call("test.hang", json!({}))).await.is_err());
}

#[tokio::test]
async fn observation_can_be_switched_off() {
    let bench = Bench::new("[observe]\nenabled = false\n");
    bench.call("test.echo", json!({})).await.unwrap();
    bench.runner.run("twice", params(json!({})), context()).await.unwrap();
    assert!(bench.runner.tracer().recent(&TraceFilter::tenant("acme")).is_empty());
}

#[test]
fn selection_can_be_switched_off() {
    let request = ToolSelectionContext::new(context()).with_intent("LOOKUP");
    assert!(Bench::new("").runner.select(&request).is_ok());
    let bench = Bench::new("[select]\nenabled = false\n");
    assert_eq!(bench.runner.select(&request).unwrap_err().kind(), ErrorKind::Unavailable);
    assert!(bench.runner.search("echo", &request).is_err());
}

#[tokio::test]
async fn composition_can_be_switched_off() {
    let bench = Bench::new("[compose]\nenabled = false\n");
    let error = bench.runner.run("twice", params(json!({})), context()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(bench.call("compose.twice", json!({})).await.unwrap_err().kind(), ErrorKind::UnknownTool);
}

#[tokio::test]
async fn lifetime_follows_the_configuration() {
    let bench = Bench::new("[cache]\ndefault_ttl = \"1h\"\n[cache.ttl]\n\"test.*\" = \"1ms\"\n");
    bench.call("test.echo", json!({})).await.unwrap();
    let key = bench.runner.cache().snapshot_keys().remove(0);
    assert!(key.remaining <= std::time::Duration::from_millis(1));
}

#[tokio::test(start_paused = true)]
async fn policies_given_whole_stand_before_the_configuration() {
    let config = Config::parse("[cache]\nenabled = false\n[guard]\ntimeout = \"9s\"\n", "test.toml").unwrap();
    let guard = GuardPolicy::builder().default_timeout(std::time::Duration::from_secs(2)).deadlines_only().build();
    let builder = Runner::builder().config(config).cache(CachePolicy::default()).guard(guard.unwrap());
    let runner = builder.tool(hang()).build().unwrap();
    assert!(runner.cache().policy().enabled());
    let error = runner.call("test.hang", params(json!({})), context()).await.unwrap_err();
    assert_eq!(error.to_string(), "test.hang did not end within 2s (the guard's default timeout)");
}

#[test]
fn lifetime_of_unknown_tool_is_refused() {
    let build = |toml: &str| {
        let spec = ToolSpec::builder("test.echo", "Echoes.").build().unwrap();
        let tool = tool_fn(spec, |_| async { ToolOutput::json(&1) });
        Runner::builder().config(Config::parse(toml, "test.toml").unwrap()).tool(tool).build()
    };
    let error = build("[cache.ttl]\n\"test.eco\" = \"5m\"\n").err().unwrap();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(cause, "cache policy: ttl.test.eco: no tool is called so; did you mean `test.echo`?");
    assert!(build("[cache.ttl]\n\"test.*\" = \"5m\"\n").is_ok());
}
