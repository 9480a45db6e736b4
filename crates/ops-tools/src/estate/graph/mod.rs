//! The relation graph in memory: who is connected with whom, and how?

mod adjacency;
mod expand;
mod nearest;
mod path;
mod view;

pub use adjacency::{Graph, GraphNode, NodeId};
pub use expand::{Expand, Expansion, GraphEdge, Reached, WalkLimit};
pub use path::GraphPath;
pub use view::{Direction, KNOWN_RELATIONS, View};

#[cfg(test)]
mod tests;
