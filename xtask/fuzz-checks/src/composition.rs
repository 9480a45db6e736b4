//! Is every composition either refused with its faults or one that runs to an end?

use tool_compose::{CompositionBuilder, CompositionPipeline, Definition, ToolResolver};
use tool_core::{CallContext, Params, ToolError, ToolHandle, ToolName};

use crate::desk::{REGISTRY, block_on, handle};
use crate::two_texts;

/// Takes a definition in TOML, or in JSON if it begins with `{`, and behind a byte 0xFF the parameters of a run.
///
/// # Panics
///
/// If a definition changes when it is written and read, is refused without a fault, or does not run to an end.
pub fn composition(input: &[u8]) {
    let Some((text, params)) = two_texts(input) else { return };
    let Some(definition) = read(text) else { return };
    let written = serde_json::to_string(&definition).expect("a definition has a JSON form");
    assert_eq!(read(&written).as_ref(), Some(&definition), "{written}");
    match CompositionBuilder::from(definition).build() {
        Ok(pipeline) => run(&pipeline, Params::parse(params).unwrap_or_else(|_| Params::empty())),
        Err(error) => assert!(!error.faults().is_empty(), "{error}"),
    }
}

fn read(text: &str) -> Option<Definition> {
    if text.starts_with('{') { serde_json::from_str(text).ok() } else { toml::from_str(text).ok() }
}

fn run(pipeline: &CompositionPipeline, params: Params) {
    let context = CallContext::new("acme", "ann");
    let run = block_on(pipeline.execute(&*REGISTRY, &Anything, params, context));
    let declared: Vec<&str> = pipeline.steps().map(|(id, _)| id).collect();
    assert!(run.steps.iter().all(|step| declared.contains(&&*step.id)), "{run:?}");
}

/// Every name is the one tool that there is.
struct Anything;

impl ToolResolver for Anything {
    fn resolve_tool(&self, _: &ToolName) -> Result<ToolHandle, ToolError> {
        Ok(handle())
    }
}
