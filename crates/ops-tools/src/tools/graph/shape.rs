//! How do nodes and edges look in a result?

use serde::Serialize;
use serde_json::{Value, json};
use tool_core::Limit;

use crate::estate::{Graph, GraphEdge, NodeId};
use crate::tools::context::{Clamped, object};

/// A node of a result.
#[derive(Debug, Serialize)]
pub(super) struct Node<'a> {
    id: &'a str,
    code: &'a str,
    name: &'a str,
    ci_type: &'a str,
    ci_subtype: &'a str,
    ci_category: &'a str,
    hops: u32,
}

/// An edge of a result.
#[derive(Debug, Serialize)]
pub(super) struct Edge<'a> {
    source: &'a str,
    target: &'a str,
    #[serde(rename = "type")]
    rel_type: &'a str,
}

/// A parameter that was clamped: what was asked, what was used, and why.
#[derive(Debug, Serialize)]
pub(super) struct Clamp {
    what: &'static str,
    asked: u64,
    used: u32,
    why: String,
}

/// Returns what a result shows of a node.
pub(super) fn node(graph: &Graph, id: NodeId, hops: u32) -> Node<'_> {
    let node = graph.node(id);
    Node {
        id: &node.id,
        code: &node.code,
        name: &node.name,
        ci_type: &node.ci_type,
        ci_subtype: &node.ci_subtype,
        ci_category: &node.ci_category,
        hops,
    }
}

/// Returns what a result shows of an edge.
pub(super) fn edge<'a>(graph: &'a Graph, edge: &'a GraphEdge) -> Edge<'a> {
    Edge { source: &graph.node(edge.source).id, target: &graph.node(edge.target).id, rel_type: &edge.rel_type }
}

/// Returns the clamp that was made, if one was.
pub(super) fn clamp_made(what: &'static str, clamped: &Clamped, why: String) -> Option<Clamp> {
    let Limit { asked, .. } = clamped.limit.as_ref()?;
    Some(Clamp { what, asked: (*asked)?, used: clamped.used, why })
}

/// Returns the schema of a list of nodes.
pub(super) fn nodes_schema() -> Value {
    let text = json!({"type": "string"});
    let node = json!({
        "id": text, "code": text, "name": text, "ci_type": text, "ci_subtype": text, "ci_category": text,
        "hops": {"type": "integer"},
    });
    json!({"type": "array", "items": object(node, &["id", "code", "ci_type", "ci_subtype", "ci_category", "hops"])})
}

/// Returns the schema of a list of edges.
pub(super) fn edges_schema() -> Value {
    let text = json!({"type": "string"});
    let edge = json!({"source": text, "target": text, "type": text});
    json!({"type": "array", "items": object(edge, &["source", "target", "type"])})
}
