//! `metric.exists`: is there such a metric?

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::json;
use tool_core::{Tool, ToolCall, ToolResult, nearest};

use crate::estate::{Estate, MetricList};
use crate::tools::context::{Declaration, METRIC_TTL, answer, object, reading_tool, resolve_item};

const MAX_NAMES: usize = 5;

#[derive(Deserialize)]
struct Params {
    metric_name: String,
    ci_id: Option<String>,
}

#[derive(Serialize)]
struct Answer {
    metric_name: String,
    ci_id: Option<String>,
    exists: bool,
    nearest: Vec<String>,
}

/// Returns the tool.
pub(super) fn tool(estate: &Arc<dyn Estate>) -> Arc<dyn Tool> {
    reading_tool(estate, declaration(), run)
}

fn declaration() -> Declaration {
    let input = json!({
        "metric_name": {"type": "string", "minLength": 1, "description": "the name to look for"},
        "ci_id": {"type": "string", "minLength": 1, "description": "look among this item's metrics only, by id or code"},
    });
    let output = json!({
        "metric_name": {"type": "string"}, "ci_id": {"type": ["string", "null"]}, "exists": {"type": "boolean"},
        "nearest": {"type": "array", "items": {"type": "string"}},
    });
    Declaration {
        name: "metric.exists",
        description: "Says whether a metric exists, in the estate or with values of one item, and which names are near.",
        input: object(input, &["metric_name"]),
        output: object(output, &["metric_name", "exists", "nearest"]),
        ttl: METRIC_TTL,
    }
}

async fn run(estate: Arc<dyn Estate>, call: ToolCall) -> ToolResult {
    let params: Params = call.parse()?;
    let tenant = call.context().tenant();
    let (ci_id, known) = match &params.ci_id {
        Some(named) => {
            let ci_id = resolve_item(&*estate, tenant, named).await?.ci_id;
            let query = MetricList { ci_id: Some(ci_id.clone()), contains: None, limit: u32::MAX };
            let page = estate.list_metrics(tenant, query).await?;
            (Some(ci_id), page.rows.into_iter().map(|info| info.def.name).collect())
        }
        None => (None, estate.metric_defs(tenant).await?.iter().map(|d| d.name.clone()).collect::<Vec<_>>()),
    };
    let exists = known.contains(&params.metric_name);
    let near =
        if exists { Vec::new() } else { nearest(&params.metric_name, known.iter().map(String::as_str), MAX_NAMES) };
    answer(&Answer { metric_name: params.metric_name, ci_id, exists, nearest: near }, [], Vec::new())
}
