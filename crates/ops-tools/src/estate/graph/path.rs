//! How is one node connected with another?

use std::collections::VecDeque;

use super::adjacency::{Graph, NodeId};
use super::expand::{Bits, Followed, GraphEdge};
use super::view::View;

/// One shortest path.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct GraphPath {
    /// The nodes from start to target, both included.
    pub nodes: Vec<NodeId>,
    /// The edges between them, each in its stored direction; as many as there are hops.
    pub edges: Vec<GraphEdge>,
}

/// How a node was first reached: from which node, over which edge.
type Parent = Option<(u32, u32)>;

impl Graph {
    /// Returns one shortest path from `start` to `target` over the relations of `view`, or `None` if there is none of
    /// at most `max_hops`. Of several it is always the same one. O(nodes + edges).
    #[must_use]
    pub fn shortest_path(&self, start: NodeId, target: NodeId, view: View, max_hops: u32) -> Option<GraphPath> {
        let view = Followed::new(self, view);
        let mut parents: Vec<Parent> = vec![None; self.node_count()];
        let mut seen = Bits::new(self.node_count());
        seen.insert(start.0);
        let mut queue = VecDeque::from([(start, 0)]);
        while let Some((node, hops)) = queue.pop_front() {
            if node == target {
                return Some(self.trace_back(start, target, &parents));
            }
            if hops < max_hops {
                self.each_edge(node, &view, |index, _, other| {
                    if seen.insert(other) {
                        parents[other as usize] = Some((node.0, index));
                        queue.push_back((NodeId(other), hops + 1));
                    }
                });
            }
        }
        None
    }

    fn trace_back(&self, start: NodeId, target: NodeId, parents: &[Parent]) -> GraphPath {
        let mut nodes = vec![target];
        let mut edges = Vec::new();
        let mut at = target;
        while at != start
            && let Some((parent, edge)) = parents[at.index()]
        {
            edges.push(self.graph_edge(self.edge(edge)));
            at = NodeId(parent);
            nodes.push(at);
        }
        nodes.reverse();
        edges.reverse();
        GraphPath { nodes, edges }
    }
}
