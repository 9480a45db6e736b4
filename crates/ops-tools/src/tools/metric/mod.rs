//! What were the values, and are they normal?

mod aggregate;
mod compare;
mod exists;
mod list;
mod series;
mod subject;

use std::sync::Arc;

use tool_core::Tool;

use crate::estate::Estate;

/// Returns the metric tools over an estate.
pub(crate) fn tools(estate: &Arc<dyn Estate>) -> Vec<Arc<dyn Tool>> {
    vec![aggregate::tool(estate), series::tool(estate), list::tool(estate), exists::tool(estate), compare::tool(estate)]
}
