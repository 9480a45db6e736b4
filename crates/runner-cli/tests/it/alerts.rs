//! What an alert file may hold, and what is said where it does not.

use crate::desk::Desk;

const GOOD: &str =
    r#"{"status": "firing", "labels": {"ci": "shop", "metric": "latency"}, "startsAt": "2026-06-01T11:55:00Z"}"#;

#[track_caller]
fn check(alert: &str, said: &[&str]) {
    let desk = Desk::new();
    desk.write("a.json", alert);
    desk.ask(&["investigate", "a.json"]).refused(said);
}

#[test]
fn alert_and_webhook_are_understood() {
    let desk = Desk::new();
    desk.write("alert.json", GOOD);
    desk.write("webhook.json", format!(r#"{{"version": "4", "alerts": [{GOOD}]}}"#));
    for file in ["alert.json", "webhook.json"] {
        let answer = desk.ask(&["investigate", file, "--json"]).ended(0).json();
        assert_eq!(answer["subject"]["ci"], "shop", "{file}");
        assert_eq!(answer["subject"]["metric"], "latency", "{file}");
        assert_eq!(answer["suspects"][0]["ci"], "db-main", "{file}");
    }
    let answer = desk.pipe_in(&["investigate", "-", "--json"], GOOD).ended(0).json();
    assert_eq!(answer["subject"]["ci"], "shop");
}

#[test]
fn options_override_the_alert() {
    let desk = Desk::new();
    desk.write("a.json", GOOD);
    let answer = desk.ask(&["investigate", "a.json", "--metric", "requests", "--json"]).json();
    assert_eq!(answer["subject"]["metric"], "requests");
    let quiet = ["investigate", "a.json", "--at", "2026-06-01T10:00:00Z", "--json"];
    assert_eq!(desk.ask(&quiet).ended(1).json()["subject"]["at"], "2026-06-01T10:00:00Z");
}

#[test]
fn alert_without_labels_is_refused() {
    check("{}", &["a.json", "labels", "`ci`"]);
    check(r#"{"labels": {}}"#, &["a.json", "`ci`"]);
    check(r#"{"labels": {"instance": "shop"}}"#, &["a.json", "`ci`", "instance"]);
    check(r#"{"alerts": []}"#, &["a.json", "no alert"]);
    check(r#"{"alerts": 5}"#, &["a.json", "`alerts`"]);
    check("[]", &["a.json"]);
}

#[test]
fn malformed_json_names_its_place() {
    check("{\n  \"labels\": {,}\n}", &["a.json", "line 2", "column 14"]);
    check("", &["a.json", "line 1"]);
    check("\u{feff}", &["a.json", "line 1"]);
}

#[test]
fn missing_file_is_refused() {
    Desk::new().ask(&["investigate", "nowhere.json"]).refused(&["nowhere.json", "No such file"]);
}

#[test]
fn alert_outside_the_data_names_the_period() {
    check(
        r#"{"labels": {"ci": "shop"}, "startsAt": "2024-01-01T00:00:00Z"}"#,
        &["a.json", "`startsAt` 2024-01-01T00:00:00Z", "2026-05-31T12:00:00Z"],
    );
    check(r#"{"labels": {"ci": "shop"}, "startsAt": "now"}"#, &["a.json", "`startsAt`", "RFC 3339"]);
    check(r#"{"labels": {"ci": "shop"}, "startsAt": 5}"#, &["a.json", "`startsAt`", "RFC 3339"]);
}

#[test]
fn alert_for_unknown_item_names_the_nearest() {
    check(r#"{"labels": {"ci": "shp"}}"#, &["`shp`", "shop"]);
    check(r#"{"labels": {"ci": "shop", "metric": "latencyy"}}"#, &["`latencyy`", "latency"]);
}
