use std::time::{Duration, SystemTime};

use serde_json::json;
use tool_core::{ErrorKind, Limit, Origin, ToolExecutor, ToolOutput};
use tool_observe::{ObservePolicy, TraceFilter, TraceStatus};

use crate::scripted::{Observed, ann, executed, failed, hit};

const MILLI: Duration = Duration::from_millis(1);

fn observed() -> Observed {
    Observed::new(ObservePolicy::default(), executed())
}

fn everything() -> TraceFilter {
    TraceFilter::every_tenant()
}

#[tokio::test]
async fn every_field_is_filled() {
    let observed = observed();
    observed.clock.advance(Duration::from_secs(3));
    let mut result = ToolOutput::json(&json!([1, 2])).unwrap().limited(Limit::new("limit", Some(9), 2));
    result.report.attempts = 3;
    result.report.fallback_from = Some("ci.get".parse().unwrap());
    observed.then(5 * MILLI, Ok(result));
    let params = r#"{"keywords":["db"],"limit":9}"#;
    observed.traced.execute(observed.call(params, ann().with_request_id("r-1"))).await.unwrap();

    let trace = observed.tracer.recent(&everything()).remove(0);
    let expected = json!({
        "trace_id": trace.trace_id.to_string(), "span_id": trace.span_id.to_string(), "parent_span_id": null,
        "tool": "ci.search", "operation": "search", "tenant": "acme", "principal": "ann", "request_id": "r-1",
        "started_at": "2026-01-01T00:00:03Z", "duration_ms": 5.0, "status": "ok", "error_kind": null,
        "origin": "executed", "cache_hit": false, "age_ms": 0.0, "attempts": 3, "retry_count": 2,
        "fallback_from": "ci.get", "params": {"keywords": ["db"], "limit": 9}, "params_bytes": params.len(),
        "result_bytes": 5, "limited": true,
    });
    assert_eq!(serde_json::to_value(&trace).unwrap(), expected);
}

#[tokio::test]
async fn hit_says_its_age() {
    let observed = observed();
    observed.run(MILLI, hit(), ann()).await;
    let trace = observed.tracer.recent(&everything()).remove(0);
    assert_eq!((trace.origin, trace.cache_hit, trace.age), (Origin::Hit, true, Duration::from_secs(7)));
    assert_eq!((trace.attempts, trace.retry_count), (0, 0));
}

#[tokio::test]
async fn failure_says_its_kind() {
    let observed = observed();
    observed.run(MILLI, failed(ErrorKind::Overloaded), ann()).await;
    let trace = observed.tracer.recent(&everything()).remove(0);
    assert_eq!((trace.status, trace.error_kind), (TraceStatus::Error, Some(ErrorKind::Overloaded)));
    assert_eq!(trace.result_bytes, 0);
}

#[tokio::test]
async fn dropped_call_is_recorded_as_cancelled() {
    let observed = observed();
    let open = observed.tracer.start_trace(&observed.call("{}", ann()));
    observed.clock.advance(4 * MILLI);
    drop(open);
    let trace = observed.tracer.recent(&everything()).remove(0);
    assert_eq!((trace.error_kind, trace.duration), (Some(ErrorKind::Cancelled), 4 * MILLI));
}

#[tokio::test]
async fn result_passes_unchanged() {
    let observed = observed();
    let output = observed.traced.execute(observed.call("{}", ann())).await.unwrap();
    assert_eq!(output.payload, executed().unwrap().payload);
    observed.then(MILLI, failed(ErrorKind::NotFound));
    assert_eq!(observed.traced.execute(observed.call("{}", ann())).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn filters_hold_together() {
    let observed = observed();
    for result in [executed(), failed(ErrorKind::Failed), failed(ErrorKind::Failed), executed()] {
        observed.run(MILLI, result, ann()).await;
    }
    observed.then(MILLI, failed(ErrorKind::Failed));
    let _ = observed.traced.execute(observed.get.call(tool_core::Params::empty(), ann())).await;
    let count = |filter: &TraceFilter| observed.tracer.recent(filter).len();
    assert_eq!((count(&everything()), count(&everything().failures())), (5, 3));
    assert_eq!(count(&everything().failures().tool("ci.search".parse().unwrap())), 2);
    assert_eq!(count(&everything().failures().limit(1)), 1);
}

#[tokio::test]
async fn newest_comes_first() {
    let observed = observed();
    for _ in 0..3 {
        observed.run(MILLI, executed(), ann()).await;
    }
    let starts: Vec<SystemTime> = observed.tracer.recent(&everything()).iter().map(|trace| trace.started_at).collect();
    assert!(starts.is_sorted_by(|newer, older| newer > older));
}

#[tokio::test]
async fn wall_time_follows_a_long_run() {
    let observed = observed();
    observed.clock.advance(Duration::from_secs(86_400));
    observed.run(MILLI, executed(), ann()).await;
    let trace = serde_json::to_value(&observed.tracer.recent(&everything())[0]).unwrap();
    assert_eq!(trace["started_at"], "2026-01-02T00:00:00Z");
}

#[tokio::test]
async fn disabled_tracer_sees_nothing() {
    let observed = Observed::keeping(ObservePolicy::builder().enabled(false).build().unwrap(), executed());
    observed.traced.execute(observed.call("{}", ann())).await.unwrap();
    assert!(observed.tracer.recent(&everything()).is_empty() && observed.tracer.performance_stats().is_empty());
    assert_eq!(observed.traced.inner().seen.lock().unwrap()[0].context().trace(), None);
}

#[tokio::test]
async fn tenants_do_not_see_each_other() {
    let observed = observed();
    for tenant in ["acme", "evil", "acme"] {
        observed.run(MILLI, executed(), tool_core::CallContext::new(tenant, "ann")).await;
    }
    let tracer = &observed.tracer;
    assert_eq!(tracer.recent(&TraceFilter::tenant("acme")).len(), 2);
    assert!(tracer.recent(&TraceFilter::tenant("evil")).iter().all(|trace| trace.tenant == "evil"));
    assert_eq!(tracer.performance_stats_of("evil")[0].calls, 1);
    assert!(tracer.performance_stats_of("nobody").is_empty());
    let foreign = tracer.recent(&TraceFilter::tenant("acme"))[0].span_id;
    assert!(tracer.find(&TraceFilter::tenant("evil"), tool_observe::TraceRef::Span(foreign)).is_empty());
}
