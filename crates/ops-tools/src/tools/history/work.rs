//! What was done to these items?

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tool_core::{Tool, ToolCall, ToolResult};

use super::sections::detect_section;
use crate::estate::{Estate, Graph, Work, WorkKind, WorkQuery};
use crate::timerange::{Window, format_instant};
use crate::tools::context::{
    Cut, Declaration, METRIC_TTL, Problems, answer, clamp, cut_limit, limit_schema, object, reading_tool,
    resolve_window, time_range_schema, truncated_schema,
};
use crate::tools::items::{Named, items_schema, outside_data};

const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 200;
const DEFAULT_RANGE: &str = "last_30d";

/// Makes `history.work`.
pub(super) fn tool(estate: &Arc<dyn Estate>) -> Arc<dyn Tool> {
    let declared = Declaration {
        name: "history.work",
        description: "Lists work (requested changes) and maintenance (planned upkeep) of one item, several items or all that \
                      was under way at any time in a time range, newest start first (formerly work_and_maintenance).",
        input: input(),
        output: output(),
        ttl: METRIC_TTL,
    };
    reading_tool(estate, declared, work)
}

fn input() -> Value {
    object(
        json!({
            "ci": {"type": "string", "minLength": 1, "description": "one item, by id or code"},
            "ci_ids": items_schema("several items, by id or code; without ci and ci_ids: all items"),
            "time_range": time_range_schema(DEFAULT_RANGE),
            "section": {"enum": ["work", "maintenance", "both"],
                        "description": "which history; without it, the one the question names, else both"},
            "question": {"type": "string", "maxLength": 1000,
                         "description": "a question in English or Korean that may name one of the two"},
            "limit": limit_schema("how many entries to return", DEFAULT_LIMIT, MAX_LIMIT),
        }),
        &[],
    )
}

fn output() -> Value {
    let record = object(
        json!({
            "timestamp": {"type": "string", "description": "when it began"},
            "event_type": {"enum": ["work", "maintenance"]},
            "ci_id": {"type": "string"},
            "ci_code": {"type": "string"},
            "description": {"type": "string"},
            "details": {"type": "object"},
        }),
        &["timestamp", "event_type", "ci_id", "ci_code", "description", "details"],
    );
    let range = object(json!({"from": {"type": "string"}, "to": {"type": "string"}}), &["from", "to"]);
    object(
        json!({
            "records": {"type": "array", "items": record},
            "total": {"type": "integer", "minimum": 0, "description": "how many entries match, shown or not"},
            "truncated": truncated_schema(),
            "time_range": range,
        }),
        &["records", "total", "truncated", "time_range"],
    )
}

#[derive(Debug, Deserialize)]
struct Params {
    #[serde(flatten)]
    named: Named,
    time_range: Option<Value>,
    section: Option<Section>,
    question: Option<String>,
    limit: Option<u64>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Section {
    Work,
    Maintenance,
    Both,
}

impl Params {
    fn kind(&self) -> Option<WorkKind> {
        match self.section {
            Some(Section::Work) => Some(WorkKind::Work),
            Some(Section::Maintenance) => Some(WorkKind::Maintenance),
            Some(Section::Both) => None,
            None => self.question.as_deref().and_then(detect_section),
        }
    }
}

#[derive(Debug, Serialize)]
struct Done {
    records: Vec<Record>,
    total: u64,
    truncated: Option<Cut>,
    time_range: Range,
}

#[derive(Debug, Serialize)]
struct Range {
    from: String,
    to: String,
}

impl From<Window> for Range {
    fn from(window: Window) -> Self {
        Self { from: format_instant(window.from), to: format_instant(window.to) }
    }
}

#[derive(Debug, Serialize)]
struct Record {
    timestamp: String,
    event_type: WorkKind,
    ci_id: String,
    ci_code: String,
    description: String,
    details: Details,
}

#[derive(Debug, Serialize)]
struct Details {
    work_type: String,
    detail: String,
    performer: String,
    end: Option<String>,
    result: String,
}

async fn work(estate: Arc<dyn Estate>, call: ToolCall) -> ToolResult {
    let params: Params = call.parse()?;
    let tenant = call.context().tenant();
    let mut problems = Problems::default();
    let range = problems.time_range("/time_range", params.time_range.as_ref(), DEFAULT_RANGE);
    problems.finish(&call)?;
    let (kind, limit) = (params.kind(), clamp("limit", params.limit, DEFAULT_LIMIT, MAX_LIMIT));
    let asked = params.named.find(&*estate, tenant).await?;
    let window = resolve_window(&*estate, tenant, range).await?;
    let mut query = WorkQuery::new(window, limit.used);
    query.ci_ids = asked.ids();
    query.kind = kind;
    let graph = estate.graph(tenant).await?;
    let page = estate.work(tenant, query).await?;
    let truncated = Cut::of("limit", page.rows.len(), page.total);
    let cut = cut_limit(truncated.as_ref(), Some(page.total));
    let records = page.rows.into_iter().map(|entry| record(entry, &graph)).collect();
    let done = Done { records, total: page.total, truncated, time_range: window.into() };
    let summary = estate.summary(tenant).await?;
    let warnings = asked.warnings().into_iter().chain(outside_data(&summary, window)).collect();
    answer(&done, [limit.limit.or(cut), asked.limit], warnings)
}

fn record(entry: Work, graph: &Graph) -> Record {
    let ci_code = graph.find(&entry.ci_id).map_or_else(String::new, |node| graph.node(node).code.clone());
    Record {
        timestamp: format_instant(entry.start),
        event_type: entry.kind,
        ci_code,
        ci_id: entry.ci_id,
        description: entry.summary,
        details: Details {
            work_type: entry.work_type,
            detail: entry.detail,
            performer: entry.performer,
            end: entry.end.map(format_instant),
            result: entry.result,
        },
    }
}
