//! `graph.path`: how are two items connected?

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::json;
use tool_core::{Limit, Tool, ToolCall, ToolError, ToolResult};

use super::shape::{Clamp, Edge, Node, clamp_made, edge, edges_schema, node, nodes_schema};
use crate::estate::{Estate, Graph, GraphPath, NodeId, View};
use crate::tools::context::{
    Cut, Declaration, GRAPH_TTL, answer, clamp, limit_schema, object, reading_tool, truncated_schema, unknown_item,
};

const MAX_HOPS: u32 = 10;

#[derive(Deserialize)]
struct Params {
    ci_id: String,
    target_ci_id: String,
    max_hops: Option<u64>,
}

#[derive(Serialize)]
struct Answer<'a> {
    found: bool,
    nodes: Vec<Node<'a>>,
    edges: Vec<Edge<'a>>,
    hop_count: Option<usize>,
    truncated: Option<Cut>,
    meta: Meta,
}

#[derive(Serialize)]
struct Meta {
    view: View,
    max_hops: u32,
    rel_types: &'static [&'static str],
    clamped: Vec<Clamp>,
}

/// Returns the tool.
pub(super) fn tool(estate: &Arc<dyn Estate>) -> Arc<dyn Tool> {
    reading_tool(estate, declaration(), run)
}

fn declaration() -> Declaration {
    let input = json!({
        "ci_id": {"type": "string", "minLength": 1, "description": "where to start, by id or code"},
        "target_ci_id": {"type": "string", "minLength": 1, "description": "where to arrive, by id or code"},
        "max_hops": limit_schema("how many hops the path may have", MAX_HOPS, MAX_HOPS),
    });
    let output = json!({
        "found": {"type": "boolean"}, "nodes": nodes_schema(), "edges": edges_schema(),
        "hop_count": {"type": ["integer", "null"], "description": "null if there is no path"},
        "truncated": truncated_schema(), "meta": {"type": "object"},
    });
    Declaration {
        name: "graph.path",
        description: "Finds one shortest path between two items over their relations, in either direction. No path \
                      within the hops is an answer; an unknown item is an error.",
        input: object(input, &["ci_id", "target_ci_id"]),
        output: object(output, &["found", "nodes", "edges", "hop_count", "truncated", "meta"]),
        ttl: GRAPH_TTL,
    }
}

async fn run(estate: Arc<dyn Estate>, call: ToolCall) -> ToolResult {
    let params: Params = call.parse()?;
    let graph = estate.graph(call.context().tenant()).await?;
    let (start, target) = ends(&graph, &params)?;
    let hops = clamp("max_hops", params.max_hops, MAX_HOPS, MAX_HOPS);
    let path = graph.shortest_path(start, target, View::Path, hops.used);
    // Without a path, the next question is whether there is a longer one.
    let longer = if path.is_none() { graph.shortest_path(start, target, View::Path, u32::MAX) } else { None };
    let truncated = longer.as_ref().map(|_| Cut { limit: "max_hops", value: hops.used.into() });
    let cut = longer.map(|l| Limit::new("max_hops", Some(l.edges.len() as u64), hops.used.into()));
    let why = format!("a path has at most {MAX_HOPS} hops");
    let meta = Meta {
        view: View::Path,
        max_hops: hops.used,
        rel_types: View::Path.relations(),
        clamped: clamp_made("max_hops", &hops, why).into_iter().collect(),
    };
    answer(&shape(&graph, path.as_ref(), truncated, meta), [hops.limit, cut], Vec::new())
}

fn ends(graph: &Graph, params: &Params) -> Result<(NodeId, NodeId), ToolError> {
    let find = |name: &str| graph.find(name).ok_or_else(|| unknown_item(graph, name));
    match (find(&params.ci_id), find(&params.target_ci_id)) {
        (Ok(start), Ok(target)) => Ok((start, target)),
        (Err(e), Ok(_)) | (Ok(_), Err(e)) => Err(e.into()),
        (Err(first), Err(second)) => {
            let near = first.candidates().iter().chain(second.candidates()).map(|c| c.ci_code.clone());
            let near: Vec<String> = near.collect();
            Err(ToolError::new(tool_core::ErrorKind::NotFound, format!("{first}; {second}")).with_suggestions(near))
        }
    }
}

fn shape<'a>(graph: &'a Graph, path: Option<&'a GraphPath>, truncated: Option<Cut>, meta: Meta) -> Answer<'a> {
    let nodes = path.iter().flat_map(|p| &p.nodes);
    Answer {
        found: path.is_some(),
        nodes: nodes.zip(0..).map(|(id, hops)| node(graph, *id, hops)).collect(),
        edges: path.iter().flat_map(|p| &p.edges).map(|e| edge(graph, e)).collect(),
        hop_count: path.map(|p| p.edges.len()),
        truncated,
        meta,
    }
}
