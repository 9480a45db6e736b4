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

/// Returns a schema of `levels` definitions, each of which asks twice for the next, under a keyword.
fn doubling(levels: usize, keyword: &str) -> Value {
    let mut definitions = serde_json::Map::new();
    for level in 0..levels {
        let next = json!({"$ref": format!("#/$defs/d{}", level + 1)});
        definitions.insert(format!("d{level}"), json!({keyword: [next, next]}));
    }
    definitions.insert(format!("d{levels}"), json!({"type": "string"}));
    json!({"$defs": definitions, "$ref": "#/$defs/d0"})
}

#[test]
fn doubling_references_are_refused() {
    for keyword in ["anyOf", "allOf", "oneOf"] {
        assert!(ToolSpec::builder("a.b", "x").input(doubling(8, keyword)).build().is_ok());
        let error = ToolSpec::builder("a.b", "x").input(doubling(60, keyword)).build().unwrap_err();
        assert!(error.to_string().contains("expected at most 10000"), "{error}");
    }
}

/// Checks that a schema whose definitions ask twice for the next, in one way of naming it, is counted.
#[track_caller]
fn check_doubling(define: impl Fn(usize) -> Value, reference: impl Fn(usize) -> String) {
    let build = |levels: usize| {
        let mut schema = json!({"$ref": reference(0), "$defs": {}});
        for level in 0..levels {
            let next = json!({"$ref": reference(level + 1)});
            schema["$defs"][format!("d{level}")] = define(level);
            schema["$defs"][format!("d{level}")]["anyOf"] = json!([next, next]);
        }
        schema["$defs"][format!("d{levels}")] = define(levels);
        ToolSpec::builder("a.b", "x").input(schema).build()
    };
    assert!(build(5).is_ok(), "{:?}", build(5).err());
    let error = build(40).unwrap_err().to_string();
    assert!(error.contains("expected at most 10000"), "{error}");
}

#[test]
fn doubling_by_any_name_is_refused() {
    check_doubling(|_| json!({}), |level| format!("#/$defs/d{level}"));
    check_doubling(|level| json!({"$anchor": format!("n{level}")}), |level| format!("#n{level}"));
    check_doubling(|level| json!({"$id": format!("http://a/c{level}")}), |level| format!("http://a/c{level}"));
}

#[test]
fn endless_chain_is_refused() {
    let mut schema = json!({"$ref": "#/$defs/d0", "$defs": {"d2000": true}});
    for level in 0..2000 {
        schema["$defs"][format!("d{level}")] = json!({"$ref": format!("#/$defs/d{}", level + 1)});
    }
    let error = ToolSpec::builder("a.b", "x").input(schema).build().unwrap_err().to_string();
    assert!(error.contains("expected at most 10000"), "{error}");
}

#[test]
fn deep_value_of_a_branching_schema_is_refused_shortly() {
    let branch = |kind: &str| json!({"properties": {"type": {"const": kind}, "left": {"$ref": "#"}}});
    let schema = json!({"oneOf": [branch("and"), branch("or")]});
    let mut value = json!({"type": "neither"});
    check(schema.clone(), &value, "expected \"and\" or \"or\", got {\"type\":\"neither\"}");
    for _ in 0..40 {
        value = json!({"type": "or", "left": value});
    }
    check(schema, &value, "expected a value that fits the schema; too large or too deep to say where it does not");
}

#[test]
fn recursion_alone_costs_nothing() {
    let schema = json!({"properties": {"next": {"$ref": "#"}, "n": {"type": "integer"}}});
    let mut value = json!({"n": "x"});
    for _ in 0..50 {
        value = json!({"next": value});
    }
    let path = "next.".repeat(50);
    check(schema, &value, &format!("`{path}n`: expected a value of type integer, got \"x\""));
}
