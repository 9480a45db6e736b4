//! `metric.compare`: are items now as they normally are?

use std::collections::HashMap;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::task::spawn_blocking;
use tool_core::{ErrorKind, Tool, ToolCall, ToolError, ToolResult};

use super::subject::{batch, known_metric};
use crate::estate::{Estate, EstateSummary, MetricDef, MetricRead, Series};
use crate::rca::{ComparePlan, ItemComparison, MetricRows, Period, compare_item, infer_step};
use crate::timerange::{TimeRange, Window, format_instant, parse_instant};
use crate::tools::context::{Cut, Declaration, METRIC_TTL, Problems, answer, object, reading_tool, truncated_schema};
use crate::tools::items::{items_schema, unknown_warnings};

#[derive(Deserialize)]
struct Params {
    ci_ids: Vec<String>,
    at: Option<String>,
    step_s: Option<i64>,
    normal: Option<Value>,
    metrics: Option<Vec<String>>,
}

#[derive(Serialize)]
struct Answer {
    at: String,
    window: Ends,
    normal: Ends,
    step_s: i64,
    items: Vec<ItemComparison>,
    total: usize,
    truncated: Option<Cut>,
    ci_requested: usize,
    ci_unknown: Vec<String>,
    points_read: usize,
}

#[derive(Serialize)]
struct Ends {
    from: String,
    to: String,
}

impl From<Period> for Ends {
    fn from(period: Period) -> Self {
        Self { from: format_instant(period.from), to: format_instant(period.to) }
    }
}

/// Returns the tool.
pub(super) fn tool(estate: &Arc<dyn Estate>) -> Arc<dyn Tool> {
    reading_tool(estate, declaration(), run)
}

fn declaration() -> Declaration {
    let text = json!({"type": "string"});
    let input = json!({
        "ci_ids": items_schema("the items, by id or code; the first one's rows give the step if none is named"),
        "at": {"type": "string", "description": "the end of the window in RFC 3339; the end of the data if missing"},
        "step_s": {
            "type": "integer", "minimum": 1, "maximum": 86_400,
            "description": "seconds between two rows; the window is five of them; as the rows have it if missing",
        },
        "normal": {
            "description": "the period that counts as normal, {from, to} in RFC 3339 or a day; the estate's declared \
                            one if missing, else the week before the window",
            "anyOf": [text, object(json!({"from": text, "to": text}), &["from", "to"])],
        },
        "metrics": {
            "type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1},
            "description": "only these metrics; all if missing",
        },
    });
    let whole = json!({"type": "integer"});
    let ends = object(json!({"from": text, "to": text}), &["from", "to"]);
    let output = json!({
        "at": text, "window": ends, "normal": ends, "step_s": whole,
        "items": {
            "type": "array", "items": {"type": "object", "required": ["ci", "status", "metrics"]},
            "description": "one for each item, in the order asked: each metric now, normally, and how far off in spreads",
        },
        "total": whole, "truncated": truncated_schema(), "ci_requested": whole,
        "ci_unknown": {"type": "array", "items": text}, "points_read": whole,
    });
    Declaration {
        name: "metric.compare",
        description: "Compares items with their own normal, all metrics at once: what each shows in the window before an \
                      instant, what it normally shows, and how far off that is. A component without rows is `no data`, \
                      never healthy.",
        input: object(input, &["ci_ids"]),
        output: object(output, &["at", "window", "normal", "step_s", "items", "total", "truncated"]),
        ttl: METRIC_TTL,
    }
}

async fn run(estate: Arc<dyn Estate>, call: ToolCall) -> ToolResult {
    let params: Params = call.parse()?;
    let tenant = call.context().tenant();
    let summary = estate.summary(tenant).await?;
    let (at, normal) = periods(&params, &summary, &call)?;
    for metric in params.metrics.iter().flatten() {
        known_metric(&*estate, tenant, metric).await?;
    }
    let items = batch(&*estate, tenant, &params.ci_ids).await?;
    let step = match params.step_s {
        Some(step) => step,
        None => usual_step(&*estate, tenant, &items.ids, at).await?,
    };
    let plan = ComparePlan::at(at, step, normal);
    let window = Window::new(plan.normal.from.min(plan.window.from), plan.normal.to.max(plan.window.to));
    let query = MetricRead { ci_ids: items.ids.clone(), metrics: params.metrics, window };
    let series = estate.read_metrics(tenant, query).await?;
    let defs = estate.metric_defs(tenant).await?;
    let points_read = series.iter().map(|s| s.points.len()).sum();
    let ids = items.ids.clone();
    // Statistics over a week of many series take tens of milliseconds, which nobody else on this thread should wait for.
    let compared = spawn_blocking(move || compare(&ids, &series, &defs, &plan))
        .await
        .map_err(|e| ToolError::new(ErrorKind::Failed, "comparing stopped in the middle").with_source(e))?;
    let result = Answer {
        at: format_instant(at),
        window: plan.window.into(),
        normal: plan.normal.into(),
        step_s: plan.step,
        total: items.found,
        truncated: Cut::of("ci_ids", compared.len(), items.found as u64),
        items: compared,
        ci_requested: items.requested,
        ci_unknown: items.unknown.clone(),
        points_read,
    };
    answer(&result, [items.limit], unknown_warnings(&items.unknown))
}

