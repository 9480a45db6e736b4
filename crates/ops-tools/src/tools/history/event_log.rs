//! What happened to these items?

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tool_core::{Tool, ToolCall, ToolResult};

use crate::estate::{Estate, EstateSummary, Event, EventQuery, Graph, Order, Page};
use crate::timerange::{Window, format_instant};
use crate::tools::context::{
    Cut, Declaration, METRIC_TTL, Problems, answer, clamp, cut_limit, limit_schema, object, reading_tool,
    resolve_window, time_range_schema, truncated_schema,
};
use crate::tools::items::{Asked, Named, items_schema, outside_data};

const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 200;
const DEFAULT_RANGE: &str = "last_24h";

/// The columns of a row, in the order they are listed.
const COLUMNS: [&str; 9] =
    ["time", "ci_id", "ci_code", "event_type", "severity", "source", "title", "message", "attributes"];

/// Makes `history.event_log`.
pub(super) fn tool(estate: &Arc<dyn Estate>) -> Arc<dyn Tool> {
    let declared = Declaration {
        name: "history.event_log",
        description: "Lists events (alarms, deployments, status changes, security alerts) of one item, several items or all, \
                      newest first, in a time range.",
        input: input(),
        output: output(),
        ttl: METRIC_TTL,
    };
    reading_tool(estate, declared, event_log)
}

fn input() -> Value {
    object(
        json!({
            "ci": {"type": "string", "minLength": 1, "description": "one item, by id or code"},
            "ci_ids": items_schema("several items, by id or code; without ci and ci_ids: all items"),
            "time_range": time_range_schema(DEFAULT_RANGE),
            "event_types": {"type": "array", "minItems": 1, "maxItems": 20, "items": {"type": "string", "minLength": 1},
                            "description": "only these types, as in deployment"},
            "min_severity": {"type": "integer", "minimum": 1, "maximum": 5, "default": 1,
                             "description": "from 1 (information) to 5 (critical)"},
            "order": {"enum": ["newest", "oldest"], "default": "newest", "description": "which come first"},
            "limit": limit_schema("how many events to return", DEFAULT_LIMIT, MAX_LIMIT),
        }),
        &[],
    )
}

fn output() -> Value {
    let meta = json!({
        "source": {"type": "string"}, "ci_col": {"type": "string"}, "time_col": {"type": "string"},
        "time_from": {"type": "string"}, "time_to": {"type": "string"}, "limit": {"type": "integer"},
        "ci_count_used": {"type": ["integer", "null"], "description": "null: all items"},
        "ci_ids_truncated": {"type": "boolean"}, "ci_requested": {"type": "integer"},
        "warnings": {"type": "array", "items": {"type": "string"}},
    });
    let required = [
        "source",
        "ci_col",
        "time_col",
        "time_from",
        "time_to",
        "limit",
        "ci_count_used",
        "ci_ids_truncated",
        "ci_requested",
        "warnings",
    ];
    object(
        json!({
            "available": {"type": "boolean", "description": "whether the estate holds any event at all"},
            "columns": {"type": "array", "items": {"type": "string"}},
            "rows": {"type": "array", "items": {"type": "object"}, "description": "one object per event, by column"},
            "total": {"type": "integer", "minimum": 0, "description": "how many events match, shown or not"},
            "truncated": truncated_schema(),
            "meta": object(meta, &required),
        }),
        &["available", "columns", "rows", "total", "truncated", "meta"],
    )
}

#[derive(Debug, Deserialize)]
struct Params {
    #[serde(flatten)]
    named: Named,
    time_range: Option<Value>,
    event_types: Option<Vec<String>>,
    min_severity: Option<u8>,
    #[serde(default)]
    order: First,
    limit: Option<u64>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum First {
    #[default]
    Newest,
    Oldest,
}

#[derive(Debug, Serialize)]
struct Log {
    available: bool,
    columns: [&'static str; 9],
    rows: Vec<Row>,
    total: u64,
    truncated: Option<Cut>,
    meta: Meta,
}

/// One event. The names are [`COLUMNS`]: rows are read by name, never by place.
#[derive(Debug, Serialize)]
struct Row {
    time: String,
    ci_id: String,
    ci_code: String,
    event_type: String,
    severity: u8,
    source: String,
    title: String,
    message: String,
    attributes: std::collections::BTreeMap<String, Value>,
}

#[derive(Debug, Serialize)]
struct Meta {
    source: &'static str,
    ci_col: &'static str,
    time_col: &'static str,
    time_from: String,
    time_to: String,
    limit: u32,
    ci_count_used: Option<usize>,
    ci_ids_truncated: bool,
    ci_requested: usize,
    warnings: Vec<String>,
}

async fn event_log(estate: Arc<dyn Estate>, call: ToolCall) -> ToolResult {
    let params: Params = call.parse()?;
    let tenant = call.context().tenant();
    let mut problems = Problems::default();
    let range = problems.time_range("/time_range", params.time_range.as_ref(), DEFAULT_RANGE);
    problems.finish(&call)?;
    let asked = params.named.find(&*estate, tenant).await?;
    let window = resolve_window(&*estate, tenant, range).await?;
    let limit = clamp("limit", params.limit, DEFAULT_LIMIT, MAX_LIMIT);
    let mut query = EventQuery::new(window, limit.used);
    query.ci_ids = asked.ids();
    query.event_types = params.event_types;
    query.min_severity = params.min_severity.unwrap_or(1);
    query.order = match params.order {
        First::Newest => Order::Descending,
        First::Oldest => Order::Ascending,
    };
    let summary = estate.summary(tenant).await?;
    let graph = estate.graph(tenant).await?;
    let page = estate.events(tenant, query).await?;
    let log = log(page, &graph, meta(&asked, window, limit.used, &summary), &summary);
    let cut = cut_limit(log.truncated.as_ref(), Some(log.total));
    let warnings = log.meta.warnings.clone();
    answer(&log, [limit.limit.or(cut), asked.limit], warnings)
}

fn log(page: Page<Event>, graph: &Graph, meta: Meta, summary: &EstateSummary) -> Log {
    let truncated = Cut::of("limit", page.rows.len(), page.total);
    let rows = page.rows.into_iter().map(|event| row(event, graph)).collect();
    Log { available: summary.events > 0, columns: COLUMNS, rows, total: page.total, truncated, meta }
}

fn meta(asked: &Asked, window: Window, limit: u32, summary: &EstateSummary) -> Meta {
    let mut warnings = asked.warnings();
    if summary.events == 0 {
        warnings.push("the estate holds no events".to_owned());
    }
    warnings.extend(outside_data(summary, window));
    Meta {
        source: "event_log",
        ci_col: "ci_id",
        time_col: "time",
        time_from: format_instant(window.from),
        time_to: format_instant(window.to),
        limit,
        ci_count_used: asked.items.as_ref().map(|items| items.ids.len()),
        ci_ids_truncated: asked.limit.is_some(),
        ci_requested: asked.requested,
        warnings,
    }
}

fn row(event: Event, graph: &Graph) -> Row {
    let ci_code = graph.find(&event.ci_id).map_or_else(String::new, |node| graph.node(node).code.clone());
    Row {
        time: format_instant(event.time),
        ci_code,
        ci_id: event.ci_id,
        event_type: event.event_type,
        severity: event.severity,
        source: event.source,
        title: event.title,
        message: event.message,
        attributes: event.attributes,
    }
}
