//! What does a result show of an item?

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::estate::Ci;
use crate::tools::context::object;

/// The part of an item that tools hand out.
#[derive(Debug, Clone, Serialize)]
pub(super) struct CiRecord {
    ci_id: String,
    ci_code: String,
    ci_name: String,
    ci_type: String,
    ci_subtype: String,
    ci_category: String,
    status: String,
    location: String,
    owner: String,
    tags: BTreeMap<String, String>,
    attributes: BTreeMap<String, Value>,
}

impl From<Ci> for CiRecord {
    fn from(ci: Ci) -> Self {
        Self {
            ci_id: ci.ci_id,
            ci_code: ci.ci_code,
            ci_name: ci.ci_name,
            ci_type: ci.ci_type,
            ci_subtype: ci.ci_subtype,
            ci_category: ci.ci_category,
            status: ci.status,
            location: ci.location,
            owner: ci.owner,
            tags: ci.tags,
            attributes: ci.attributes,
        }
    }
}

const TEXTS: [&str; 9] =
    ["ci_id", "ci_code", "ci_name", "ci_type", "ci_subtype", "ci_category", "status", "location", "owner"];

/// Returns the schema of a record.
pub(super) fn schema() -> Value {
    let mut properties = json!({
        "tags": {"type": "object", "additionalProperties": {"type": "string"}},
        "attributes": {"type": "object"},
    });
    for name in TEXTS {
        properties[name] = json!({"type": "string"});
    }
    let required: Vec<&str> = TEXTS.into_iter().chain(["tags", "attributes"]).collect();
    object(properties, &required)
}
