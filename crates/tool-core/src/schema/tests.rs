use serde_json::json;

use super::*;
use crate::{SchemaRedactor, ToolSpec};

#[track_caller]
fn check(schema: Value, params: &Value, expected: &str) {
    let spec = ToolSpec::builder("a.b", "x").input(schema).build().unwrap();
    let message = spec.check_params(params, &SchemaRedactor::new()).unwrap_err().to_string();
    assert_eq!(message.strip_prefix("invalid parameters for a.b: "), Some(expected));
}

#[test]
fn message_names_path_and_expectation() {
    let limit = json!({"properties": {"limit": {"type": "integer", "maximum": 50}}});
    check(limit.clone(), &json!({"limit": 99}), "`limit`: expected at most 50, got 99");
    check(limit, &json!({"limit": "9"}), "`limit`: expected a value of type integer, got \"9\"");
    check(json!({"required": ["ci_id"]}), &json!({}), "`ci_id`: expected a value (it is required)");
    check(
        json!({"properties": {"agg": {"enum": ["min", "max"]}}}),
        &json!({"agg": "mean"}),
        "`agg`: expected one of \"min\", \"max\", got \"mean\"",
    );
    check(
        json!({"properties": {"list": {"items": {"properties": {"n": {"minimum": 0}}}}}}),
        &json!({"list": [{"n": 1}, {"n": -1}]}),
        "`list.1.n`: expected at least 0, got -1",
    );
    check(
        json!({"properties": {"a": {}}, "additionalProperties": false}),
        &json!({"b": 1}),
        "expected only declared fields, got `b`",
    );
}

#[test]
fn all_violations_come_at_once() {
    check(
        json!({"properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "required": ["c"]}),
        &json!({"a": 1, "b": 2}),
        "`a`: expected a value of type string, got 1; `b`: expected a value of type string, got 2; \
         `c`: expected a value (it is required)",
    );
}

#[test]
fn secrets_stay_out_of_errors() {
    let schema = json!({
        "properties": {
            "key": {"type": "integer", "writeOnly": true},
            "login": {"type": "string"},
        }
    });
    check(
        schema,
        &json!({"key": "s3", "login": {"password": "p4"}}),
        "`key`: expected a value of type integer, got \"[REDACTED:write-only]\"; \
         `login`: expected a value of type string, got {\"password\":\"[REDACTED:name]\"}",
    );
}

#[test]
fn long_values_are_shortened() {
    let spec = ToolSpec::builder("a.b", "x").input(json!({"properties": {"a": {"type": "integer"}}})).build().unwrap();
    let error = spec.check_params(&json!({"a": "ä".repeat(1000)}), &SchemaRedactor::new()).unwrap_err();
    assert!(error.to_string().chars().count() < 200);
}

#[test]
fn hostile_pattern_cannot_hang() {
    let spec =
        ToolSpec::builder("a.b", "x").input(json!({"properties": {"a": {"pattern": "^(a+)+$"}}})).build().unwrap();
    let attack = format!("{}!", "a".repeat(50_000));
    assert!(spec.check_params(&json!({"a": attack}), &SchemaRedactor::new()).is_err());
}
