//! What is this one item?

use std::sync::Arc;

use serde::Deserialize;
use serde_json::json;
use tool_core::{Tool, ToolCall, ToolOutput, ToolResult};

use super::record::{self, CiRecord};
use crate::estate::{Estate, EstateError, EstateErrorKind, Resolution};
use crate::tools::context::{Declaration, GET_TTL, object, reading_tool, unknown_item};

/// Makes `ci.get`.
pub(super) fn by_id(estate: &Arc<dyn Estate>) -> Arc<dyn Tool> {
    let ci_id = json!({"type": "string", "minLength": 1, "description": "the item's id; its code will do"});
    let declared = Declaration {
        name: "ci.get",
        description: "Returns one configuration item by its id, with tags and attributes; an unknown id fails with the \
                      nearest items.",
        input: object(json!({"ci_id": ci_id}), &["ci_id"]),
        output: record::schema(),
        ttl: GET_TTL,
    };
    reading_tool(estate, declared, get)
}

/// Makes `ci.get_by_code`.
pub(super) fn by_code(estate: &Arc<dyn Estate>) -> Arc<dyn Tool> {
    let ci_code = json!({"type": "string", "minLength": 1, "description": "the item's code, as in db-orders"});
    let declared = Declaration {
        name: "ci.get_by_code",
        description: "Returns one configuration item by its code, with tags and attributes. A text that is no code but \
                      the id or name of exactly one item finds that; one that names several fails with all of them, one \
                      that names none with the nearest.",
        input: object(json!({"ci_code": ci_code}), &["ci_code"]),
        output: record::schema(),
        ttl: GET_TTL,
    };
    reading_tool(estate, declared, get_by_code)
}

#[derive(Debug, Deserialize)]
struct ById {
    ci_id: String,
}

async fn get(estate: Arc<dyn Estate>, call: ToolCall) -> ToolResult {
    let ById { ci_id } = call.parse()?;
    let tenant = call.context().tenant();
    let graph = estate.graph(tenant).await?;
    let node = graph.find(&ci_id).ok_or_else(|| unknown_item(&graph, &ci_id))?;
    let ci = estate.ci(tenant, &graph.node(node).id).await?;
    ToolOutput::json(&CiRecord::from(ci))
}

#[derive(Debug, Deserialize)]
struct ByCode {
    ci_code: String,
}

async fn get_by_code(estate: Arc<dyn Estate>, call: ToolCall) -> ToolResult {
    let ByCode { ci_code } = call.parse()?;
    let tenant = call.context().tenant();
    match estate.ci_by_code(tenant, &ci_code).await {
        Ok(ci) => ToolOutput::json(&CiRecord::from(ci)),
        Err(error) if error.kind() == EstateErrorKind::NotFound => by_any_name(&*estate, tenant, &ci_code, error).await,
        Err(error) => Err(error.into()),
    }
}

/// Takes the text for an id or a name; `error` is what stands if it is neither.
async fn by_any_name(estate: &dyn Estate, tenant: &str, text: &str, error: EstateError) -> ToolResult {
    match estate.resolve(tenant, text).await? {
        Resolution::Exact(hint) => {
            let output = ToolOutput::json(&CiRecord::from(estate.ci(tenant, &hint.ci_id).await?))?;
            Ok(output.warning(format!("`{text}` is not a code; it names {}", hint.ci_code)))
        }
        Resolution::Ambiguous(all) => {
            let message = format!("`{text}` names {} items", all.len());
            Err(EstateError::new(EstateErrorKind::Ambiguous, message).with_candidates(all).into())
        }
        Resolution::Unknown(_) => Err(error.into()),
    }
}
