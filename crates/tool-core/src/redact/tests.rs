use serde_json::json;

use super::*;

#[track_caller]
fn check(schema: Value, params: &Value, expected: &Value) {
    let spec = ToolSpec::builder("a.b", "x").input(schema).build().unwrap();
    assert_eq!(*SchemaRedactor::new().redact(&spec, params), *expected);
}

#[test]
fn write_only_is_replaced_wherever_it_hides() {
    let secret = json!({"type": "string", "writeOnly": true});
    let marker = "[REDACTED:write-only]";
    check(json!({"properties": {"a": secret}}), &json!({"a": "s3", "b": 1}), &json!({"a": marker, "b": 1}));
    check(
        json!({"properties": {"a": {"items": secret}}}),
        &json!({"a": ["s3", "s4"]}),
        &json!({"a": [marker, marker]}),
    );
    check(
        json!({"$defs": {"s": secret}, "anyOf": [{"properties": {"a": {"$ref": "#/$defs/s"}}}]}),
        &json!({"a": {"deep": 1}}),
        &json!({"a": marker}),
    );
    check(json!({"patternProperties": {"^x": secret}}), &json!({"xa": "s3"}), &json!({"xa": marker}));
}

#[test]
fn telling_names_are_replaced_at_depth() {
    check(
        json!({}),
        &json!({"login": {"API-Key": "k", "user": "u"}, "list": [{"password": "p"}]}),
        &json!({"login": {"API-Key": "[REDACTED:name]", "user": "u"}, "list": [{"password": "[REDACTED:name]"}]}),
    );
}

#[test]
fn harmless_parameters_are_borrowed() {
    let spec = ToolSpec::builder("a.b", "x").build().unwrap();
    let params = json!({"tokens": 5, "secretary": "Ann"});
    assert!(matches!(SchemaRedactor::new().redact(&spec, &params), Cow::Borrowed(_)));
}

#[test]
fn recursive_schema_ends() {
    check(
        json!({"$defs": {"n": {"properties": {"next": {"$ref": "#/$defs/n"}, "s": {"writeOnly": true}}}}, "$ref": "#/$defs/n"}),
        &json!({"next": {"next": {"s": 1}}}),
        &json!({"next": {"next": {"s": "[REDACTED:write-only]"}}}),
    );
}
