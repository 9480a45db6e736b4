use serde_json::{Value, json};

use super::{MAX_DEPTH, parse};

#[track_caller]
fn check(spec: &Value, expected: &str) {
    assert_eq!(parse(spec).unwrap_err(), expected);
}

#[test]
fn faults_name_their_place() {
    check(&json!("x"), "condition: expected an object, got text");
    check(&json!({}), "condition: `field` is missing");
    check(&json!({"all": []}), "condition.all: expected a list of at least one condition");
    check(
        &json!({"any": [{"field": "a", "op": "==", "value": 1}, 7]}),
        "condition.any[1]: expected an object, got number",
    );
    check(
        &json!({"not": {"field": "a", "op": "=", "value": 1}}),
        "condition.not.op: got `=`, expected one of >, <, >=, <=, ==, !=",
    );
    check(&json!({"all": [], "any": []}), "condition: `all` must be the only key");
    check(&json!({"field": "a", "op": ">", "valeu": 1}), "condition: unknown key `valeu`; did you mean \"value\"?");
}

#[test]
fn text_has_no_order() {
    check(
        &json!({"field": "a", "op": ">", "value": "up"}),
        "condition.value: \"up\" is text, which compares with == and != only",
    );
    check(
        &json!({"field": "a", "op": "<", "value": true}),
        "condition.value: true is a boolean, which compares with == and != only",
    );
    assert!(parse(&json!({"field": "a", "op": ">", "value": "80"})).is_ok());
}

#[test]
fn operands_are_scalars_or_parameters() {
    let expected = "condition.value: expected a number, a text, a boolean or {\"param\": NAME}, got null";
    check(&json!({"field": "a", "op": "==", "value": null}), expected);
    let names = "ci_id, ci_code, system, host_server, runs_on, location, owner, ci_type, ci_subtype";
    check(
        &json!({"field": "a", "op": "==", "value": {"param": "ownr"}}),
        &format!("condition.value.param: got `ownr`, expected one of {names}; did you mean \"owner\"?"),
    );
}

#[test]
fn windows_and_durations_fit_their_measure() {
    let test = |extra: Value| {
        let mut spec = json!({"field": "a", "op": ">", "value": 1});
        spec.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        spec
    };
    check(&test(json!({"window": "5m"})), "condition.window: a test without `agg` takes no `window`");
    check(&test(json!({"agg": "avg"})), "condition: `window` is missing");
    check(&test(json!({"agg": "avg", "window": "5m", "for": "5m"})), "condition.for: a test with `agg` takes no `for`");
    check(
        &test(json!({"agg": "absense", "window": "5m"})),
        "condition.agg: got `absense`, expected one of count, avg, min, max, sum, rate, absence; did you mean \"absence\"?",
    );
    check(&test(json!({"agg": "absence", "window": "5m"})), "condition.op: absence takes no `op`");
    for wrong in ["5", "m", "0m", "-5m", "5 m", "9999999d", "µ"] {
        check(
            &test(json!({"for": wrong})),
            &format!("condition.for: got `{wrong}`, expected a duration such as 90s, 15m, 2h or 1d"),
        );
    }
}

#[test]
fn nesting_and_number_are_bounded() {
    let leaf = json!({"field": "a", "op": ">", "value": 1});
    let nested = |depth| (0..depth).fold(leaf.clone(), |inner, _| json!({"not": inner}));
    assert!(parse(&nested(MAX_DEPTH)).is_ok());
    assert!(parse(&nested(MAX_DEPTH + 1)).is_err());
    assert!(parse(&json!({"all": vec![leaf.clone(); 63]})).is_ok());
    assert!(parse(&json!({"all": vec![leaf; 64]})).is_err());
}
