//! What is reached from a node within so many hops?

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::adjacency::{Edge, Graph, NodeId};
use super::view::{Direction, View};

/// A bounded breadth-first walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Expand {
    /// Where it starts.
    pub start: NodeId,
    /// Which relations it follows.
    pub view: View,
    /// How many hops; not clamped to [`View::max_depth`] here.
    pub depth: u32,
    /// How many nodes at most, the start included.
    pub max_nodes: usize,
    /// How many edges at most.
    pub max_edges: usize,
}

impl Expand {
    /// Asks for `depth` hops of `view` around `start`, within 200 nodes and 400 edges.
    #[must_use]
    pub fn new(start: NodeId, view: View, depth: u32) -> Self {
        Self { start, view, depth, max_nodes: 200, max_edges: 400 }
    }
}

/// A node that a walk reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reached {
    /// The node.
    pub node: NodeId,
    /// How many hops from the start, at the shortest.
    pub hops: u32,
}

/// A relation that a walk followed, in its stored direction.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct GraphEdge {
    /// The node that has the relation.
    pub source: NodeId,
    /// The node that it points to.
    pub target: NodeId,
    /// As in `DEPENDS_ON`.
    pub rel_type: Arc<str>,
}

/// The limit that cut a walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WalkLimit {
    /// [`Expand::max_nodes`].
    MaxNodes,
    /// [`Expand::max_edges`].
    MaxEdges,
}

/// What a walk found, nearest first: nodes once, edges once, both ends of every edge among the nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Expansion {
    /// The nodes, the start first.
    pub nodes: Vec<Reached>,
    /// The edges, in the order they were followed.
    pub edges: Vec<GraphEdge>,
    /// How many edges of each type.
    pub rel_type_counts: BTreeMap<Arc<str>, usize>,
    /// The first limit that left something out, if one did. Depth is not a limit in this sense.
    pub truncated: Option<WalkLimit>,
}

impl Graph {
    /// Walks breadth-first from a node, each node once. O(nodes + edges looked at); allocates one bit per node and edge.
    #[must_use]
    pub fn expand(&self, query: &Expand) -> Expansion {
        let mut walk = Walk::new(self, query);
        let mut next = 0;
        while let Some(&Reached { node, hops }) = walk.found.nodes.get(next) {
            if hops >= query.depth {
                break;
            }
            walk.follow(node, hops + 1);
            next += 1;
        }
        walk.found
    }

    /// Counts the nodes (the start included) and edges that [`Graph::expand`] would reach without limits.
    #[must_use]
    pub fn reach(&self, start: NodeId, view: View, depth: u32) -> (usize, usize) {
        let view = Followed::new(self, view);
        let (mut seen_nodes, mut seen_edges) = (Bits::new(self.node_count()), Bits::new(self.edge_count()));
        let (mut nodes, mut edges) = (vec![(start, 0)], 0);
        seen_nodes.insert(start.0);
        let mut next = 0;
        while let Some(&(node, hops)) = nodes.get(next)
            && hops < depth
        {
            self.each_edge(node, &view, |index, _, other| {
                edges += usize::from(seen_edges.insert(index));
                if seen_nodes.insert(other) {
                    nodes.push((NodeId(other), hops + 1));
                }
            });
            next += 1;
        }
        (nodes.len(), edges)
    }

    /// Calls `visit(edge index, edge, other end)` for each edge at `node` that `view` follows, in a fixed order.
    pub(super) fn each_edge(&self, node: NodeId, view: &Followed, mut visit: impl FnMut(u32, Edge, u32)) {
        if view.direction != Direction::In {
            for index in self.edges_out(node) {
                let edge = self.edge(index);
                if view.types[usize::from(edge.rel_type)] {
                    visit(index, edge, edge.target);
                }
            }
        }
        if view.direction != Direction::Out {
            for &index in self.edges_in(node) {
                let edge = self.edge(index);
                if view.types[usize::from(edge.rel_type)] {
                    visit(index, edge, edge.source);
                }
            }
        }
    }

    pub(super) fn graph_edge(&self, edge: Edge) -> GraphEdge {
        GraphEdge {
            source: NodeId(edge.source),
            target: NodeId(edge.target),
            rel_type: Arc::clone(self.rel_type(edge)),
        }
    }
}

/// A view in the numbers of one graph: which of its relation types are followed, and which way.
pub(super) struct Followed {
    types: Vec<bool>,
    direction: Direction,
}

impl Followed {
    pub(super) fn new(graph: &Graph, view: View) -> Self {
        let follows = |t: &Arc<str>| view.relations().contains(&t.as_ref());
        Self { types: graph.rel_types().iter().map(follows).collect(), direction: view.direction() }
    }
}

struct Walk<'a> {
    graph: &'a Graph,
    view: Followed,
    max_nodes: usize,
    max_edges: usize,
    seen_nodes: Bits,
    seen_edges: Bits,
    found: Expansion,
}

impl<'a> Walk<'a> {
    fn new(graph: &'a Graph, query: &Expand) -> Self {
        let mut seen_nodes = Bits::new(graph.node_count());
        seen_nodes.insert(query.start.0);
        let start = Reached { node: query.start, hops: 0 };
        Self {
            graph,
            view: Followed::new(graph, query.view),
            max_nodes: query.max_nodes.max(1),
            max_edges: query.max_edges,
            seen_nodes,
            seen_edges: Bits::new(graph.edge_count()),
            found: Expansion {
                nodes: vec![start],
                edges: Vec::new(),
                rel_type_counts: BTreeMap::new(),
                truncated: None,
            },
        }
    }

    fn follow(&mut self, node: NodeId, hops: u32) {
        let graph = self.graph;
        let Self { view, max_nodes, max_edges, seen_nodes, seen_edges, found, .. } = self;
        graph.each_edge(node, view, |index, edge, other| {
            if !seen_edges.insert(index) {
                return;
            }
            let new_node = !seen_nodes.contains(other);
            if new_node && found.nodes.len() >= *max_nodes {
                found.truncated.get_or_insert(WalkLimit::MaxNodes);
                return;
            }
            if found.edges.len() >= *max_edges {
                found.truncated.get_or_insert(WalkLimit::MaxEdges);
                return;
            }
            if new_node {
                seen_nodes.insert(other);
                found.nodes.push(Reached { node: NodeId(other), hops });
            }
            *found.rel_type_counts.entry(Arc::clone(graph.rel_type(edge))).or_default() += 1;
            found.edges.push(graph.graph_edge(edge));
        });
    }
}

/// A set of small numbers, one bit each.
pub(super) struct Bits(Vec<u64>);

impl Bits {
    pub(super) fn new(len: usize) -> Self {
        Self(vec![0; len.div_ceil(64)])
    }

    pub(super) fn contains(&self, index: u32) -> bool {
        self.0[index as usize / 64] & (1 << (index % 64)) != 0
    }

    /// Adds `index`; returns whether it was new.
    pub(super) fn insert(&mut self, index: u32) -> bool {
        let new = !self.contains(index);
        self.0[index as usize / 64] |= 1 << (index % 64);
        new
    }
}
