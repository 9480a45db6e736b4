//! What do the graph tools answer?

use ops_tools::{Ci, EstateData, Relation};
use serde_json::{Value, json};
use tool_core::ErrorKind;

use crate::desk::Desk;

/// A chain of twelve, each depending on the next, and one item that knows nobody.
fn chain() -> Desk {
    let mut data = EstateData::default();
    data.tenant = "acme".to_owned();
    data.cis = (0..12).map(|i| Ci::new(format!("id-{i:02}"), format!("node-{i:02}"))).collect();
    data.cis.push(Ci::new("alone", "hermit"));
    let edge = |i| Relation::new(format!("id-{i:02}"), "DEPENDS_ON", format!("id-{:02}", i + 1));
    data.relations = (0..11).map(edge).collect();
    Desk::over(&[data])
}

fn ids(result: &Value) -> Vec<&str> {
    result["ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect()
}

#[tokio::test]
async fn impact_follows_dependents_and_dependencies_do_not() {
    let desk = chain();
    let impact = desk.ask("graph.expand", json!({"ci_id": "node-03", "view": "IMPACT", "depth": 6})).await;
    assert_eq!(ids(&impact), ["id-03", "id-02", "id-01", "id-00"]);
    assert_eq!(impact["meta"]["direction"], "in");
    let needs = desk.ask("graph.expand", json!({"ci_id": "node-03", "view": "DEPENDENCIES"})).await;
    assert_eq!(ids(&needs), ["id-03", "id-04", "id-05", "id-06", "id-07"]);
    assert_eq!(needs["edges"][0], json!({"source": "id-03", "target": "id-04", "type": "DEPENDS_ON"}));
}

#[tokio::test]
async fn depth_ten_is_clamped_and_said() {
    let desk = chain();
    let params = json!({"ci_id": "node-00", "view": "DEPENDENCIES", "depth": 10});
    let output = desk.call("graph.expand", params).await.unwrap();
    let result = output.payload.value();
    assert_eq!((result["meta"]["depth"].as_u64(), ids(result).len()), (Some(6), 7));
    let clamped = &result["meta"]["clamped"][0];
    assert_eq!((&clamped["what"], &clamped["asked"], &clamped["used"]), (&json!("depth"), &json!(10), &json!(6)));
    assert!(clamped["why"].as_str().unwrap().contains("DEPENDENCIES"));
    let limit = &output.report.limits()[0];
    assert_eq!((limit.name.as_ref(), limit.asked, limit.used), ("depth", Some(10), 6));
}

#[tokio::test]
async fn node_limit_cuts_and_total_counts_all() {
    let desk = chain();
    let params = json!({"ci_id": "node-00", "view": "DEPENDENCIES", "depth": 6, "limits": {"max_nodes": 3}});
    let output = desk.call("graph.expand", params).await.unwrap();
    let result = output.payload.value();
    assert_eq!(result["truncated"], json!({"limit": "max_nodes", "value": 3}));
    assert_eq!(result["total"], json!({"nodes": 7, "edges": 6}));
    let summary = json!({"node_count": 3, "edge_count": 2, "rel_type_counts": {"DEPENDS_ON": 2}});
    assert_eq!(result["summary"], summary);
    assert_eq!(output.report.limits().len(), 1);
}

#[tokio::test]
async fn whole_expansion_is_not_limited() {
    let output = chain().call("graph.expand", json!({"ci_id": "hermit"})).await.unwrap();
    assert_eq!(output.payload.value()["truncated"], Value::Null);
    assert_eq!(output.payload.value()["total"], json!({"nodes": 1, "edges": 0}));
    assert!(output.report.limits().is_empty());
}

#[tokio::test]
async fn unknown_item_differs_from_no_path() {
    let desk = chain();
    let none = desk.ask("graph.path", json!({"ci_id": "node-00", "target_ci_id": "hermit"})).await;
    assert_eq!((&none["found"], &none["hop_count"], &none["truncated"]), (&json!(false), &Value::Null, &Value::Null));
    let (kind, message, near) = desk.fail("graph.path", json!({"ci_id": "node-99", "target_ci_id": "hermits"})).await;
    assert_eq!(kind, ErrorKind::NotFound);
    assert!(message.contains("`node-99`") && message.contains("`hermits`"), "{message}");
    assert!(near.contains(&"hermit".to_owned()), "{near:?}");
}

#[tokio::test]
async fn path_beyond_the_hops_is_said_to_exist() {
    let desk = chain();
    let params = json!({"ci_id": "node-00", "target_ci_id": "node-05", "max_hops": 3});
    let output = desk.call("graph.path", params).await.unwrap();
    assert_eq!(output.payload.value()["truncated"], json!({"limit": "max_hops", "value": 3}));
    assert_eq!((output.report.limits()[0].asked, output.report.limits()[0].used), (Some(5), 3));
    let whole = desk.ask("graph.path", json!({"ci_id": "node-05", "target_ci_id": "node-00"})).await;
    assert_eq!((&whole["hop_count"], whole["nodes"].as_array().unwrap().len()), (&json!(5), 6));
    assert_eq!(whole["edges"][0]["source"], "id-04");
}

#[tokio::test]
async fn malformed_parameters_are_told_at_once() {
    let (kind, message, _) =
        chain().fail("graph.expand", json!({"view": "SIDEWAYS", "depth": 0, "colour": "red"})).await;
    assert_eq!(kind, ErrorKind::InvalidParams);
    for name in ["ci_id", "view", "depth", "colour"] {
        assert!(message.contains(name), "{name} in {message}");
    }
}
