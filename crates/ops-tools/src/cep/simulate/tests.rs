use serde_json::{Value, json};

use super::{Inputs, simulate};
use crate::Rule;
use crate::cep::shrink::MAX_BYTES;

fn rule(spec: Value) -> Rule {
    Rule::new("r1", "metric", spec)
}

fn inputs() -> Inputs {
    Inputs {
        ci: json!({"ci_code": "shop", "owner": "ann", "api_key": "k-1"}),
        metric: json!({"latency": [[60, 0.2], [120, 0.9]]}),
        history: json!([{"time": 90, "title": "deployed", "attributes": {"auth_token": "t-1"}}]),
        test_payload: Value::Null,
        at: None,
    }
}

fn run(spec: Value, inputs: &Inputs) -> Value {
    serde_json::to_value(simulate(&rule(spec), inputs).unwrap()).unwrap()
}

#[test]
fn outcome_names_what_decided() {
    let out = run(json!({"field": "metric.latency", "op": ">", "value": 0.5}), &inputs());
    let simulation = &out["simulation"];
    assert_eq!((&simulation["triggered"], &simulation["condition_evaluated"]), (&json!(true), &json!(true)));
    assert_eq!((&simulation["operator"], &simulation["threshold"]), (&json!(">"), &json!(0.5)));
    assert_eq!(simulation["extracted_value"], json!(0.9));
    assert_eq!(out["evidence_meta"]["at"], json!("1970-01-01T00:02:00Z"));
}

#[test]
fn same_inputs_same_bytes() {
    let spec = || json!({"field": "metric.latency", "op": ">", "value": 0.5});
    let first = simulate(&rule(spec()), &inputs()).unwrap();
    let second = simulate(&rule(spec()), &inputs()).unwrap();
    assert_eq!(serde_json::to_string(&first).unwrap(), serde_json::to_string(&second).unwrap());
}

#[test]
fn identity_follows_the_inputs() {
    let spec = || json!({"field": "metric.latency", "op": ">", "value": 0.5});
    let id = |inputs: &Inputs| run(spec(), inputs)["simulation_id"].clone();
    let reordered =
        Inputs { ci: serde_json::from_str(r#"{"owner":"ann","api_key":"k-1","ci_code":"shop"}"#).unwrap(), ..inputs() };
    assert_eq!(id(&reordered), id(&inputs()));
    assert_ne!(id(&Inputs { at: Some(120), ..inputs() }), id(&inputs()));
    assert_ne!(id(&Inputs { test_payload: json!({"x": 1}), ..inputs() }), id(&inputs()));
}

#[test]
fn secrets_are_masked_everywhere() {
    let inputs = Inputs { test_payload: json!({"login": {"password": "p-1"}}), ..inputs() };
    let out = run(json!({"field": "metric.latency", "op": ">", "value": 0.5}), &inputs).to_string();
    for secret in ["k-1", "t-1", "p-1"] {
        assert!(!out.contains(secret), "{secret} in {out}");
    }
    assert_eq!(out.matches("***").count(), 4, "three in the evidence, one in the test payload");
}

#[test]
fn large_evidence_shrinks_but_all_is_seen() {
    let samples: Vec<Value> = (0..5_000).map(|at| json!([at, 1.0])).collect();
    let inputs = Inputs { metric: json!({"m": samples}), ..inputs() };
    let spec = json!({"field": "metric.m", "agg": "count", "window": "1d", "op": "==", "value": 5_000});
    let out = run(spec, &inputs);
    assert_eq!(out["simulation"]["triggered"], json!(true));
    assert!(out["evidence"].to_string().len() <= MAX_BYTES);
    assert_eq!(out["evidence"]["payload"]["metric"]["m"].as_array().unwrap().len(), 60);
    assert_eq!(out["evidence_meta"]["bytes"], out["evidence"].to_string().len());
}

#[test]
fn parameters_are_capped_and_listed() {
    let inputs =
        Inputs { ci: json!({"ci_id": "1", "location": "x".repeat(3_000), "owner": "ann", "color": "red"}), ..inputs() };
    let out = run(json!({"field": "ci.owner", "op": "==", "value": "ann"}), &inputs);
    assert_eq!(out["evidence"]["parameters"], json!({"ci_id": "1", "owner": "ann"}));
    assert_eq!(out["evidence_meta"]["dropped_parameters"], json!(["location"]));
}

#[test]
fn test_payload_lies_over_the_contexts() {
    let inputs = Inputs { test_payload: json!({"metric": {"latency": 0.1}, "extra": 7}), ..inputs() };
    let spec = json!({"all": [
        {"field": "metric.latency", "op": "==", "value": 0.1},
        {"field": "extra", "op": "==", "value": 7},
        {"field": "ci.ci_code", "op": "==", "value": "shop"},
    ]});
    assert_eq!(run(spec, &inputs)["simulation"]["triggered"], json!(true));
}

#[test]
fn tool_results_are_contexts() {
    let spec = |value: Value| json!({"field": "metric.cpu_usage", "op": "==", "value": value});
    let of = |metric: Value| Inputs { metric, ..Inputs::default() };
    let aggregate = of(json!({"metric_name": "cpu_usage", "agg": "avg", "value": 91}));
    assert_eq!(run(spec(json!(91)), &aggregate)["simulation"]["triggered"], json!(true));
    let series = of(json!([{"metric_name": "cpu_usage", "rows": [{"time": 2, "value": 7}, {"time": 1, "value": 5}]}]));
    assert_eq!(run(spec(json!(7)), &series)["simulation"]["triggered"], json!(true));
    let history = Inputs { history: json!({"available": true, "rows": [{"time": 5}]}), ..Inputs::default() };
    let count = json!({"field": "history.events", "agg": "count", "window": "1m", "op": "==", "value": 1});
    assert_eq!(run(count, &history)["simulation"]["triggered"], json!(true));
}

#[test]
fn no_inputs_are_not_evaluable() {
    let out = run(json!({"field": "metric.latency", "op": ">", "value": 0.5}), &Inputs::default());
    assert_eq!(out["simulation"]["triggered"], json!(false));
    assert_eq!(out["simulation"]["condition_evaluated"], json!(false));
    assert_eq!(out["simulation"]["references"][0]["result"], json!("unknown"));
}

#[test]
fn schedule_has_no_condition() {
    let mut rule = rule(json!({"cron": "0 0 * * *"}));
    rule.trigger_type = "schedule".to_owned();
    let out = serde_json::to_value(simulate(&rule, &inputs()).unwrap()).unwrap();
    assert_eq!(out["simulation"]["condition_evaluated"], json!(false));
}
