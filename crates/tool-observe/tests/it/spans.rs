use std::{collections::HashSet, sync::Arc, time::Duration};

use tool_core::{CallContext, Params, ToolExecutor, TraceParent};
use tool_observe::{ObservePolicy, TraceFilter, TraceRef};

use crate::scripted::{Observed, ann, executed};

fn observed() -> Observed {
    Observed::keeping(ObservePolicy::default(), executed())
}

/// The context that the tool of a call saw.
fn seen(observed: &Observed, at: usize) -> CallContext {
    observed.traced.inner().seen.lock().unwrap()[at].context().clone()
}

#[tokio::test]
async fn call_inside_becomes_a_child() {
    let observed = observed();
    observed.traced.execute(observed.call("{}", ann())).await.unwrap();
    observed.traced.execute(observed.get.call(Params::empty(), seen(&observed, 0))).await.unwrap();
    let traces = observed.tracer.recent(&TraceFilter::every_tenant());
    let (child, root) = (&traces[0], &traces[1]);
    assert_eq!((child.parent_span_id, root.parent_span_id), (Some(root.span_id), None));
    assert_eq!(child.trace_id, root.trace_id);
    assert_ne!(child.span_id, root.span_id);
}

#[tokio::test]
async fn foreign_parent_is_kept() {
    let observed = observed();
    let parent: TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".parse().unwrap();
    observed.traced.execute(observed.call("{}", ann().with_trace(parent))).await.unwrap();
    let trace = observed.tracer.recent(&TraceFilter::every_tenant()).remove(0);
    assert_eq!(trace.trace_id.to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(trace.parent_span_id.unwrap().to_string(), "00f067aa0ba902b7");
    assert_eq!(seen(&observed, 0).trace().unwrap().span_id().to_string(), parent_of(&trace.span_id.to_string()));
}

fn parent_of(span: &str) -> String {
    u64::from_str_radix(span, 16).unwrap().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_steps_are_no_orphans() {
    let observed = Arc::new(observed());
    observed.traced.execute(observed.call("{}", ann())).await.unwrap();
    let context = seen(&observed, 0);
    let steps = (0..64).map(|_| {
        let (observed, call) = (Arc::clone(&observed), observed.get.call(Params::empty(), context.clone()));
        tokio::spawn(async move { observed.traced.execute(call).await })
    });
    for step in steps.collect::<Vec<_>>() {
        step.await.unwrap().unwrap();
    }
    let traces = observed.tracer.recent(&TraceFilter::every_tenant());
    let root = traces.last().unwrap();
    assert_eq!(traces.iter().filter(|trace| trace.parent_span_id == Some(root.span_id)).count(), 64);
    assert_eq!(traces.iter().map(|trace| trace.span_id).collect::<HashSet<_>>().len(), 65);
}

/// Records a root with children at 1 ms and 2 ms, the first with a child of its own, and a call of another trace.
async fn family(observed: &Observed) -> TraceFilter {
    let open = observed.tracer.start_trace(&observed.call("{}", ann()));
    let inside = ann().with_trace(open.trace_parent());
    observed.clock.advance(Duration::from_millis(1));
    let first = observed.tracer.start_trace(&observed.get.call(Params::empty(), inside.clone()));
    let deeper = ann().with_trace(first.trace_parent());
    observed.run(Duration::from_millis(1), executed(), deeper).await;
    observed.tracer.end_trace(first, &executed());
    observed.run(Duration::from_millis(1), executed(), inside).await;
    observed.tracer.end_trace(open, &executed());
    observed.run(Duration::from_millis(1), executed(), ann()).await;
    TraceFilter::tenant("acme")
}

#[tokio::test]
async fn trace_is_found_as_a_tree() {
    let observed = observed();
    let filter = family(&observed).await;
    let oldest = observed.tracer.recent(&filter).remove(4 - 1);
    let lines = observed.tracer.find(&filter, TraceRef::Trace(oldest.trace_id));
    let shape: Vec<(usize, &str)> = lines.iter().map(|line| (line.depth, line.trace.operation.as_str())).collect();
    assert_eq!(shape, [(0, "search"), (1, "get"), (2, "search"), (1, "search")]);
}

#[tokio::test]
async fn call_is_found_with_what_is_inside() {
    let observed = observed();
    let filter = family(&observed).await;
    let get = observed.tracer.recent(&filter.clone().tool("ci.get".parse().unwrap())).remove(0);
    let lines = observed.tracer.find(&filter, TraceRef::Span(get.span_id));
    let shape: Vec<(usize, &str)> = lines.iter().map(|line| (line.depth, line.trace.operation.as_str())).collect();
    assert_eq!(shape, [(0, "get"), (1, "search")]);
    assert!(observed.tracer.find(&filter, "00000000000000aa".parse().unwrap()).is_empty());
}

#[tokio::test]
async fn circular_parents_end() {
    let observed = observed();
    let filter = family(&observed).await;
    let mut traces = observed.tracer.recent(&filter);
    let (one, other) = (traces[1].span_id, traces[2].span_id);
    (traces[1].parent_span_id, traces[2].parent_span_id) = (Some(other), Some(one));
    let fresh = Observed::new(ObservePolicy::default(), executed());
    assert_eq!(fresh.tracer.restore(traces.clone()), 5);
    assert_eq!(fresh.tracer.find(&filter, TraceRef::Trace(traces[1].trace_id)).len(), 4);
}
