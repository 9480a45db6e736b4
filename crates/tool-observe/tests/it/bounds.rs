use std::time::Duration;

use tool_core::{CallContext, ToolExecutor};
use tool_observe::{ObservePolicy, ObservePolicyBuilder, TraceFilter};

use crate::scripted::{Observed, ann, executed};

#[track_caller]
fn refused(builder: ObservePolicyBuilder, field: &str, message: &str) {
    let error = builder.build().unwrap_err();
    assert_eq!((error.field(), error.to_string().as_str()), (field, message));
}

#[test]
fn settings_out_of_bounds_are_refused() {
    let builder = ObservePolicy::builder;
    refused(builder().max_traces(0), "max_traces", "`max_traces` is 0, but must be 1 to 1000000");
    refused(builder().max_traces(1_000_001), "max_traces", "`max_traces` is 1000001, but must be 1 to 1000000");
    refused(builder().max_bytes(9), "max_bytes", "`max_bytes` is 9, but must be at least 65536");
    refused(
        builder().max_params_bytes(9_000_000),
        "max_params_bytes",
        "`max_params_bytes` is 9000000, but must be at most `max_bytes`, which is 8388608",
    );
}

#[tokio::test]
async fn oldest_go_first_and_are_counted() {
    let observed = Observed::new(ObservePolicy::builder().max_traces(3).build().unwrap(), executed());
    for number in 0..5 {
        observed.run(Duration::ZERO, executed(), ann().with_request_id(number.to_string())).await;
    }
    let ids = observed.tracer.recent(&TraceFilter::every_tenant()).into_iter().map(|trace| trace.request_id.unwrap());
    assert_eq!(ids.collect::<Vec<_>>(), ["4", "3", "2"]);
    assert_eq!(observed.tracer.losses().traces, 2);
}

#[tokio::test]
async fn bytes_are_bounded_too() {
    let policy = ObservePolicy::builder().max_bytes(64 * 1024).max_params_bytes(10 * 1024).build().unwrap();
    let observed = Observed::new(policy, executed());
    let params = format!(r#"{{"text": "{}"}}"#, "x".repeat(9 * 1024));
    for _ in 0..20 {
        observed.traced.execute(observed.call(&params, ann())).await.unwrap();
    }
    let kept = observed.tracer.recent(&TraceFilter::every_tenant()).len();
    assert!((5..=7).contains(&kept), "{kept} records of 9 KiB in 64 KiB");
    assert_eq!(observed.tracer.losses().traces, 20 - kept as u64);
}

#[tokio::test]
async fn large_parameters_leave_their_size() {
    let observed = Observed::new(ObservePolicy::default(), executed());
    let params = format!(r#"{{"text":"{}"}}"#, "x".repeat(1_000_000));
    observed.traced.execute(observed.call(&params, ann())).await.unwrap();
    let trace = observed.tracer.recent(&TraceFilter::every_tenant()).remove(0);
    assert_eq!((trace.params, trace.params_bytes), (None, params.len() as u64));
    assert_eq!(observed.tracer.losses().params, 1);
}

#[tokio::test]
async fn record_over_the_bound_is_counted_alone() {
    let policy = ObservePolicy::builder().max_bytes(64 * 1024).build().unwrap();
    let observed = Observed::new(policy, executed());
    observed.run(Duration::ZERO, executed(), ann()).await;
    observed.run(Duration::ZERO, executed(), ann().with_request_id("r".repeat(70_000))).await;
    assert_eq!(observed.tracer.recent(&TraceFilter::every_tenant()).len(), 1);
    assert_eq!((observed.tracer.losses().traces, observed.tracer.performance_stats()[0].calls), (1, 2));
}

#[tokio::test]
async fn tenants_beyond_the_bound_are_counted_together() {
    let observed = Observed::new(ObservePolicy::default(), executed());
    for number in 0..103 {
        observed.run(Duration::ZERO, executed(), CallContext::new(format!("t{number}"), "ann")).await;
    }
    let tracer = &observed.tracer;
    assert_eq!((tracer.performance_stats()[0].calls, tracer.losses().tenants), (103, 3));
    assert!(tracer.performance_stats_of("t102").is_empty());
    assert_eq!(tracer.recent(&TraceFilter::tenant("t102")).len(), 1);
}
