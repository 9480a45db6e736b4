use super::*;

#[test]
fn bounds_become_the_types_keywords() {
    let several = ParamDefinition {
        types: Some(ParamTypes::Any(vec![ParamType::String, ParamType::Array])),
        ..ParamDefinition::default()
    };
    assert_eq!(
        several.min(1).max(3).schema(),
        json!({"type": ["string", "array"], "minLength": 1, "maxLength": 3, "minItems": 1, "maxItems": 3})
    );
    assert_eq!(ParamDefinition::new(ParamType::Integer).min(-1).schema(), json!({"type": "integer", "minimum": -1}));
}

#[track_caller]
fn check_faulty(param: &ParamDefinition, reason: &str) {
    let mut faults = Vec::new();
    param.check("params.x", &mut faults);
    assert!(faults.iter().any(|fault| fault.reason.contains(reason)), "{faults:?}");
}

#[test]
fn contradictions_are_found() {
    check_faulty(&ParamDefinition::new(ParamType::Integer).required().default_value(1), "required and has a default");
    check_faulty(&ParamDefinition::new(ParamType::Integer).min(2).max(1), "above `max`");
    check_faulty(&ParamDefinition::new(ParamType::String).min(-1), "whole numbers from 0");
    check_faulty(&ParamDefinition::new(ParamType::Boolean).max(1), "numbers, texts and lists only");
    check_faulty(
        &ParamDefinition { items: Some(ParamTypes::One(ParamType::String)), ..ParamDefinition::new(ParamType::String) },
        "for lists",
    );
    check_faulty(
        &ParamDefinition { values: Some(Vec::new()), ..ParamDefinition::new(ParamType::String) },
        "allows nothing",
    );
}
