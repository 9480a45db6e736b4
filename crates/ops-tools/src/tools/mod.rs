//! The tools: what does an operations engineer ask?

mod cep;
mod ci;
mod context;
mod graph;
mod history;
mod items;
mod metric;
mod rank;

use std::sync::Arc;

use tool_core::Tool;

use crate::estate::Estate;

/// Returns every tool over an estate, ready to be registered.
#[must_use]
pub fn tools(estate: &Arc<dyn Estate>) -> Vec<Arc<dyn Tool>> {
    [
        ci::tools(estate),
        metric::tools(estate),
        graph::tools(estate),
        history::tools(estate),
        cep::tools(estate),
        vec![rank::tool()],
    ]
    .concat()
}
