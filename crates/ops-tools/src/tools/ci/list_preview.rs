//! Which items are there, newest first?

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tool_core::{Tool, ToolCall, ToolResult};

use super::filters::{self, Written};
use super::record::{self, CiRecord};
use crate::estate::{CiSearch, Estate};
use crate::tools::context::{
    Cut, Declaration, Problems, SEARCH_TTL, answer, clamp, cut_limit, limit_schema, object, reading_tool,
    truncated_schema,
};

const MAX_LIMIT: u32 = 50;
const MAX_OFFSET: u32 = 1_000_000;

/// Makes `ci.list_preview`.
pub(super) fn tool(estate: &Arc<dyn Estate>) -> Arc<dyn Tool> {
    let declared = Declaration {
        name: "ci.list_preview",
        description: "Lists configuration items page by page, newest first, then by code; filters narrow the list.",
        input: object(
            json!({
                "limit": limit_schema("how many rows to return", MAX_LIMIT, MAX_LIMIT),
                "offset": {"type": "integer", "minimum": 0, "maximum": MAX_OFFSET, "default": 0,
                           "description": "how many rows to skip"},
                "filters": filters::schema(),
            }),
            &[],
        ),
        output: output(),
        ttl: SEARCH_TTL,
    };
    reading_tool(estate, declared, list)
}

fn output() -> Value {
    object(
        json!({
            "rows": {"type": "array", "items": record::schema()},
            "total": {"type": "integer", "minimum": 0, "description": "how many items match, shown or not"},
            "limit": {"type": "integer"},
            "offset": {"type": "integer"},
            "truncated": truncated_schema(),
        }),
        &["rows", "total", "limit", "offset", "truncated"],
    )
}

#[derive(Debug, Deserialize)]
struct Params {
    limit: Option<u64>,
    #[serde(default)]
    offset: u32,
    #[serde(default)]
    filters: Vec<Written>,
}

#[derive(Debug, Serialize)]
struct Listed {
    rows: Vec<CiRecord>,
    total: u64,
    limit: u32,
    offset: u32,
    truncated: Option<Cut>,
}

async fn list(estate: Arc<dyn Estate>, call: ToolCall) -> ToolResult {
    let params: Params = call.parse()?;
    let mut problems = Problems::default();
    let filters = filters::read(&params.filters, &mut problems);
    problems.finish(&call)?;
    let (limit, offset) = (clamp("limit", params.limit, MAX_LIMIT, MAX_LIMIT), params.offset);
    let query = CiSearch { filters, limit: limit.used, offset, ..CiSearch::default() };
    let page = estate.list_cis(call.context().tenant(), query).await?;
    let total = page.total;
    let rows: Vec<CiRecord> = page.rows.into_iter().map(CiRecord::from).collect();
    // The last page is whole: what stands before it was skipped because the caller asked so.
    let rest = total.saturating_sub(offset.into());
    let truncated = Cut::of("limit", rows.len(), rest);
    let cut = cut_limit(truncated.as_ref(), Some(rest));
    answer(&Listed { rows, total, limit: limit.used, offset, truncated }, [limit.limit.or(cut)], Vec::new())
}
