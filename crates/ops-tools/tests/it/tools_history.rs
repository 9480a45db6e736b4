//! Do the tools over history find what happened, in the right window, of the right items?

use serde_json::{Value, json};
use tool_core::{ErrorKind, Limit};

use crate::desk::{Desk, acme};

fn titles(log: &Value) -> Vec<&str> {
    log["rows"].as_array().unwrap().iter().map(|row| row["title"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn events_come_newest_first() {
    let log = Desk::small().ask("history.event_log", json!({"time_range": "last_30d"})).await;
    assert_eq!(titles(&log), ["slow again", "slow", "orders 2.1"]);
    assert_eq!((&log["available"], &log["total"]), (&json!(true), &json!(3)));
    assert_eq!(log["rows"][0]["time"], "2026-03-02T10:00:00Z");
    assert_eq!(log["rows"][0]["ci_code"], "web-shop");
    let names: Vec<&String> = log["rows"][0].as_object().unwrap().keys().collect();
    for column in log["columns"].as_array().unwrap() {
        assert!(names.contains(&&column.as_str().unwrap().to_owned()), "{column} in {names:?}");
    }
}

#[tokio::test]
async fn windows_are_half_open() {
    let range = |from: &str, to: &str| json!({"time_range": {"from": from, "to": to}});
    let log = Desk::small().ask("history.event_log", range("2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z")).await;
    assert_eq!(titles(&log), ["orders 2.1"]);
    assert_eq!(
        (&log["meta"]["time_from"], &log["meta"]["time_to"]),
        (&json!("2026-03-01T10:00:00Z"), &json!("2026-03-01T11:00:00Z"))
    );
    let day = Desk::small().ask("history.event_log", json!({"time_range": "2026-03-01", "order": "oldest"})).await;
    assert_eq!(titles(&day), ["orders 2.1", "slow"]);
}

#[tokio::test]
async fn events_can_be_narrowed() {
    let desk = Desk::small();
    let ask = |params: Value| desk.ask("history.event_log", params);
    let all = "last_30d";
    assert_eq!(titles(&ask(json!({"time_range": all, "ci": "db-orders"})).await), ["orders 2.1"]);
    assert_eq!(titles(&ask(json!({"time_range": all, "min_severity": 4})).await), ["slow"]);
    assert_eq!(titles(&ask(json!({"time_range": all, "event_types": ["deployment"]})).await), ["orders 2.1"]);
    let both = ask(json!({"time_range": all, "ci_ids": ["id-1", "db-orders", "nope"]})).await;
    assert_eq!(titles(&both).len(), 3);
    assert_eq!((&both["meta"]["ci_requested"], &both["meta"]["ci_count_used"]), (&json!(3), &json!(2)));
    assert_eq!(both["meta"]["warnings"], json!(["no item has the id or code `nope`"]));
}

#[tokio::test]
async fn total_counts_every_event() {
    let output = Desk::small().call("history.event_log", json!({"time_range": "last_30d", "limit": 1})).await.unwrap();
    assert_eq!(output.payload.value()["total"], 3);
    assert_eq!(output.payload.value()["truncated"], json!({"limit": "limit", "value": 1}));
    let clamped = Desk::small().call("history.event_log", json!({"limit": 1_000})).await.unwrap();
    assert_eq!(clamped.report.limits(), [Limit::new("limit", Some(1_000), 200)]);
}

#[tokio::test]
async fn too_many_items_are_said() {
    let ids: Vec<String> = (0..400).map(|id| format!("id-{id}")).collect();
    let output = Desk::small().call("history.event_log", json!({"ci_ids": ids})).await.unwrap();
    let meta = &output.payload.value()["meta"];
    assert_eq!((&meta["ci_ids_truncated"], &meta["ci_requested"]), (&json!(true), &json!(400)));
    assert_eq!(output.report.limits(), [Limit::new("ci_ids", Some(400), 300)]);
}

#[tokio::test]
async fn unknown_item_is_not_silence() {
    let (kind, _, near) = Desk::small().fail("history.event_log", json!({"ci": "db-order"})).await;
    assert_eq!((kind, near.first().map(String::as_str)), (ErrorKind::NotFound, Some("db-orders")));
}

#[tokio::test]
async fn no_events_is_said() {
    let mut data = acme();
    data.events.clear();
    let output = Desk::over(&[data]).call("history.event_log", json!({})).await.unwrap();
    assert_eq!(output.payload.value()["available"], json!(false));
    assert_eq!(&*output.report.warnings()[0], "the estate holds no events");
}

#[tokio::test]
async fn window_outside_the_data_is_said() {
    for tool in ["history.event_log", "history.work"] {
        let output = Desk::small().call(tool, json!({"time_range": "2020-01-01"})).await.unwrap();
        assert!(output.report.warnings()[0].starts_with("the window lies outside the data"), "{tool}");
    }
}

#[tokio::test]
async fn bad_range_names_what_is_expected() {
    for tool in ["history.event_log", "history.work"] {
        let (kind, message, _) = Desk::small().fail(tool, json!({"time_range": "yesterday"})).await;
        assert_eq!(kind, ErrorKind::InvalidParams);
        assert!(message.contains("yesterday") && message.contains("last_<n>h"), "{message}");
    }
}

fn descriptions(done: &Value) -> Vec<&str> {
    done["records"].as_array().unwrap().iter().map(|record| record["description"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn work_is_mapped_by_name() {
    let done = Desk::small().ask("history.work", json!({})).await;
    assert_eq!(descriptions(&done), ["index dropped", "vacuum"]);
    let first = &done["records"][0];
    assert_eq!((&first["ci_id"], &first["ci_code"]), (&json!("id-2"), &json!("db-orders")));
    assert_eq!((&first["event_type"], &first["timestamp"]), (&json!("work"), &json!("2026-03-01T09:00:00Z")));
    assert_eq!((&first["details"]["work_type"], &first["details"]["end"]), (&json!("patch"), &Value::Null));
    assert_eq!(done["total"], 2);
}

#[tokio::test]
async fn question_chooses_the_history() {
    let desk = Desk::small();
    let ask = |params: Value| desk.ask("history.work", params);
    assert_eq!(descriptions(&ask(json!({"question": "Was there maintenance?"})).await), ["vacuum"]);
    assert_eq!(
        descriptions(&ask(json!({"question": "Was there maintenance?", "section": "work"})).await),
        ["index dropped"]
    );
    assert_eq!(descriptions(&ask(json!({"ci": "web-shop"})).await), [""; 0]);
}
