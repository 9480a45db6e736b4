//! `metric.list`: which metrics are there?

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::json;
use tool_core::{Tool, ToolCall, ToolResult};

use crate::estate::{Estate, MetricInfo, MetricList};
use crate::rca::MetricRole;
use crate::timerange::format_instant;
use crate::tools::context::{
    Cut, Declaration, METRIC_TTL, answer, clamp, cut_limit, limit_schema, object, reading_tool, resolve_item,
    truncated_schema,
};

const MAX_LIMIT: u32 = 200;

#[derive(Deserialize)]
struct Params {
    ci_id: Option<String>,
    contains: Option<String>,
    limit: Option<u64>,
}

#[derive(Serialize)]
struct Answer {
    rows: Vec<Row>,
    total: u64,
    limit: u32,
    truncated: Option<Cut>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    unit: String,
    description: String,
    role: MetricRole,
    items: u64,
    points: u64,
    first: Option<String>,
    last: Option<String>,
}

impl From<MetricInfo> for Row {
    fn from(info: MetricInfo) -> Self {
        Self {
            name: info.def.name,
            unit: info.def.unit,
            description: info.def.description,
            role: info.def.role,
            items: info.items,
            points: info.points,
            first: info.first.map(format_instant),
            last: info.last.map(format_instant),
        }
    }
}

/// Returns the tool.
pub(super) fn tool(estate: &Arc<dyn Estate>) -> Arc<dyn Tool> {
    reading_tool(estate, declaration(), run)
}

fn declaration() -> Declaration {
    let input = json!({
        "ci_id": {"type": "string", "minLength": 1, "description": "only metrics this item has values of, by id or code"},
        "contains": {"type": "string", "description": "only metrics whose name contains this, whatever its case"},
        "limit": limit_schema("how many metrics to return", MAX_LIMIT, MAX_LIMIT),
    });
    let text = json!({"type": "string"});
    let time = json!({"type": ["string", "null"]});
    let row = json!({
        "name": text, "unit": text, "description": text, "role": text, "items": {"type": "integer"},
        "points": {"type": "integer"}, "first": time, "last": time,
    });
    let output = json!({
        "rows": {"type": "array", "items": object(row, &["name", "unit", "role", "items", "points"])},
        "total": {"type": "integer"}, "limit": {"type": "integer"}, "truncated": truncated_schema(),
    });
    Declaration {
        name: "metric.list",
        description: "Lists the metrics of the estate, or of one item, by name: unit, what it tells, how many values.",
        input: object(input, &[]),
        output: object(output, &["rows", "total", "truncated"]),
        ttl: METRIC_TTL,
    }
}

async fn run(estate: Arc<dyn Estate>, call: ToolCall) -> ToolResult {
    let params: Params = call.parse()?;
    let tenant = call.context().tenant();
    let ci_id = match &params.ci_id {
        Some(named) => Some(resolve_item(&*estate, tenant, named).await?.ci_id),
        None => None,
    };
    let limit = clamp("limit", params.limit, MAX_LIMIT, MAX_LIMIT);
    let query = MetricList { ci_id, contains: params.contains, limit: limit.used };
    let page = estate.list_metrics(tenant, query).await?;
    let truncated = Cut::of("limit", page.rows.len(), page.total);
    let cut = cut_limit(truncated.as_ref(), Some(page.total));
    let rows = page.rows.into_iter().map(Row::from).collect();
    let result = Answer { rows, total: page.total, limit: limit.used, truncated };
    answer(&result, [limit.limit, cut], Vec::new())
}
