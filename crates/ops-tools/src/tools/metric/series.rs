//! `metric.series`: the values of one metric of one item.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tool_core::{Tool, ToolCall, ToolResult};

use super::subject::{known_metric, warnings};
use crate::estate::{Estate, MetricSeries};
use crate::timerange::format_instant;
use crate::tools::context::{
    Cut, Declaration, METRIC_TTL, Problems, answer, clamp, cut_limit, limit_schema, object, reading_tool, resolve_item,
    resolve_window, time_range_schema, truncated_schema,
};

const DEFAULT_RANGE: &str = "last_24h";
const DEFAULT_LIMIT: u32 = 200;
const MAX_LIMIT: u32 = 1000;

#[derive(Deserialize)]
struct Params {
    ci_id: String,
    metric_name: String,
    time_range: Option<Value>,
    limit: Option<u64>,
}

#[derive(Serialize)]
struct Answer {
    ci_id: String,
    ci_code: String,
    metric_name: String,
    unit: String,
    time_range: Value,
    time_from: String,
    time_to: String,
    rows: Vec<Row>,
    total: u64,
    limit: u32,
    truncated: Option<Cut>,
}

#[derive(Serialize)]
struct Row {
    time: String,
    value: f64,
}

/// Returns the tool.
pub(super) fn tool(estate: &Arc<dyn Estate>) -> Arc<dyn Tool> {
    reading_tool(estate, declaration(), run)
}

fn declaration() -> Declaration {
    let input = json!({
        "ci_id": {"type": "string", "minLength": 1, "description": "the item, by id or code"},
        "metric_name": {"type": "string", "minLength": 1, "description": "the metric's name; metric.list has them all"},
        "time_range": time_range_schema(DEFAULT_RANGE),
        "limit": limit_schema("how many values to return", DEFAULT_LIMIT, MAX_LIMIT),
    });
    let text = json!({"type": "string"});
    let row = object(json!({"time": text, "value": {"type": "number"}}), &["time", "value"]);
    let output = json!({
        "ci_id": text, "ci_code": text, "metric_name": text, "unit": text, "time_range": {}, "time_from": text,
        "time_to": text, "rows": {"type": "array", "items": row}, "total": {"type": "integer"},
        "limit": {"type": "integer"}, "truncated": truncated_schema(),
    });
    Declaration {
        name: "metric.series",
        description: "Lists the values of one metric of one item in a time range, newest first.",
        input: object(input, &["ci_id", "metric_name"]),
        output: object(output, &["ci_id", "metric_name", "time_from", "time_to", "rows", "total", "truncated"]),
        ttl: METRIC_TTL,
    }
}

async fn run(estate: Arc<dyn Estate>, call: ToolCall) -> ToolResult {
    let params: Params = call.parse()?;
    let tenant = call.context().tenant();
    let mut problems = Problems::default();
    let range = problems.time_range("/time_range", params.time_range.as_ref(), DEFAULT_RANGE);
    problems.finish(&call)?;
    let def = known_metric(&*estate, tenant, &params.metric_name).await?;
    let item = resolve_item(&*estate, tenant, &params.ci_id).await?;
    let window = resolve_window(&*estate, tenant, range).await?;
    let limit = clamp("limit", params.limit, DEFAULT_LIMIT, MAX_LIMIT);
    let query = MetricSeries { ci_id: item.ci_id.clone(), metric: def.name.clone(), window, limit: limit.used };
    let page = estate.metric_series(tenant, query).await?;
    let truncated = Cut::of("limit", page.rows.len(), page.total);
    let cut = cut_limit(truncated.as_ref(), Some(page.total));
    let result = Answer {
        ci_id: item.ci_id,
        ci_code: item.ci_code,
        metric_name: def.name,
        unit: def.unit,
        time_range: params.time_range.unwrap_or_else(|| DEFAULT_RANGE.into()),
        time_from: format_instant(window.from),
        time_to: format_instant(window.to),
        rows: page.rows.into_iter().map(|(time, value)| Row { time: format_instant(time), value }).collect(),
        total: page.total,
        limit: limit.used,
        truncated,
    };
    answer(&result, [limit.limit, cut], warnings(&*estate, tenant, &[], window).await?)
}
