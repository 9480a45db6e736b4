use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Finding, Scene, evaluate};
use crate::cep::parse::parse;
use crate::cep::runtime::Parameters;
use crate::cep::samples::newest;
use crate::cep::truth::Truth::{self, False, True, Unknown};

fn run(spec: &Value, payload: &Value) -> (Truth, Vec<Finding>) {
    let parameters = Parameters::of(payload.get("ci").unwrap_or(&Value::Null));
    let scene = Scene { payload, parameters: &parameters, at: newest(payload) };
    let mut findings = Vec::new();
    let truth = evaluate(&parse(spec).unwrap(), scene, &mut findings);
    (truth, findings)
}

#[track_caller]
fn check(spec: &Value, payload: &Value, expected: Truth) {
    assert_eq!(run(spec, payload).0, expected, "{spec} of {payload}");
}

/// Checks why a test could not be decided.
#[track_caller]
fn check_reason(spec: &Value, payload: &Value, expected: &str) {
    let (truth, findings) = run(spec, payload);
    assert_eq!((truth, findings[0].reason.as_deref()), (Unknown, Some(expected)));
}

/// Conditions on this payload that are true, unknown and false.
fn leaf(truth: Truth) -> Value {
    match truth {
        True => json!({"field": "ci.cores", "op": ">", "value": 3}),
        Unknown => json!({"field": "ci.gone", "op": ">", "value": 3}),
        False => json!({"field": "ci.cores", "op": "<", "value": 3}),
    }
}

fn payload() -> Value {
    json!({"ci": {"cores": 4}})
}

#[test]
fn truth_tables_hold_end_to_end() {
    for left in [True, Unknown, False] {
        check(&json!({"not": leaf(left)}), &payload(), left.not());
        for right in [True, Unknown, False] {
            check(&json!({"all": [leaf(left), leaf(right)]}), &payload(), Truth::all([left, right]));
            check(&json!({"any": [leaf(left), leaf(right)]}), &payload(), Truth::any([left, right]));
        }
    }
}

#[test]
fn missing_is_not_false() {
    let spec = json!({"field": "ci.gone", "op": "!=", "value": 3});
    check_reason(&spec, &payload(), "missing from the payload");
    check_reason(&spec, &Value::Null, "missing from the payload");
    check_reason(&spec, &json!({"ci": {"gone": null}}), "missing from the payload");
    check_reason(&spec, &json!({"ci": {"gone": {"value": null}}}), "its value is null: no data");
    check_reason(&spec, &json!({"ci": {"gone": "text"}}), "text != number does not compare");
}

#[test]
fn newest_sample_counts() {
    let spec = json!({"field": "metric.m", "op": "==", "value": 9});
    check(&spec, &json!({"metric": {"m": [[20, 9], [10, 1]]}}), True);
    check(
        &spec,
        &json!({"metric": {"m": [{"time": "1970-01-01T00:00:20Z", "value": "9"}, {"time": 10, "value": 1}]}}),
        True,
    );
    check(&spec, &json!({"metric": {"m": {"value": 9}}}), True);
    check(&spec, &json!({"metric": {"m": 8}}), False);
    check(&spec, &json!({"metric": {"m": [[20, null], [10, 9]]}}), True);
    check_reason(&spec, &json!({"metric": {"m": []}}), "no sample has a value");
    check_reason(
        &spec,
        &json!({"metric": {"m": [1, 2]}}),
        "holds an element that is neither [time, value] nor {\"time\", \"value\"}",
    );
}

#[test]
fn keys_may_hold_dots() {
    let spec = json!({"field": "metric.latency.p90", "op": "==", "value": 9});
    check(&spec, &json!({"metric": {"latency.p90": 9, "latency": {"p99": 1}}}), True);
    check(&spec, &json!({"metric": {"latency": {"p90": 9}}}), True);
}

#[test]
fn windows_are_open_at_their_start() {
    let payload = json!({"metric": {"m": [[0, 100], [60, 1], [120, 2], [180, 6]]}});
    let test = |agg: &str, op: &str, value: f64| json!({"field": "metric.m", "agg": agg, "window": "2m", "op": op, "value": value});
    // At 180 the window (60, 180] holds the values 2 and 6.
    for (agg, value) in [("count", 2.0), ("avg", 4.0), ("min", 2.0), ("max", 6.0), ("sum", 8.0)] {
        check(&test(agg, "==", value), &payload, True);
    }
    check(&test("rate", ">", 0.0666), &payload, True);
    check(&test("rate", "<", 0.0667), &payload, True);
}

#[test]
fn falling_counter_restarts_from_zero() {
    let spec = json!({"field": "metric.m", "agg": "rate", "window": "1h", "op": "==", "value": 0.5});
    // Up 20, restart and up 10: 30 in 60 seconds.
    check(&spec, &json!({"metric": {"m": [[0, 80], [30, 100], [60, 10]]}}), True);
    check_reason(&spec, &json!({"metric": {"m": [[0, 80]]}}), "a rate needs two samples at different times");
}

