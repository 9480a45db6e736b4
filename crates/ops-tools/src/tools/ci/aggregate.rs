//! How many items are there of each kind?

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tool_core::{Tool, ToolCall, ToolError, ToolResult};

use super::filters::{self, Written};
use crate::estate::{CiAggregate, CiColumn, CiField, CiMeasure, Estate};
use crate::tools::context::{
    Cut, Declaration, Items, Problems, SEARCH_TTL, answer, clamp, cut_limit, limit_schema, object, reading_tool,
    resolve_items, truncated_schema,
};
use crate::tools::items::{cap_items, items_schema, unknown_warnings};

const DEFAULT_TOP_N: u32 = 50;
const MAX_TOP_N: u32 = 200;

/// Makes `ci.aggregate`.
pub(super) fn tool(estate: &Arc<dyn Estate>) -> Arc<dyn Tool> {
    let declared = Declaration {
        name: "ci.aggregate",
        description: "Counts configuration items by group, largest group first: how many of each type, status, owner or \
                      location, over all items or those that filters and ids leave.",
        input: input(),
        output: output(),
        ttl: SEARCH_TTL,
    };
    reading_tool(estate, declared, aggregate)
}

fn input() -> Value {
    let fields = format!("each one of {}", CiField::names().join(", "));
    let distinct =
        object(json!({"count_distinct": {"type": "string", "description": "of which field"}}), &["count_distinct"]);
    object(
        json!({
            "group_by": {"type": "array", "items": {"type": "string"}, "maxItems": 5, "uniqueItems": true,
                         "default": [], "description": fields},
            "metrics": {"type": "array", "minItems": 1, "maxItems": 5, "uniqueItems": true, "default": ["count"],
                        "items": {"anyOf": [{"enum": ["count", "count_distinct"]}, distinct]},
                        "description": "count (items), count_distinct (codes) or {\"count_distinct\": FIELD}"},
            "filters": filters::schema(),
            "ci_ids": items_schema("only these items, by id or code"),
            "top_n": limit_schema("how many groups to return", DEFAULT_TOP_N, MAX_TOP_N),
        }),
        &[],
    )
}

fn output() -> Value {
    object(
        json!({
            "columns": {"type": "array", "items": {"type": "string"}},
            "rows": {"type": "array", "items": {"type": "object"}, "description": "one object per group, by column"},
            "total": {"type": "integer", "minimum": 0, "description": "how many groups there are, shown or not"},
            "truncated": truncated_schema(),
            "query": {"type": "string", "description": "what was asked, in words"},
            "params": {"type": "object", "description": "the parameters as used"},
        }),
        &["columns", "rows", "total", "truncated", "query", "params"],
    )
}

#[derive(Debug, Deserialize)]
struct Params {
    #[serde(default)]
    group_by: Vec<String>,
    #[serde(default = "count")]
    metrics: Vec<Metric>,
    #[serde(default)]
    filters: Vec<Written>,
    ci_ids: Option<Vec<String>>,
    top_n: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Metric {
    Bare(Bare),
    Distinct { count_distinct: String },
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Bare {
    Count,
    CountDistinct,
}

fn count() -> Vec<Metric> {
    vec![Metric::Bare(Bare::Count)]
}

#[derive(Debug, Serialize)]
struct Counted {
    columns: Vec<String>,
    rows: Vec<Value>,
    total: u64,
    truncated: Option<Cut>,
    query: String,
    params: Value,
}

async fn aggregate(estate: Arc<dyn Estate>, call: ToolCall) -> ToolResult {
    let params: Params = call.parse()?;
    let tenant = call.context().tenant();
    let mut problems = Problems::default();
    let group_by = group_by(&params.group_by, &mut problems);
    let measures = measures(&params.metrics, &mut problems);
    let filters = filters::read(&params.filters, &mut problems);
    problems.finish(&call)?;
    let top_n = clamp("top_n", params.top_n, DEFAULT_TOP_N, MAX_TOP_N);
    let (items, items_limit) = only(&*estate, tenant, params.ci_ids).await?;
    let warnings = items.as_ref().map(|items| unknown_warnings(&items.unknown)).unwrap_or_default();
    let ci_ids = items.map(|items| items.ids);
    let query = CiAggregate { group_by, measures, filters, ci_ids, top_n: top_n.used };
    let (columns, said) = (columns(&query), said(&query));
    let groups = estate.aggregate_cis(tenant, query).await?;
    let truncated = Cut::of("top_n", groups.rows.len(), groups.total);
    let cut = cut_limit(truncated.as_ref(), Some(groups.total));
    let rows = groups.rows.into_iter().map(|row| by_column(&columns, row)).collect();
    let counted =
        Counted { columns, rows, total: groups.total, truncated, query: said, params: used(&call, top_n.used) };
    answer(&counted, [top_n.limit.or(cut), items_limit], warnings)
}

async fn only(
    estate: &dyn Estate,
    tenant: &str,
    named: Option<Vec<String>>,
) -> Result<(Option<Items>, Option<tool_core::Limit>), ToolError> {
    let Some(named) = named else { return Ok((None, None)) };
    let (named, limit) = cap_items(named);
    Ok((Some(resolve_items(estate, tenant, &named).await?), limit))
}

fn group_by(names: &[String], problems: &mut Problems) -> Vec<CiField> {
    let fields = names.iter().enumerate();
    fields.filter_map(|(place, name)| filters::field(name, format!("/group_by/{place}"), problems)).collect()
}

fn measures(metrics: &[Metric], problems: &mut Problems) -> Vec<CiMeasure> {
    let measure = |(place, metric): (usize, &Metric)| match metric {
        Metric::Bare(Bare::Count) => Some(CiMeasure::Count),
        Metric::Bare(Bare::CountDistinct) => Some(CiMeasure::CountDistinct(CiField::Column(CiColumn::Code))),
        Metric::Distinct { count_distinct } => {
            let path = format!("/metrics/{place}/count_distinct");
            filters::field(count_distinct, path, problems).map(CiMeasure::CountDistinct)
        }
    };
    metrics.iter().enumerate().filter_map(measure).collect()
}

fn columns(query: &CiAggregate) -> Vec<String> {
    let measures = query.measures.iter().map(|measure| match measure {
        CiMeasure::Count => "count".to_owned(),
        CiMeasure::CountDistinct(CiField::Column(CiColumn::Code)) => "count_distinct".to_owned(),
        CiMeasure::CountDistinct(field) => format!("count_distinct({})", field.name()),
    });
    query.group_by.iter().map(|field| field.name()).chain(measures).collect()
}

fn by_column(columns: &[String], row: Vec<Value>) -> Value {
    Value::Object(columns.iter().cloned().zip(row).collect::<Map<_, _>>())
}

fn used(call: &ToolCall, top_n: u32) -> Value {
    let mut params = call.params().as_value().clone();
    params["top_n"] = top_n.into();
    params
}

fn said(query: &CiAggregate) -> String {
    let groups: Vec<String> = query.group_by.iter().map(|field| field.name()).collect();
    let by = if groups.is_empty() { String::new() } else { format!(" by {}", groups.join(", ")) };
    let filters = filters::said(&query.filters).map(|filters| format!(" where {filters}")).unwrap_or_default();
    let of = query.ci_ids.as_ref().map_or_else(|| "all items".to_owned(), |ids| format!("{} named items", ids.len()));
    let measures = &columns(query)[groups.len()..];
    format!("{} of {of}{filters}{by}", measures.join(", "))
}
