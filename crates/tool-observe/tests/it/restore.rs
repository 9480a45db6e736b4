use std::time::Duration;

use tool_core::{CallContext, ErrorKind};
use tool_observe::{ObservePolicy, TenantStats, ToolExecutionTrace, TraceFilter};

use crate::scripted::{Observed, ann, executed, failed, hit};

const MILLI: Duration = Duration::from_millis(1);

async fn earlier() -> Observed {
    let observed = Observed::new(ObservePolicy::default(), executed());
    observed.run(MILLI, executed(), ann()).await;
    observed.run(3 * MILLI, failed(ErrorKind::Unavailable), ann()).await;
    observed.run(MILLI, hit(), CallContext::new("beta", "bob")).await;
    observed
}

fn later(traces: usize) -> Observed {
    Observed::new(ObservePolicy::builder().max_traces(traces).build().unwrap(), executed())
}

/// Sends traces through the text that a state file would hold.
fn saved(observed: &Observed) -> Vec<ToolExecutionTrace> {
    let text = serde_json::to_string(&observed.tracer.recent(&TraceFilter::every_tenant())).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[tokio::test]
async fn traces_outlive_the_process() {
    let (earlier, later) = (earlier().await, later(10));
    assert_eq!(later.tracer.restore(saved(&earlier)), 3);
    assert_eq!(later.tracer.recent(&TraceFilter::every_tenant()), earlier.tracer.recent(&TraceFilter::every_tenant()));
    assert_eq!(later.tracer.recent(&TraceFilter::tenant("beta")).len(), 1);
}

#[tokio::test]
async fn restored_are_older_than_all() {
    let (earlier, later) = (earlier().await, later(10));
    later.run(MILLI, executed(), ann().with_request_id("new")).await;
    later.tracer.restore(saved(&earlier));
    let traces = later.tracer.recent(&TraceFilter::every_tenant());
    assert_eq!((traces.len(), traces[0].request_id.as_deref()), (4, Some("new")));
    assert_eq!(traces[1..], saved(&earlier));
}

#[tokio::test]
async fn restored_stay_within_bounds() {
    let (earlier, later) = (earlier().await, later(2));
    assert_eq!(later.tracer.restore(saved(&earlier)), 2);
    assert_eq!(later.tracer.recent(&TraceFilter::every_tenant()), saved(&earlier)[..2]);
    later.run(MILLI, executed(), ann()).await;
    assert_eq!((later.tracer.recent(&TraceFilter::every_tenant()).len(), later.tracer.losses().traces), (2, 1));
}

#[tokio::test]
async fn disabled_tracer_loses_nothing_restored() {
    let (earlier, off) = (earlier().await, ObservePolicy::builder().enabled(false).build().unwrap());
    let later = Observed::new(off, executed());
    later.tracer.restore(saved(&earlier));
    assert_eq!(saved(&later), saved(&earlier));
}

#[tokio::test]
async fn counts_outlive_the_process() {
    let (earlier, later) = (earlier().await, later(10));
    let text = serde_json::to_string(&earlier.tracer.tenant_stats()).unwrap();
    later.tracer.restore_stats(serde_json::from_str::<Vec<TenantStats>>(&text).unwrap());
    assert_eq!(later.tracer.tenant_stats(), earlier.tracer.tenant_stats());
    later.run(5 * MILLI, executed(), ann()).await;
    let stats = later.tracer.performance_stats_of("acme").remove(0);
    assert_eq!((stats.calls, stats.errors, stats.max, stats.total), (3, 1, 5 * MILLI, 9 * MILLI));
    assert_eq!(later.tracer.performance_stats()[0].calls, 4);
    assert_eq!(later.tracer.performance_stats_of("beta")[0].cache_hits, 1);
}

#[tokio::test]
async fn unknown_kind_is_named() {
    let text = serde_json::to_string(&saved(&earlier().await)[1]).unwrap().replace("unavailable", "haunted");
    let error = serde_json::from_str::<ToolExecutionTrace>(&text).unwrap_err();
    assert!(error.to_string().starts_with("`haunted` is no kind of error"), "{error}");
}
