//! Which items fit these words?

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tool_core::{Tool, ToolCall, ToolResult};

use super::filters::{self, Written};
use super::record::{self, CiRecord};
use crate::estate::{CiColumn, CiSearch, Estate, Match, Order};
use crate::nearest::did_you_mean;
use crate::tools::context::{
    Cut, Declaration, Problems, SEARCH_TTL, answer, clamp, cut_limit, limit_schema, object, reading_tool,
    truncated_schema,
};

const DEFAULT_LIMIT: u32 = 10;
const MAX_LIMIT: u32 = 50;

/// Makes `ci.search`.
pub(super) fn tool(estate: &Arc<dyn Estate>) -> Arc<dyn Tool> {
    let declared = Declaration {
        name: "ci.search",
        description: "Finds configuration items whose code, name, type, subtype or category contains the keywords, whatever \
                      their case, and for which every filter holds. `match: any` (formerly search_broad_or) finds items \
                      that contain at least one keyword instead of all.",
        input: input(),
        output: output(),
        ttl: SEARCH_TTL,
    };
    reading_tool(estate, declared, search)
}

fn input() -> Value {
    let columns: Vec<&str> = CiColumn::ALL.iter().map(|column| column.name()).collect();
    let column = format!("one of {}", columns.join(", "));
    object(
        json!({
            "keywords": {"type": "array", "maxItems": 20, "default": [],
                         "items": {"type": "string", "minLength": 1, "maxLength": 200},
                         "description": "substrings to look for; % and _ mean themselves"},
            "match": {"enum": ["all", "any"], "default": "all", "description": "whether every keyword must fit, or one"},
            "filters": filters::schema(),
            "sort": object(
                json!({
                    "column": {"type": "string", "description": column},
                    "direction": {"enum": ["asc", "desc"], "default": "asc"},
                }),
                &["column"],
            ),
            "limit": limit_schema("how many records to return", DEFAULT_LIMIT, MAX_LIMIT),
        }),
        &[],
    )
}

fn output() -> Value {
    object(
        json!({
            "records": {"type": "array", "items": record::schema()},
            "total": {"type": "integer", "minimum": 0, "description": "how many items match, shown or not"},
            "truncated": truncated_schema(),
            "query": {"type": "string", "description": "what was asked, in words"},
            "params": {"type": "object", "description": "the parameters as used"},
        }),
        &["records", "total", "truncated", "query", "params"],
    )
}

#[derive(Debug, Deserialize)]
struct Params {
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default, rename = "match")]
    matching: Matching,
    #[serde(default)]
    filters: Vec<Written>,
    sort: Option<Sort>,
    limit: Option<u64>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Matching {
    #[default]
    All,
    Any,
}

#[derive(Debug, Deserialize, Serialize)]
struct Sort {
    column: String,
    #[serde(default)]
    direction: Direction,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Direction {
    #[default]
    Asc,
    Desc,
}

#[derive(Debug, Serialize)]
struct Found {
    records: Vec<CiRecord>,
    total: u64,
    truncated: Option<Cut>,
    query: String,
    params: Value,
}

async fn search(estate: Arc<dyn Estate>, call: ToolCall) -> ToolResult {
    let params: Params = call.parse()?;
    let mut problems = Problems::default();
    let limit = clamp("limit", params.limit, DEFAULT_LIMIT, MAX_LIMIT);
    let query = CiSearch {
        keywords: params.keywords.clone(),
        matching: match params.matching {
            Matching::All => Match::All,
            Matching::Any => Match::Any,
        },
        filters: filters::read(&params.filters, &mut problems),
        sort: params.sort.as_ref().and_then(|sort| order(sort, &mut problems)),
        limit: limit.used,
        offset: 0,
    };
    problems.finish(&call)?;
    let (said, used) = (said(&query), used(&call, limit.used));
    let page = estate.search_cis(call.context().tenant(), query).await?;
    let truncated = Cut::of("limit", page.rows.len(), page.total);
    let cut = cut_limit(truncated.as_ref(), Some(page.total));
    let records = page.rows.into_iter().map(CiRecord::from).collect();
    let found = Found { records, total: page.total, truncated, query: said, params: used };
    answer(&found, [limit.limit.or(cut)], Vec::new())
}

fn order(sort: &Sort, problems: &mut Problems) -> Option<(CiColumn, Order)> {
    let direction = match sort.direction {
        Direction::Asc => Order::Ascending,
        Direction::Desc => Order::Descending,
    };
    let column = CiColumn::parse(&sort.column);
    if column.is_none() {
        let names: Vec<&str> = CiColumn::ALL.iter().map(|column| column.name()).collect();
        let hint = did_you_mean(&sort.column, names.iter().copied());
        problems.add("/sort/column", format!("one of {}{hint}", names.join(", ")), Some(&sort.column.as_str().into()));
    }
    column.map(|column| (column, direction))
}

/// Returns the call's parameters with the limit that was used.
fn used(call: &ToolCall, limit: u32) -> Value {
    let mut params = call.params().as_value().clone();
    params["limit"] = limit.into();
    params
}

fn said(query: &CiSearch) -> String {
    let keywords: Vec<String> = query.keywords.iter().map(|keyword| format!("{keyword:?}")).collect();
    let joint = match query.matching {
        Match::All => " and ",
        Match::Any => " or ",
    };
    let words = (!keywords.is_empty()).then(|| format!("items containing {}", keywords.join(joint)));
    let words = words.unwrap_or_else(|| "all items".to_owned());
    let filters = filters::said(&query.filters).map(|filters| format!(" where {filters}")).unwrap_or_default();
    let sort = match query.sort {
        None => "ci_code".to_owned(),
        Some((column, Order::Ascending)) => column.name().to_owned(),
        Some((column, Order::Descending)) => format!("{} descending", column.name()),
    };
    format!("{words}{filters}, by {sort}")
}
