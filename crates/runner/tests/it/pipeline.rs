use runner::{
    Config, Runner,
    tool_core::{CallContext, ErrorKind, Origin},
    tool_observe::TraceFilter,
    tool_select::ToolSelectionContext,
};
use serde_json::json;

use crate::bench::{Bench, context, params};

#[tokio::test]
async fn second_call_is_a_hit() {
    let bench = Bench::new("");
    assert_eq!(bench.call("test.echo", json!({"n": 1})).await.unwrap().report.origin, Origin::Executed);
    assert_eq!(bench.call("test.echo", json!({"n": 1})).await.unwrap().report.origin, Origin::Hit);
    assert_eq!(bench.call("test.echo", json!({"n": 2})).await.unwrap().report.origin, Origin::Executed);
    assert_eq!(bench.runs(), 2);
}

#[tokio::test]
async fn hits_and_failures_are_traced() {
    let bench = Bench::new("");
    bench.call("test.echo", json!({})).await.unwrap();
    bench.call("test.echo", json!({})).await.unwrap();
    bench.call("test.fail", json!({})).await.unwrap_err();
    let traces = bench.runner.tracer().recent(&TraceFilter::tenant("acme"));
    let seen: Vec<(Origin, Option<ErrorKind>)> =
        traces.iter().rev().map(|trace| (trace.origin, trace.error_kind)).collect();
    assert_eq!(seen[..2], [(Origin::Executed, None), (Origin::Hit, None)]);
    assert_eq!(seen[2].1, Some(ErrorKind::Failed));
}

#[tokio::test]
async fn failure_is_never_cached() {
    let bench = Bench::new("");
    for _ in 0..3 {
        bench.call("test.fail", json!({})).await.unwrap_err();
    }
    assert_eq!(bench.runs(), 3);
}

#[tokio::test]
async fn tenants_never_share_an_answer() {
    let bench = Bench::new("");
    for tenant in ["acme", "globex", "acme", "globex"] {
        let output = bench.runner.call("test.echo", params(json!({})), CallContext::new(tenant, "ann")).await.unwrap();
        assert_eq!(output.payload.value()["tenant"], tenant);
    }
    assert_eq!(bench.runs(), 2);
}

#[tokio::test]
async fn hit_never_skips_policy() {
    let bench = Bench::new("");
    bench.call("test.echo", json!({})).await.unwrap();
    let snapshot = bench.runner.cache().snapshot();
    let denied = Bench::new("[policy]\ndeny = [\"test.echo\"]\n");
    denied.runner.cache().restore(&snapshot).unwrap();
    assert_eq!(denied.call("test.echo", json!({})).await.unwrap_err().kind(), ErrorKind::Denied);
}

#[tokio::test]
async fn composition_runs_through_every_layer() {
    let bench = Bench::new("");
    let run = bench.runner.run("twice", params(json!({"n": 7})), context()).await.unwrap();
    let origins: Vec<Origin> = run.steps.iter().map(|step| step.output.as_ref().unwrap().report.origin).collect();
    assert_eq!(origins, [Origin::Executed, Origin::Hit]);
    let traces = bench.runner.tracer().recent(&TraceFilter::tenant("acme"));
    let root = traces.iter().find(|trace| trace.tool.as_str() == "compose.twice").unwrap();
    let children = traces.iter().filter(|trace| trace.parent_span_id == Some(root.span_id)).count();
    assert_eq!(children, 2);
}

#[tokio::test]
async fn composition_is_a_tool_too() {
    let bench = Bench::new("");
    let output = bench.call("compose.twice", json!({"n": 3})).await.unwrap();
    assert_eq!(output.payload.value()["primary"]["n"], 3);
    assert_eq!(output.report.origin, Origin::Executed);
    assert_eq!(bench.call("compose.twice", json!({"n": 3})).await.unwrap().report.origin, Origin::Executed);
    assert_eq!(bench.runs(), 1);
}

#[tokio::test]
async fn denied_composition_is_traced() {
    let bench = Bench::new("[policy]\ndeny = [\"compose.*\"]\n");
    let error = bench.runner.run("twice", params(json!({})), context()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Denied);
    let traces = bench.runner.tracer().recent(&TraceFilter::tenant("acme"));
    assert_eq!(traces.iter().map(|trace| trace.error_kind).collect::<Vec<_>>(), [Some(ErrorKind::Denied)]);
}

#[tokio::test]
async fn unknown_names_come_with_the_nearest() {
    let bench = Bench::new("");
    assert_eq!(bench.call("test.ecko", json!({})).await.unwrap_err().suggestions()[0], "test.echo");
    let error = bench.runner.run("twiec", params(json!({})), context()).await.unwrap_err();
    assert_eq!(error.suggestions()[0], "twice");
    let request = ToolSelectionContext::new(context()).with_intent("LOKUP");
    assert_eq!(bench.runner.select(&request).unwrap_err().suggestions(), ["LOOKUP"]);
}

#[tokio::test]
async fn selection_never_shows_what_policy_denies() {
    let bench = Bench::new("[policy]\ndeny = [\"test.echo\"]\n");
    let request = ToolSelectionContext::new(context()).with_intent("LOOKUP");
    let selection = bench.runner.select(&request).unwrap();
    assert_eq!(selection.best().unwrap().tool.spec().name().as_str(), "test.fail");
}

#[test]
fn composition_of_unknown_tools_is_refused() {
    let definition = serde_json::from_value(json!({
        "name": "broken", "description": "Calls nothing.", "steps": [{"id": "a", "tool": "no.tool"}],
    }));
    let error = Runner::builder().config(Config::default()).composition(definition.unwrap()).build().unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("no.tool"), "{cause}");
}
