//! `metric.aggregate`: one number over a metric of some items.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tool_core::{Tool, ToolCall, ToolResult};

use super::subject::{batch, known_metric, named_items, warnings};
use crate::estate::{Aggregation, Estate, MetricAggregate};
use crate::timerange::format_instant;
use crate::tools::context::{
    Declaration, METRIC_TTL, Problems, answer, object, reading_tool, resolve_window, time_range_schema,
};
use crate::tools::items::items_schema;

const DEFAULT_RANGE: &str = "last_1h";

#[derive(Deserialize)]
struct Params {
    metric_name: String,
    #[serde(default = "average")]
    agg: Aggregation,
    ci_id: Option<String>,
    ci_ids: Option<Vec<String>>,
    time_range: Option<Value>,
}

fn average() -> Aggregation {
    Aggregation::Avg
}

#[derive(Serialize)]
struct Answer {
    metric_name: String,
    unit: String,
    agg: Aggregation,
    time_range: Value,
    time_from: String,
    time_to: String,
    value: Option<f64>,
    points: u64,
    ci_requested: usize,
    ci_count_used: usize,
    ci_with_data: u64,
    ci_ids: Vec<String>,
    ci_ids_truncated: bool,
    ci_unknown: Vec<String>,
}

/// Returns the tool.
pub(super) fn tool(estate: &Arc<dyn Estate>) -> Arc<dyn Tool> {
    reading_tool(estate, declaration(), run)
}

fn declaration() -> Declaration {
    let input = json!({
        "metric_name": {"type": "string", "minLength": 1, "description": "the metric's name; metric.list has them all"},
        "agg": {"enum": ["count", "max", "min", "avg", "sum", "p95"], "default": "avg",
                "description": "how values become one number"},
        "ci_id": {"type": "string", "minLength": 1, "description": "one item, by id or code"},
        "ci_ids": items_schema("several items, by id or code; their values are pooled"),
        "time_range": time_range_schema(DEFAULT_RANGE),
    });
    let text = json!({"type": "string"});
    let whole = json!({"type": "integer"});
    let texts = json!({"type": "array", "items": text});
    let output = json!({
        "metric_name": text, "unit": text, "agg": text, "time_range": {}, "time_from": text, "time_to": text,
        "value": {"type": ["number", "null"], "description": "null means no data, never 0"},
        "points": whole, "ci_requested": whole, "ci_count_used": whole, "ci_with_data": whole, "ci_ids": texts,
        "ci_ids_truncated": {"type": "boolean"}, "ci_unknown": texts,
    });
    Declaration {
        name: "metric.aggregate",
        description: "Computes one number (average, maximum, minimum, sum, 95th percentile or count) over a metric of one or more items in a \
                      time range. No data gives null.",
        input: object(input, &["metric_name"]),
        output: object(output, &["metric_name", "agg", "time_from", "time_to", "value", "ci_ids", "ci_ids_truncated"]),
        ttl: METRIC_TTL,
    }
}

async fn run(estate: Arc<dyn Estate>, call: ToolCall) -> ToolResult {
    let params: Params = call.parse()?;
    let tenant = call.context().tenant();
    let mut problems = Problems::default();
    let named = named_items(&mut problems, params.ci_id, params.ci_ids);
    let range = problems.time_range("/time_range", params.time_range.as_ref(), DEFAULT_RANGE);
    problems.finish(&call)?;
    let def = known_metric(&*estate, tenant, &params.metric_name).await?;
    let items = batch(&*estate, tenant, &named).await?;
    let window = resolve_window(&*estate, tenant, range).await?;
    let query = MetricAggregate { metric: def.name.clone(), ci_ids: items.ids.clone(), window, agg: params.agg };
    let found = estate.aggregate_metric(tenant, query).await?;
    let warnings = warnings(&*estate, tenant, &items.unknown, window).await?;
    let result = Answer {
        metric_name: def.name,
        unit: def.unit,
        agg: params.agg,
        time_range: params.time_range.unwrap_or_else(|| DEFAULT_RANGE.into()),
        time_from: format_instant(window.from),
        time_to: format_instant(window.to),
        value: found.value,
        points: found.points,
        ci_requested: items.requested,
        ci_count_used: items.ids.len(),
        ci_with_data: found.items_with_data,
        ci_ids: items.ids,
        ci_ids_truncated: items.limit.is_some(),
        ci_unknown: items.unknown,
    };
    answer(&result, [items.limit], warnings)
}
