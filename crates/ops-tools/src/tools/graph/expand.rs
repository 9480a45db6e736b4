//! `graph.expand`: what is around an item?

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::json;
use tool_core::{Limit, Tool, ToolCall, ToolResult};

use super::shape::{Clamp, Edge, Node, clamp_made, edge, edges_schema, node, nodes_schema};
use crate::estate::{Direction, Estate, Expand, Expansion, Graph, View, WalkLimit};
use crate::tools::context::{
    Clamped, Cut, Declaration, GRAPH_TTL, answer, clamp, limit_schema, object, reading_tool, truncated_schema,
    unknown_item,
};

const DEFAULT_NODES: u32 = 200;
const MAX_NODES: u32 = 2_000;
const DEFAULT_EDGES: u32 = 400;
const MAX_EDGES: u32 = 8_000;
const DEFAULT_PATHS: u32 = 25;

#[derive(Deserialize)]
struct Params {
    ci_id: String,
    #[serde(default)]
    view: View,
    depth: Option<u64>,
    #[serde(default)]
    limits: Limits,
}

#[derive(Deserialize, Default)]
struct Limits {
    max_nodes: Option<u64>,
    max_edges: Option<u64>,
    max_paths: Option<u64>,
}

#[derive(Serialize)]
struct Answer<'a> {
    nodes: Vec<Node<'a>>,
    edges: Vec<Edge<'a>>,
    ids: Vec<&'a str>,
    summary: Summary<'a>,
    total: Total,
    truncated: Option<Cut>,
    meta: Meta,
}

#[derive(Serialize)]
struct Summary<'a> {
    rel_type_counts: BTreeMap<&'a str, usize>,
    node_count: usize,
    edge_count: usize,
}

#[derive(Serialize)]
struct Total {
    nodes: usize,
    edges: usize,
}

#[derive(Serialize)]
struct Meta {
    view: View,
    direction: Direction,
    depth: u32,
    limits: UsedLimits,
    rel_types: &'static [&'static str],
    clamped: Vec<Clamp>,
}

#[derive(Serialize)]
struct UsedLimits {
    max_nodes: u32,
    max_edges: u32,
    max_paths: u64,
}

/// Returns the tool.
pub(super) fn tool(estate: &Arc<dyn Estate>) -> Arc<dyn Tool> {
    reading_tool(estate, declaration(), run)
}

fn declaration() -> Declaration {
    let limits = json!({
        "max_nodes": limit_schema("how many nodes to return", DEFAULT_NODES, MAX_NODES),
        "max_edges": limit_schema("how many edges to return", DEFAULT_EDGES, MAX_EDGES),
        "max_paths": {
            "type": "integer", "minimum": 1, "default": DEFAULT_PATHS,
            "description": "accepted for older callers: nodes are visited once each, so there are no paths to limit",
        },
    });
    let input = json!({
        "ci_id": {"type": "string", "minLength": 1, "description": "where to start, by id or code"},
        "view": {
            "enum": View::ALL.map(View::name), "default": "COMPOSITION",
            "description": "COMPOSITION: its parts. DEPENDENCIES: what it needs. IMPACT: who breaks when it breaks. \
                            DEPENDENCY: needs and dependents mixed. NEIGHBORS, SUMMARY: everything around.",
        },
        "depth": {
            "type": "integer", "minimum": 1,
            "description": "how many hops; each view has its default and its maximum (up to 6), more is clamped and said",
        },
        "limits": object(limits, &[]),
    });
    let whole = json!({"type": "integer"});
    let output = json!({
        "nodes": nodes_schema(), "edges": edges_schema(), "ids": {"type": "array", "items": {"type": "string"}},
        "summary": object(
            json!({"rel_type_counts": {"type": "object"}, "node_count": whole, "edge_count": whole}),
            &["rel_type_counts", "node_count", "edge_count"],
        ),
        "total": object(json!({"nodes": whole, "edges": whole}), &["nodes", "edges"]),
        "truncated": truncated_schema(),
        "meta": {"type": "object"},
    });
    Declaration {
        name: "graph.expand",
        description: "Walks the relations around an item, breadth-first: its parts, what it needs, or who breaks when \
                      it breaks.",
        input: object(input, &["ci_id"]),
        output: object(output, &["nodes", "edges", "ids", "summary", "total", "truncated", "meta"]),
        ttl: GRAPH_TTL,
    }
}

