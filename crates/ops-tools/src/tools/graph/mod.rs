//! Who is connected with whom?

mod expand;
mod path;
mod shape;

use std::sync::Arc;

use tool_core::Tool;

use crate::estate::Estate;

/// Returns the graph tools over an estate.
pub(crate) fn tools(estate: &Arc<dyn Estate>) -> Vec<Arc<dyn Tool>> {
    vec![expand::tool(estate), path::tool(estate)]
}
