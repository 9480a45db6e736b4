//! How is a composition written down?

use std::{collections::BTreeMap, num::NonZeroU32};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{ErrorHandling, ParamDefinition};

/// A composition as data: what a TOML or JSON file says. Unknown fields are refused.
///
/// [`CompositionBuilder::from`](crate::CompositionBuilder) takes it on; nothing is checked before that builds.
///
/// # Examples
///
/// ```
/// use tool_compose::{CompositionBuilder, Definition};
///
/// let definition: Definition = serde_json::from_str(r#"{
///     "name": "find_one",
///     "description": "Finds one item by what it is called.",
///     "params": {"name": {"type": "string", "required": true, "min": 1}},
///     "steps": [
///         {"id": "find", "tool": "ci.search", "params": {"keywords": ["${params.name}"]}},
///         {"id": "get", "tool": "ci.get", "params": {"ci_id": "${steps.find.output.records[0].ci_id}"}}
///     ],
///     "output": {"item": "${steps.get.output}"}
/// }"#)?;
/// let pipeline = CompositionBuilder::from(definition).build()?;
/// assert_eq!(pipeline.tool_name().as_str(), "compose.find_one");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Definition {
    /// The name: plain, as in `search_with_context` (the tool is then `compose.search_with_context`), or a whole tool
    /// name, as in `ops.investigate`.
    pub name: String,
    /// What it is for, in a sentence or two.
    pub description: String,
    /// The parameters that a caller may give, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, ParamDefinition>,
    /// The steps, in the order in which they run.
    pub steps: Vec<StepDefinition>,
    /// A template of the result; the whole aggregate if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Value>,
}

/// One step as data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct StepDefinition {
    /// What references and the aggregate call the step; unique within the composition.
    pub id: String,
    /// The tool that is called.
    pub tool: String,
    /// A template of the tool's parameters.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub params: Map<String, Value>,
    /// What happens when the call fails.
    #[serde(default)]
    pub on_error: ErrorHandling,
    /// The time limit of one start of the tool, in milliseconds; the guard's default if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
    /// How often the tool may be started in all; the guard's default if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_attempts: Option<NonZeroU32>,
}
