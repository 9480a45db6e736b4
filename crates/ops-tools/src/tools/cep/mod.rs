//! Tools over rules: would this one trigger?

mod simulate;

use std::sync::Arc;

use tool_core::Tool;

use crate::estate::Estate;

/// Returns the tools over rules.
pub(crate) fn tools(estate: &Arc<dyn Estate>) -> Vec<Arc<dyn Tool>> {
    vec![simulate::tool(estate)]
}
