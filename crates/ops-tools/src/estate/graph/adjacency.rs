//! Which edges leave and enter a node?
//!
//! Compressed sparse rows in both directions: an edge costs 18 bytes, a neighbour is one index away.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::estate::{CiHint, Relation};

/// A node of one [`Graph`]; means nothing to another graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(super) u32);

impl NodeId {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a graph knows of an item.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GraphNode {
    /// The item's identity.
    pub id: String,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// `SYSTEM`, `HW` or `SW`.
    pub ci_type: String,
    /// The kind within the type.
    pub ci_subtype: String,
    /// The free grouping.
    pub ci_category: String,
}

impl GraphNode {
    /// Returns what a hint shows of it.
    #[must_use]
    pub fn hint(&self) -> CiHint {
        CiHint { ci_id: self.id.clone(), ci_code: self.code.clone(), ci_name: self.name.clone() }
    }
}

/// The items and relations of one tenant, immutable.
///
/// Nodes are numbered by code and edges ordered by (source, type, target), so that every walk is deterministic.
#[derive(Debug, Default)]
pub struct Graph {
    nodes: Vec<GraphNode>,
    by_id: HashMap<String, u32>,
    by_code: HashMap<String, u32>,
    rel_types: Vec<Arc<str>>,
    edges: Vec<Edge>,
    /// The edges of node `n` are `edges[out_start[n]..out_start[n + 1]]`.
    out_start: Vec<u32>,
    /// The edges into node `n` are `in_edges[in_start[n]..in_start[n + 1]]`, as indices into `edges`.
    in_start: Vec<u32>,
    in_edges: Vec<u32>,
}

/// One directed edge; ordered by source, type, target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    pub(super) source: u32,
    pub(super) rel_type: u16,
    pub(super) target: u32,
}

impl Graph {
    /// Builds the graph of `nodes` and `relations`; relations with an end that is no node are left out, and a relation
    /// given twice is one edge. O((n + e) log (n + e)).
    ///
    /// # Panics
    ///
    /// With more than 2³² − 1 nodes or edges, or more than 65,535 relation types.
    #[must_use]
    pub fn build(mut nodes: Vec<GraphNode>, relations: &[Relation]) -> Self {
        nodes.sort_by(|a, b| (&a.code, &a.id).cmp(&(&b.code, &b.id)));
        let by_id: HashMap<_, _> = nodes.iter().enumerate().map(|(i, n)| (n.id.clone(), narrow(i))).collect();
        let by_code = nodes.iter().enumerate().map(|(i, n)| (n.code.clone(), narrow(i))).collect();
        let rel_types = distinct_types(relations);
        let mut edges: Vec<Edge> = relations.iter().filter_map(|r| edge(&by_id, &rel_types, r)).collect();
        edges.sort_unstable();
        edges.dedup();
        let out_start = starts(nodes.len(), edges.iter().map(|e| e.source));
        let mut in_edges: Vec<u32> = (0..narrow(edges.len())).collect();
        in_edges.sort_by_key(|&e| {
            let edge = edges[e as usize];
            (edge.target, edge.rel_type, edge.source)
        });
        let in_start = starts(nodes.len(), in_edges.iter().map(|&e| edges[e as usize].target));
        Self { nodes, by_id, by_code, rel_types, edges, out_start, in_start, in_edges }
    }

    /// Returns how many items there are.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// Returns how many relations there are.
    #[must_use]
    pub fn edge_count(&self) -> usize {
        self.edges.len()
    }

    /// Returns the node with this id, else the one with this code.
    #[must_use]
    pub fn find(&self, id_or_code: &str) -> Option<NodeId> {
        let found = self.by_id.get(id_or_code).or_else(|| self.by_code.get(id_or_code));
        found.copied().map(NodeId)
    }

    /// Returns the item at a node of this graph.
    ///
    /// # Panics
    ///
    /// If `node` belongs to a larger graph.
    #[must_use]
    pub fn node(&self, node: NodeId) -> &GraphNode {
        &self.nodes[node.index()]
    }

    /// Returns every node, by code.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = NodeId> + '_ {
        (0..narrow(self.nodes.len())).map(NodeId)
    }

    /// Returns the relation types that occur, by name.
    #[must_use]
    pub fn rel_types(&self) -> &[Arc<str>] {
        &self.rel_types
    }

    pub(super) fn edge(&self, index: u32) -> Edge {
        self.edges[index as usize]
    }

    pub(super) fn edges_out(&self, node: NodeId) -> Range<u32> {
        self.out_start[node.index()]..self.out_start[node.index() + 1]
    }

    pub(super) fn edges_in(&self, node: NodeId) -> &[u32] {
        let range = self.in_start[node.index()] as usize..self.in_start[node.index() + 1] as usize;
        &self.in_edges[range]
    }

    pub(super) fn rel_type(&self, edge: Edge) -> &Arc<str> {
        &self.rel_types[usize::from(edge.rel_type)]
    }
}

fn distinct_types(relations: &[Relation]) -> Vec<Arc<str>> {
    let mut types: Vec<&str> = relations.iter().map(|r| r.rel_type.as_str()).collect();
    types.sort_unstable();
    types.dedup();
    types.into_iter().map(Arc::from).collect()
}

fn edge(by_id: &HashMap<String, u32>, rel_types: &[Arc<str>], relation: &Relation) -> Option<Edge> {
    let rel_type = rel_types.binary_search_by(|t| t.as_ref().cmp(&relation.rel_type)).ok()?;
    Some(Edge {
        source: *by_id.get(&relation.source)?,
        rel_type: u16::try_from(rel_type).expect("fewer than 65,536 relation types"),
        target: *by_id.get(&relation.target)?,
    })
}

/// Returns where each node's run begins in a list that is sorted by node, and where the last one ends.
fn starts(nodes: usize, sorted: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut starts = vec![0; nodes + 1];
    for node in sorted {
        starts[node as usize + 1] += 1;
    }
    for i in 0..nodes {
        starts[i + 1] += starts[i];
    }
    starts
}

fn narrow(index: usize) -> u32 {
    u32::try_from(index).expect("fewer than 2^32 nodes and edges")
}