/// Reads the instant and the normal period; an instant outside the data is an error, since everything would be missing.
fn periods(params: &Params, summary: &EstateSummary, call: &ToolCall) -> Result<(i64, Option<Period>), ToolError> {
    let mut problems = Problems::default();
    let Some(data) = summary.data else {
        return Err(ToolError::new(ErrorKind::NotFound, "the estate holds no data to compare"));
    };
    let at = match params.at.as_deref().map(parse_instant) {
        None => data.to,
        Some(Ok(at)) if data.from < at && at <= data.to => at,
        Some(Ok(_)) => {
            let period =
                format!("a time within the data, {} to {}", format_instant(data.from), format_instant(data.to));
            problems.add("/at", period, params.at.clone().map(Value::from).as_ref());
            data.to
        }
        Some(Err(expected)) => {
            problems.add("/at", expected, params.at.clone().map(Value::from).as_ref());
            data.to
        }
    };
    let normal = match &params.normal {
        None => summary.normal,
        Some(written) => Some(match TimeRange::parse(written) {
            Ok(range) => range.resolve(at),
            Err(expected) => {
                problems.add("/normal", expected, Some(written));
                data
            }
        }),
    };
    problems.finish(call)?;
    Ok((at, normal.map(|w| Period { from: w.from, to: w.to })))
}

/// How many threads compare at most.
const MAX_THREADS: usize = 4;

/// How far back rows are looked at to learn their step, in seconds.
const STEP_SECONDS: i64 = 86_400;

/// The step taken where no item has two rows, in seconds.
const FALLBACK_STEP: i64 = 300;

/// Returns the step of the first item that has rows on the day before `at`, else of the first that has any before it.
async fn usual_step(estate: &dyn Estate, tenant: &str, ids: &[String], at: i64) -> Result<i64, ToolError> {
    for from in [at - STEP_SECONDS, i64::MIN] {
        for id in ids {
            let query = MetricRead { ci_ids: vec![id.clone()], metrics: None, window: Window::new(from, at) };
            let series = estate.read_metrics(tenant, query).await?;
            let longest = series.iter().max_by_key(|s| s.points.len());
            let times: Vec<i64> = longest.iter().flat_map(|s| &s.points).map(|p| p.0).collect();
            if let Some(step) = infer_step(&times) {
                return Ok(step);
            }
        }
    }
    Ok(FALLBACK_STEP)
}

/// Compares every item, on as many threads as the machine has; the answer does not depend on how many those are.
fn compare(ids: &[String], series: &[Series], defs: &[MetricDef], plan: &ComparePlan) -> Vec<ItemComparison> {
    let defs: HashMap<&str, &MetricDef> = defs.iter().map(|d| (d.name.as_str(), d)).collect();
    let mut rows: HashMap<&str, Vec<MetricRows<'_>>> = HashMap::new();
    for s in series {
        if let Some(def) = defs.get(s.metric.as_str()) {
            let one = MetricRows { metric: &s.metric, role: def.role, unit: &def.unit, points: &s.points };
            rows.entry(&s.ci_id).or_default().push(one);
        }
    }
    let one = |id: &String| compare_item(id, rows.get(id.as_str()).map_or(&[], Vec::as_slice), plan);
    let threads = thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS);
    let share = ids.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        // A thread of its own for each share but the first.
        let mut shares = ids.chunks(share);
        let first = shares.next().unwrap_or_default();
        let others: Vec<_> = shares.map(|ids| scope.spawn(|| ids.iter().map(one).collect::<Vec<_>>())).collect();
        let mut compared: Vec<ItemComparison> = first.iter().map(one).collect();
        for other in others {
            compared.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        compared
    })
}
