//! Tools over configuration items: which are there, and what are they?

mod aggregate;
mod filters;
mod get;
mod list_preview;
mod record;
mod search;

use std::sync::Arc;

use tool_core::Tool;

use crate::estate::Estate;

/// Returns the tools over items.
pub(crate) fn tools(estate: &Arc<dyn Estate>) -> Vec<Arc<dyn Tool>> {
    vec![
        search::tool(estate),
        get::by_id(estate),
        get::by_code(estate),
        aggregate::tool(estate),
        list_preview::tool(estate),
    ]
}
