//! Does every schema compile or get refused, and judge any parameters in bounded time?

use serde_json::Value;
use tool_core::{Params, Payload, SchemaRedactor, ToolSpec};

use crate::two_texts;

/// Takes a JSON Schema, and behind a byte 0xFF the parameters it is asked about.
///
/// # Panics
///
/// If a schema that a specification took on judges a value two ways, or JSON is not read back as it was written.
pub fn schema(input: &[u8]) {
    let Some((schema, params)) = two_texts(input) else { return };
    check_json(params);
    let Ok(schema) = serde_json::from_str::<Value>(schema) else { return };
    let builder = ToolSpec::builder("test.schema", "Tests a schema.").input(schema.clone()).output(schema);
    match builder.build() {
        Ok(spec) => check_value(&spec, &serde_json::from_str(params).unwrap_or_default()),
        Err(error) => assert!(!error.field().is_empty() && !error.to_string().is_empty()),
    }
}

fn check_value(spec: &ToolSpec, value: &Value) {
    let (as_params, as_result) = (spec.check_params(value, &SchemaRedactor::new()), spec.check_output(value));
    assert_eq!(as_params.is_ok(), as_result.is_ok(), "one schema judges {value} two ways");
    if let Err(error) = as_params {
        assert!(!error.to_string().is_empty());
        assert!(!error.violations().is_empty(), "{value} is refused without a reason");
    }
    assert!(spec.required_params().count() <= spec.input_schema().to_string().len());
}

fn check_json(text: &str) {
    let params = Params::parse(text);
    let Ok(payload) = Payload::from_text(text) else {
        assert!(params.is_err(), "parameters are no JSON: {text}");
        return;
    };
    assert_eq!(payload.as_str(), text);
    assert_eq!(params.is_ok(), payload.value().is_object(), "{text}");
    let again = Payload::of(payload.value()).and_then(|written| Payload::from_text(written.to_text()));
    assert_eq!(again.expect("what was read can be written").value(), payload.value(), "{text}");
}
