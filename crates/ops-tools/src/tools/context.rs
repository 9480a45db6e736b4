//! What do the tools share: how they are declared, check their parameters and name their limits?

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};
use tool_core::{
    Effect, Limit, Scope, Tool, ToolCall, ToolError, ToolOutput, ToolResult, ToolSpec, Violation, tool_fn,
};

use crate::estate::{CiHint, Estate, EstateError, EstateErrorKind, Graph};
use crate::timerange::{TimeRange, Window};

/// What a tool over an estate declares.
pub(crate) struct Declaration {
    /// As in `metric.series`.
    pub(crate) name: &'static str,
    /// What it is for, in a sentence or two.
    pub(crate) description: &'static str,
    /// The properties of its parameters, as a JSON object; see [`object`].
    pub(crate) input: Value,
    /// The JSON Schema of its result.
    pub(crate) output: Value,
    /// How long a result stays good.
    pub(crate) ttl: Duration,
}

/// How long item searches stay good.
pub(crate) const SEARCH_TTL: Duration = Duration::from_secs(5 * 60);

/// How long single items stay good.
pub(crate) const GET_TTL: Duration = Duration::from_secs(10 * 60);

/// How long metrics and histories stay good.
pub(crate) const METRIC_TTL: Duration = Duration::from_secs(3 * 60);

/// How long relations stay good.
pub(crate) const GRAPH_TTL: Duration = Duration::from_secs(10 * 60);

/// Makes a reading tool, cached per tenant, of a declaration and an async function of the estate and the call.
///
/// # Panics
///
/// If the declaration is malformed: every declaration is built by a test.
pub(crate) fn reading_tool<F, R>(estate: &Arc<dyn Estate>, declared: Declaration, function: F) -> Arc<dyn Tool>
where
    F: Fn(Arc<dyn Estate>, ToolCall) -> R + Send + Sync + 'static,
    R: Future<Output = ToolResult> + Send + 'static,
{
    let spec = ToolSpec::builder(declared.name, declared.description)
        .input(declared.input)
        .output(declared.output)
        .effect(Effect::Reads)
        .idempotent()
        .scope(Scope::Tenant)
        .source(estate.source())
        .tag("estate")
        .ttl(declared.ttl)
        .profile(crate::catalog::profile(declared.name))
        .build()
        .expect("a declaration that its test has built");
    let estate = Arc::clone(estate);
    Arc::new(tool_fn(spec, move |call| function(Arc::clone(&estate), call)))
}

/// Returns the schema of an object with these properties and no others.
pub(crate) fn object(properties: Value, required: &[&str]) -> Value {
    let mut schema = json!({"type": "object", "required": required, "additionalProperties": false});
    schema["properties"] = properties;
    schema
}

/// Returns the schema of a time range parameter.
pub(crate) fn time_range_schema(default: &str) -> Value {
    json!({
        "description": "last_<n>m, last_<n>h or last_<n>d (ending where the estate's data ends), a day YYYY-MM-DD in \
                        UTC, or {from, to} in RFC 3339; half-open",
        "default": default,
        "anyOf": [
            {"type": "string", "examples": ["last_1h", "last_24h", "last_7d", "last_30d", "2026-11-22"]},
            object(json!({"from": {"type": "string"}, "to": {"type": "string"}}), &["from", "to"]),
            object(json!({"last": {"type": "string"}, "to": {"type": "string"}}), &["last", "to"]),
        ],
    })
}

/// Returns the schema of a whole-number parameter of at least 1; more than `max` is clamped, and the clamp reported.
pub(crate) fn limit_schema(what: &str, default: u32, max: u32) -> Value {
    json!({
        "type": "integer", "minimum": 1, "default": default,
        "description": format!("{what}; at most {max}, more is clamped and said"),
    })
}

/// Returns the schema of the `truncated` member of a result: what cut the list, or null.
pub(crate) fn truncated_schema() -> Value {
    json!({
        "description": "the limit that cut the list, or null if it is whole",
        "anyOf": [
            {"type": "null"},
            object(json!({"limit": {"type": "string"}, "value": {"type": "integer"}}), &["limit", "value"]),
        ],
    })
}

/// The limit that cut a list: the `truncated` member of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Cut {
    /// The limit's name, as in `limit` or `max_nodes`.
    pub(crate) limit: &'static str,
    /// Its value.
    pub(crate) value: u64,
}

impl Cut {
    /// Returns the cut of a list of which `shown` of `total` rows are given, if any are missing.
    pub(crate) fn of(limit: &'static str, shown: usize, total: u64) -> Option<Self> {
        let shown = shown as u64;
        (shown < total).then_some(Self { limit, value: shown })
    }
}

