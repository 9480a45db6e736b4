//! Tools made of a table.

use std::time::Duration;

use serde_json::{Value, json};
use tool_core::{CallContext, Effect, Profile, ToolName, ToolOutput, ToolRegistry, ToolSpec, ToolSpecBuilder, tool_fn};
use tool_select::{Catalog, RankedTool, Selection, ToolSelectionContext};

pub(crate) fn spec(name: &str, accuracy: f64, millis: u64) -> ToolSpecBuilder {
    let profile = Profile::new(accuracy, Duration::from_millis(millis));
    ToolSpec::builder(name, "A tool of the tests.").effect(Effect::Reads).profile(profile)
}

pub(crate) fn described(name: &str, description: &str, params: &[&str]) -> ToolSpecBuilder {
    let properties: serde_json::Map<String, Value> =
        params.iter().map(|name| ((*name).to_owned(), json!({}))).collect();
    ToolSpec::builder(name, description).input(json!({"type": "object", "properties": properties}))
}

pub(crate) fn registry(specs: impl IntoIterator<Item = ToolSpecBuilder>) -> ToolRegistry {
    let registry = ToolRegistry::new();
    for spec in specs {
        registry.register(tool_fn(spec.build().unwrap(), |_| async { ToolOutput::json(&()) })).unwrap();
    }
    registry
}

pub(crate) fn catalog(specs: impl IntoIterator<Item = ToolSpecBuilder>) -> Catalog {
    Catalog::of(&registry(specs))
}

pub(crate) fn context() -> ToolSelectionContext {
    ToolSelectionContext::new(CallContext::new("acme", "ann"))
}

pub(crate) fn tool(name: &str) -> ToolName {
    name.parse().unwrap()
}

pub(crate) fn name_of(ranked: &RankedTool) -> &str {
    ranked.tool.spec().name().as_str()
}

pub(crate) fn names(selection: &Selection) -> Vec<&str> {
    selection.ranked.iter().map(name_of).collect()
}