#[test]
fn no_data_is_no_zero() {
    let empty = json!({"metric": {"m": [], "other": [[9, 9]]}});
    let test = |agg: &str| json!({"field": "metric.m", "agg": agg, "window": "5m", "op": "<", "value": 1});
    check(&test("count"), &empty, True);
    for agg in ["avg", "sum", "min", "max", "rate"] {
        check_reason(&test(agg), &empty, "no value in the window");
    }
}

#[test]
fn absence_needs_a_known_series() {
    let spec = json!({"field": "metric.m", "agg": "absence", "window": "5m"});
    check(&spec, &json!({"metric": {"m": [[0, 1]], "other": [[400, 9]]}}), True);
    check(&spec, &json!({"metric": {"m": [[0, 1]], "other": [[299, 9]]}}), False);
    check_reason(&spec, &json!({"metric": {"other": [[9, 9]]}}), "missing from the payload");
    check_reason(&spec, &json!({"metric": {"m": []}}), "no instant is given, and the payload holds no time");
}

#[test]
fn duration_must_be_covered() {
    let spec = json!({"field": "metric.m", "op": ">", "value": 5, "for": "2m"});
    let run = |values: &Value| json!({"metric": {"m": values}});
    check(&spec, &run(&json!([[0, 1], [60, 9], [120, 9], [180, 9]])), True);
    check(&spec, &run(&json!([[0, 9], [60, 9], [120, 1], [180, 9]])), False);
    let reason = "the samples do not cover the duration, or one of them does not compare";
    check_reason(&spec, &run(&json!([[120, 9], [180, 9]])), reason);
    check_reason(&spec, &run(&json!([[0, 9], [60, 9], [120, "x"], [180, 9]])), reason);
    check(&spec, &run(&json!([[120, 1], [180, 9]])), False);
    check_reason(&spec, &json!({"metric": {"m": 9}}), "holds one value, not a list of samples");
}

#[test]
fn events_can_be_filtered() {
    let spec = json!({"field": "history.events", "agg": "count", "window": "10m", "op": ">=", "value": 2,
        "where": {"field": "severity", "op": ">=", "value": 3}});
    let events = |severities: &[Value]| {
        let event = |(at, severity)| json!({"time": at, "severity": severity});
        json!({"history": {"events": severities.iter().enumerate().map(event).collect::<Vec<_>>()}})
    };
    check(&spec, &events(&[json!(3), json!(1), json!(5)]), True);
    check(&spec, &events(&[json!(3), json!(1), json!(1)]), False);
    check_reason(&spec, &events(&[json!(3), Value::Null]), "`where` cannot be decided for every element");
}

#[test]
fn parameters_come_from_the_item() {
    let spec = json!({"field": "payer", "op": "==", "value": {"param": "owner"}});
    check(&spec, &json!({"payer": "ann", "ci": {"owner": "ann"}}), True);
    check(&spec, &json!({"payer": "ann", "ci": {"tags": {"owner": "bob"}}}), False);
    check_reason(&spec, &json!({"payer": "ann"}), "no parameter `owner` is given");
}

#[test]
fn secrets_are_never_read() {
    let spec = json!({"field": "ci.db_password", "op": "==", "value": "x"});
    check_reason(&spec, &json!({"ci": {"db_password": "x"}}), "a secret is never read");
}

proptest! {
    /// Every test is reported, and the whole is what the tests' results make of it.
    #[test]
    fn whole_follows_from_its_tests(truths in proptest::collection::vec(proptest::sample::select(vec![True, Unknown, False]), 1..6)) {
        let leaves: Vec<Value> = truths.iter().map(|truth| leaf(*truth)).collect();
        for (key, expected) in [("all", Truth::all(truths.clone())), ("any", Truth::any(truths.clone()))] {
            let (truth, findings) = run(&json!({key: leaves}), &payload());
            prop_assert_eq!(truth, expected);
            prop_assert_eq!(findings.iter().map(|finding| finding.result).collect::<Vec<_>>(), truths.clone());
        }
    }

    #[test]
    fn mean_lies_between_the_ends(values in proptest::collection::vec(-1e300..1e300, 1..30)) {
        let samples: Vec<Value> = values.iter().enumerate().map(|(at, value)| json!([at, value])).collect();
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let test = |op: &str, value: f64| json!({"field": "m", "agg": "avg", "window": "1h", "op": op, "value": value});
        let slack = (most - least) * 1e-9;
        let spec = json!({"all": [test(">=", least - slack), test("<=", most + slack)]});
        prop_assert_eq!(run(&spec, &json!({"m": samples})).0, True);
    }
}
