//! Does a simulation tell whether a rule would trigger, and change nothing?

use serde_json::{Value, json};
use tool_core::{Effect, ErrorKind, Scope};

use crate::desk::Desk;

fn params(latency: &Value) -> Value {
    json!({"rule_id": "slow-shop", "metric_context": {"latency": latency}})
}

#[tokio::test]
async fn rule_is_found_and_evaluated() {
    let output = Desk::small().call("cep.simulate", params(&json!(0.9))).await.unwrap();
    let simulation = &output.payload.value()["simulation"];
    assert_eq!((&simulation["triggered"], &simulation["condition_evaluated"]), (&json!(true), &json!(true)));
    assert_eq!(&*output.report.warnings()[0], "rule slow-shop is not active");
    let calm = Desk::small().ask("cep.simulate", params(&json!("0.2"))).await;
    assert_eq!(calm["simulation"]["triggered"], json!(false));
}

#[tokio::test]
async fn missing_metric_is_not_evaluable() {
    let outcome = Desk::small().ask("cep.simulate", json!({"rule_id": "slow-shop"})).await;
    assert_eq!(outcome["simulation"]["condition_evaluated"], json!(false));
    assert_eq!(outcome["simulation"]["references"][0]["reason"], "missing from the payload");
}

#[tokio::test]
async fn simulation_changes_nothing() {
    let desk = Desk::small();
    let before = desk.ask("history.event_log", json!({"time_range": "last_30d"})).await;
    let first = desk.call("cep.simulate", params(&json!(0.9))).await.unwrap();
    let second = desk.call("cep.simulate", params(&json!(0.9))).await.unwrap();
    assert_eq!(first.payload.as_str(), second.payload.as_str(), "same inputs, same bytes");
    assert_eq!(desk.ask("history.event_log", json!({"time_range": "last_30d"})).await, before);
    let spec = desk.registry().resolve("cep.simulate").unwrap();
    assert_eq!((spec.spec().effect(), spec.spec().scope()), (Effect::Reads, Scope::Tenant));
}

#[tokio::test]
async fn rules_belong_to_their_tenant() {
    let desk = Desk::small();
    let (kind, message, near) = desk.fail("cep.simulate", json!({"rule_id": "rival-rule"})).await;
    assert_eq!((kind, message.as_str()), (ErrorKind::NotFound, "no rule has the id `rival-rule`"));
    assert!(!near.contains(&"rival-rule".to_owned()));
    assert!(desk.call_as("rival", "cep.simulate", json!({"rule_id": "rival-rule"})).await.is_ok());
}

#[tokio::test]
async fn mistyped_rule_suggests_the_nearest() {
    let (kind, _, near) = Desk::small().fail("cep.simulate", json!({"rule_id": "slow-shp"})).await;
    assert_eq!((kind, near), (ErrorKind::NotFound, vec!["slow-shop".to_owned()]));
}

#[tokio::test]
async fn broken_rule_says_where() {
    let (kind, message, _) = Desk::small().fail("cep.simulate", json!({"rule_id": "broken"})).await;
    let expected = "rule broken cannot be simulated: condition.op: got `~`, expected one of >, <, >=, <=, ==, !=";
    assert_eq!((kind, message.as_str()), (ErrorKind::Failed, expected));
}

#[tokio::test]
async fn huge_contexts_are_refused() {
    let samples: Vec<Value> = (0..40_000).map(|at| json!([at, 1])).collect();
    let (kind, message, _) = Desk::small().fail("cep.simulate", params(&json!(samples))).await;
    assert_eq!(kind, ErrorKind::InvalidParams);
    assert!(message.contains("parameters of at most 262144 bytes"), "{message}");
}

#[tokio::test]
async fn shrunk_evidence_is_said() {
    let samples: Vec<Value> = (0..4_000).map(|at| json!([at, 1])).collect();
    let output = Desk::small().call("cep.simulate", params(&json!(samples))).await.unwrap();
    assert_eq!(output.report.limits()[0].name, "evidence_bytes");
    assert_eq!(output.payload.value()["simulation"]["triggered"], json!(true));
}

#[tokio::test]
async fn bad_instant_is_refused() {
    let mut params = params(&json!(1));
    params["at"] = json!("noon");
    let (kind, message, _) = Desk::small().fail("cep.simulate", params).await;
    assert_eq!(
        (kind, message.as_str()),
        (
            ErrorKind::InvalidParams,
            "invalid parameters for cep.simulate: `at`: expected an RFC 3339 time, got \"noon\""
        )
    );
}
