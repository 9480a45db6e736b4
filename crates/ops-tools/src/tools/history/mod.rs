//! Tools over history: what happened, and what was done?

mod event_log;
mod sections;
mod work;

use std::sync::Arc;

use tool_core::Tool;

use crate::estate::Estate;

/// Returns the tools over history.
pub(crate) fn tools(estate: &Arc<dyn Estate>) -> Vec<Arc<dyn Tool>> {
    vec![event_log::tool(estate), work::tool(estate)]
}
