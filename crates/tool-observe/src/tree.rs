//! Which call was made inside of which?

use std::collections::HashMap;

use serde::Serialize;

use crate::{SpanId, ToolExecutionTrace};

/// One call of a trace and how deep it is inside of the calls shown before it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TraceLine {
    /// How many of the calls that are shown this one is inside of.
    pub depth: usize,
    /// The call.
    pub trace: ToolExecutionTrace,
}

/// Puts calls in the order of a tree: each before the calls inside of it, those by start.
///
/// A call whose parent is not among them is a root; with `root`, that call and what is inside of it is all there is. No
/// recursion, and no call twice, whatever the parents say: the calls may come from a file.
pub(crate) fn lines(mut traces: Vec<ToolExecutionTrace>, root: Option<SpanId>) -> Vec<TraceLine> {
    traces.sort_by_key(|trace| (trace.started_at, trace.span_id));
    let spans: HashMap<SpanId, usize> = traces.iter().enumerate().map(|(at, trace)| (trace.span_id, at)).collect();
    let mut inside: HashMap<SpanId, Vec<usize>> = HashMap::new();
    let mut starts = Vec::new();
    for (at, trace) in traces.iter().enumerate() {
        match trace.parent_span_id.filter(|parent| spans.contains_key(parent)) {
            Some(parent) => inside.entry(parent).or_default().push(at),
            None => starts.push(at),
        }
    }
    match root {
        Some(root) => starts = spans.get(&root).copied().into_iter().collect(),
        // Calls that are each other's parents hang from no root; they are shown all the same.
        None => starts.extend(0..traces.len()),
    }
    walk(traces, &starts, &inside)
}

/// Goes down from each start in turn, skipping what was seen.
fn walk(traces: Vec<ToolExecutionTrace>, starts: &[usize], inside: &HashMap<SpanId, Vec<usize>>) -> Vec<TraceLine> {
    let mut left: Vec<Option<ToolExecutionTrace>> = traces.into_iter().map(Some).collect();
    let mut lines = Vec::with_capacity(left.len());
    for start in starts {
        let mut open = vec![(*start, 0)];
        while let Some((at, depth)) = open.pop() {
            if let Some(trace) = left[at].take() {
                let children = inside.get(&trace.span_id).into_iter().flatten();
                open.extend(children.rev().map(|child| (*child, depth + 1)));
                lines.push(TraceLine { depth, trace });
            }
        }
    }
    lines
}
