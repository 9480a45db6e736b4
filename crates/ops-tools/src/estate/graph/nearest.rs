//! Which items may a misspelt name have meant?

use super::adjacency::{Graph, GraphNode};
use crate::estate::{CiHint, Resolution};

/// How many hints a message holds at most.
const MAX_HINTS: usize = 5;

impl Graph {
    /// Returns the items whose code, name or id is nearest to `text` by spelling, best first, at most five.
    ///
    /// O(nodes): for error messages, not for search.
    #[must_use]
    pub fn nearest(&self, text: &str) -> Vec<CiHint> {
        let nodes = || self.nodes().map(|id| self.node(id));
        let names = nodes().flat_map(|n| [n.code.as_str(), n.name.as_str(), n.id.as_str()]);
        // An item may be near by all three of its names.
        let near = tool_core::nearest(text, names, 3 * MAX_HINTS);
        let mut hints: Vec<CiHint> = Vec::new();
        for name in near {
            let called = nodes().filter(|n| n.code == name || n.name == name || n.id == name).map(GraphNode::hint);
            for hint in called {
                if !hints.contains(&hint) && hints.len() < MAX_HINTS {
                    hints.push(hint);
                }
            }
        }
        hints
    }

    /// Finds what a typed text refers to: an id, else a code, else a name, each whatever its case.
    #[must_use]
    pub fn resolve(&self, text: &str) -> Resolution {
        if let Some(node) = self.find(text) {
            return Resolution::Exact(self.node(node).hint());
        }
        let wanted = text.trim().to_lowercase();
        let parts: [fn(&GraphNode) -> &str; 3] = [|n| &n.id, |n| &n.code, |n| &n.name];
        for part in parts {
            let fits = |node: &&GraphNode| part(node).to_lowercase() == wanted;
            let mut found: Vec<CiHint> =
                self.nodes().map(|id| self.node(id)).filter(fits).map(GraphNode::hint).collect();
            match found.len() {
                0 => {}
                1 => return Resolution::Exact(found.remove(0)),
                _ => return Resolution::Ambiguous(found),
            }
        }
        Resolution::Unknown(self.nearest(text))
    }
}