async fn run(estate: Arc<dyn Estate>, call: ToolCall) -> ToolResult {
    let params: Params = call.parse()?;
    let graph = estate.graph(call.context().tenant()).await?;
    let start = graph.find(&params.ci_id).ok_or_else(|| unknown_item(&graph, &params.ci_id))?;
    let view = params.view;
    let depth = clamp("depth", params.depth, view.default_depth(), view.max_depth());
    let nodes = clamp("max_nodes", params.limits.max_nodes, DEFAULT_NODES, MAX_NODES);
    let edges = clamp("max_edges", params.limits.max_edges, DEFAULT_EDGES, MAX_EDGES);
    let query =
        Expand { start, view, depth: depth.used, max_nodes: nodes.used as usize, max_edges: edges.used as usize };
    let found = graph.expand(&query);
    let truncated = cut(&found, &query);
    let total = match truncated {
        Some(_) => graph.reach(start, view, depth.used),
        None => (found.nodes.len(), found.edges.len()),
    };
    let limits = UsedLimits {
        max_nodes: nodes.used,
        max_edges: edges.used,
        max_paths: params.limits.max_paths.unwrap_or(DEFAULT_PATHS.into()),
    };
    let cut_by = truncated.as_ref().map(|cut| {
        let there = if cut.limit == "max_nodes" { total.0 } else { total.1 };
        Limit::new(cut.limit, Some(there as u64), cut.value)
    });
    let clamped = clamps(view, &depth, &nodes, &edges);
    let meta =
        Meta { view, direction: view.direction(), depth: depth.used, limits, rel_types: view.relations(), clamped };
    let result = shape(&graph, &found, total, truncated, meta);
    answer(&result, [depth.limit, nodes.limit, edges.limit, cut_by], Vec::new())
}

fn shape<'a>(
    graph: &'a Graph,
    found: &'a Expansion,
    total: (usize, usize),
    truncated: Option<Cut>,
    meta: Meta,
) -> Answer<'a> {
    Answer {
        nodes: found.nodes.iter().map(|r| node(graph, r.node, r.hops)).collect(),
        edges: found.edges.iter().map(|e| edge(graph, e)).collect(),
        ids: found.nodes.iter().map(|r| graph.node(r.node).id.as_str()).collect(),
        summary: Summary {
            rel_type_counts: found.rel_type_counts.iter().map(|(t, n)| (t.as_ref(), *n)).collect(),
            node_count: found.nodes.len(),
            edge_count: found.edges.len(),
        },
        total: Total { nodes: total.0, edges: total.1 },
        truncated,
        meta,
    }
}

fn cut(found: &Expansion, query: &Expand) -> Option<Cut> {
    let (limit, value) = match found.truncated? {
        WalkLimit::MaxNodes => ("max_nodes", query.max_nodes),
        WalkLimit::MaxEdges => ("max_edges", query.max_edges),
    };
    Some(Cut { limit, value: value as u64 })
}

fn clamps(view: View, depth: &Clamped, nodes: &Clamped, edges: &Clamped) -> Vec<Clamp> {
    let hops = format!("the view {} follows at most {} hops", view.name(), view.max_depth());
    let most = |what| format!("a call returns at most {what}");
    [
        clamp_made("depth", depth, hops),
        clamp_made("max_nodes", nodes, most("2000 nodes")),
        clamp_made("max_edges", edges, most("8000 edges")),
    ]
    .into_iter()
    .flatten()
    .collect()
}