/// A parameter after clamping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clamped {
    /// What is used.
    pub(crate) used: u32,
    /// The clamp, if it changed what was asked.
    pub(crate) limit: Option<Limit>,
}

/// Returns `asked`, or `default`, but at most `max`.
pub(crate) fn clamp(name: &'static str, asked: Option<u64>, default: u32, max: u32) -> Clamped {
    let Some(asked) = asked else {
        return Clamped { used: default, limit: None };
    };
    match u32::try_from(asked) {
        Ok(used) if used <= max => Clamped { used, limit: None },
        _ => Clamped { used: max, limit: Some(Limit::new(name, Some(asked), u64::from(max))) },
    }
}

/// Wraps a result and states every limit that was applied: clamps, and what cut its list.
pub(crate) fn answer<T: Serialize>(
    result: &T,
    limits: impl IntoIterator<Item = Option<Limit>>,
    warnings: Vec<String>,
) -> ToolResult {
    let output = ToolOutput::json(result)?;
    let output = limits.into_iter().flatten().fold(output, ToolOutput::limited);
    Ok(warnings.into_iter().fold(output, ToolOutput::warning))
}

/// The limit that a cut of a list of `total` rows stands for.
pub(crate) fn cut_limit(cut: Option<&Cut>, total: Option<u64>) -> Option<Limit> {
    cut.map(|cut| Limit::new(cut.limit, total, cut.value))
}

/// Everything that is wrong with the parameters of a call, told at once.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<Violation>);

impl Problems {
    /// Adds that the parameter at `path` (a JSON Pointer, as in `/filters/0`) was expected to be something else.
    pub(crate) fn add(&mut self, path: impl Into<String>, expected: impl Into<String>, got: Option<&Value>) {
        self.0.push(Violation::new(path, expected, got.map(ToString::to_string)));
    }

    /// Fails if anything was added.
    ///
    /// # Errors
    ///
    /// `InvalidParams` with all of it.
    pub(crate) fn finish(self, call: &ToolCall) -> Result<(), ToolError> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(ToolError::invalid_params(call.spec().name().as_str(), self.0))
    }

    /// Reads a time range parameter; `default` serves if it is missing.
    ///
    /// What it returns after adding a problem is never used: [`Problems::finish`] fails first.
    pub(crate) fn time_range(&mut self, path: &str, value: Option<&Value>, default: &str) -> TimeRange {
        let fallback = Value::from(default);
        let value = value.unwrap_or(&fallback);
        TimeRange::parse(value).unwrap_or_else(|expected| {
            self.add(path, expected, Some(value));
            TimeRange::Last(1)
        })
    }
}

/// Returns the window that a time range means in the data of a tenant.
///
/// # Errors
///
/// Those of reading the estate.
pub(crate) async fn resolve_window(estate: &dyn Estate, tenant: &str, range: TimeRange) -> Result<Window, EstateError> {
    Ok(range.resolve(estate.summary(tenant).await?.now()))
}

/// The items that a call names, by id or code, in the order given, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Items {
    /// The ids of those that exist.
    pub(crate) ids: Vec<String>,
    /// What names no item.
    pub(crate) unknown: Vec<String>,
}

/// How many items one call may name.
pub(crate) const MAX_ITEMS: usize = 300;

/// Finds the items that a call names.
///
/// # Errors
///
/// `NotFound` with the nearest items if none of them exists, and those of reading the estate.
pub(crate) async fn resolve_items(estate: &dyn Estate, tenant: &str, named: &[String]) -> Result<Items, EstateError> {
    let graph = estate.graph(tenant).await?;
    let mut items = Items { ids: Vec::new(), unknown: Vec::new() };
    let mut seen = std::collections::HashSet::new();
    for name in named {
        match graph.find(name) {
            Some(node) if seen.insert(node) => items.ids.push(graph.node(node).id.clone()),
            Some(_) => {}
            None => items.unknown.push(name.clone()),
        }
    }
    match items.unknown.first() {
        Some(first) if items.ids.is_empty() => Err(unknown_item(&graph, first)),
        _ => Ok(items),
    }
}

/// Finds the item that a call names, by id or code.
///
/// # Errors
///
/// `NotFound` with the nearest items, and those of reading the estate.
pub(crate) async fn resolve_item(estate: &dyn Estate, tenant: &str, named: &str) -> Result<CiHint, EstateError> {
    let graph = estate.graph(tenant).await?;
    let node = graph.find(named).ok_or_else(|| unknown_item(&graph, named))?;
    Ok(graph.node(node).hint())
}

/// Returns the error for a text that names no item, with the nearest ones.
pub(crate) fn unknown_item(graph: &Graph, text: &str) -> EstateError {
    EstateError::new(EstateErrorKind::NotFound, format!("no item has the id or code `{text}`"))
        .with_candidates(graph.nearest(text))
}
