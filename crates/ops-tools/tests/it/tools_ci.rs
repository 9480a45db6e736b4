//! Do the tools over items answer what was asked, and say what they left out?

use serde_json::{Value, json};
use tool_core::{ErrorKind, Limit};

use crate::desk::Desk;

/// Searches, and compares the codes found.
#[track_caller]
fn codes(found: &Value) -> Vec<&str> {
    let records = found["records"].as_array().or_else(|| found["rows"].as_array()).unwrap();
    records.iter().map(|record| record["ci_code"].as_str().unwrap()).collect()
}

async fn check(params: Value, expected: &[&str]) {
    let found = Desk::small().ask("ci.search", params.clone()).await;
    assert_eq!(codes(&found), expected, "{params}");
}

#[tokio::test]
async fn keywords_fit_by_substring_and_case() {
    check(json!({"keywords": ["DB-"]}), &["db-orders", "db-users"]).await;
    check(json!({"keywords": ["db", "users"]}), &["db-users"]).await;
    check(json!({"keywords": ["web", "users"], "match": "any"}), &["db-users", "web-shop"]).await;
    check(json!({"keywords": ["nothing"]}), &[]).await;
    check(json!({}), &["db-orders", "db-users", "srv-erp-01", "srv_erp_02", "web-shop"]).await;
}

#[tokio::test]
async fn wildcards_mean_themselves() {
    check(json!({"keywords": ["100%"]}), &["srv-erp-01"]).await;
    check(json!({"keywords": ["srv_"]}), &["srv_erp_02"]).await;
    check(json!({"filters": [{"field": "ci_name", "op": "ILIKE", "value": "100%"}]}), &["srv-erp-01"]).await;
}

#[tokio::test]
async fn deleted_items_are_hidden() {
    check(json!({"keywords": ["gone"]}), &[]).await;
    let (kind, _, suggestions) = Desk::small().fail("ci.get_by_code", json!({"ci_code": "db-gone"})).await;
    assert_eq!(kind, ErrorKind::NotFound);
    assert!(!suggestions.contains(&"db-gone".to_owned()));
}

#[tokio::test]
async fn filters_narrow_and_combine() {
    let filter = |field: &str, op: &str, value: Value| json!({"field": field, "op": op, "value": value});
    check(json!({"filters": [filter("ci_type", "=", json!("HW"))]}), &["srv-erp-01", "srv_erp_02"]).await;
    check(
        json!({"filters": [filter("ci_subtype", "in", json!(["db", "web"])), filter("owner", "!=", json!("bob"))]}),
        &["web-shop"],
    )
    .await;
    check(json!({"filters": [filter("attributes.cpu_cores", "=", json!(8))]}), &["db-orders"]).await;
    check(json!({"filters": [filter("tags.role", "ILIKE", json!("FRO"))]}), &["web-shop"]).await;
}

#[tokio::test]
async fn sort_is_by_column_then_code() {
    check(
        json!({"sort": {"column": "ci_name", "direction": "desc"}}),
        &["web-shop", "db-orders", "db-users", "srv-erp-01", "srv_erp_02"],
    )
    .await;
}

#[tokio::test]
async fn total_counts_the_whole_match() {
    let output = Desk::small().call("ci.search", json!({"limit": 2})).await.unwrap();
    let found = output.payload.value();
    assert_eq!((codes(found).len(), &found["total"]), (2, &json!(5)));
    assert_eq!(found["truncated"], json!({"limit": "limit", "value": 2}));
    assert_eq!(output.report.limits(), [Limit::new("limit", Some(5), 2)]);
}

#[tokio::test]
async fn clamp_is_said() {
    let output = Desk::small().call("ci.search", json!({"limit": 500})).await.unwrap();
    assert_eq!(output.report.limits(), [Limit::new("limit", Some(500), 50)]);
    assert_eq!(
        (&output.payload.value()["params"]["limit"], &output.payload.value()["truncated"]),
        (&json!(50), &Value::Null)
    );
    let (kind, message, _) = Desk::small().fail("ci.search", json!({"limit": 0})).await;
    assert_eq!(
        (kind, message.as_str()),
        (ErrorKind::InvalidParams, "invalid parameters for ci.search: `limit`: expected at least 1, got 0")
    );
}

#[tokio::test]
async fn every_wrong_name_is_told_at_once() {
    let params = json!({
        "filters": [{"field": "engine", "op": "=", "value": "x"}, {"field": "ci_typ", "op": "LIKE", "value": "x"}],
        "sort": {"column": "ownr"},
    });
    let error = Desk::small().call("ci.search", params).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidParams);
    let violations: Vec<_> = error
        .violations()
        .iter()
        .map(|violation| (violation.path.as_str(), violation.expected.rsplit("; ").next().unwrap()))
        .collect();
    let expected = [
        ("/filters/0/field", "did you mean \"attributes.engine\"?"),
        ("/filters/1/field", "did you mean \"ci_type\"?"),
        ("/filters/1/op", "did you mean \"ILIKE\"?"),
        ("/sort/column", "did you mean \"owner\"?"),
    ];
    assert_eq!(violations, expected);
    assert!(error.violations()[0].expected.starts_with("one of ci_code, ci_name"), "the allowed ones are named");
}

#[tokio::test]
async fn query_is_said_in_words() {
    let params = json!({"keywords": ["db"], "filters": [{"field": "owner", "op": "in", "value": ["bob"]}]});
    let found = Desk::small().ask("ci.search", params).await;
    assert_eq!(found["query"], "items containing \"db\" where owner in (\"bob\"), by ci_code");
}

#[tokio::test]
async fn tenants_do_not_see_each_other() {
    let desk = Desk::small();
    let found = desk.call_as("rival", "ci.search", json!({})).await.unwrap();
    assert_eq!(codes(found.payload.value()), ["rival-only", "web-shop"]);
    let error = desk.call("ci.get", json!({"ci_id": "r-1"})).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(desk.call_as("nobody", "ci.search", json!({})).await.is_err());
}

#[tokio::test]
async fn item_is_found_by_id_and_code() {
    let desk = Desk::small();
    let by_id = desk.ask("ci.get", json!({"ci_id": "id-2"})).await;
    assert_eq!(by_id["ci_code"], "db-orders");
    assert_eq!(by_id["attributes"], json!({"engine": "postgres", "cpu_cores": 8}));
    assert_eq!(desk.ask("ci.get", json!({"ci_id": "db-orders"})).await, by_id);
    assert_eq!(desk.ask("ci.get_by_code", json!({"ci_code": "db-orders"})).await, by_id);
}

#[tokio::test]
async fn unknown_code_returns_near_candidates() {
    let (kind, message, near) = Desk::small().fail("ci.get_by_code", json!({"ci_code": "srv-erp-99"})).await;
    assert_eq!(kind, ErrorKind::NotFound);
    assert!(message.contains("srv-erp-99"), "{message}");
    assert_eq!(near.first().map(String::as_str), Some("srv-erp-01"));
    let (kind, _, near) = Desk::small().fail("ci.get", json!({"ci_id": "zzzzzz"})).await;
    assert_eq!((kind, near.len()), (ErrorKind::NotFound, 0));
}

#[tokio::test]
async fn ambiguous_name_returns_all_candidates() {
    let (kind, _, all) = Desk::small().fail("ci.get_by_code", json!({"ci_code": "orders"})).await;
    assert_eq!((kind, all), (ErrorKind::InvalidParams, vec!["db-orders".to_owned(), "db-users".to_owned()]));
}

#[tokio::test]
async fn unambiguous_name_is_found_with_a_warning() {
    let output = Desk::small().call("ci.get_by_code", json!({"ci_code": "SHOP"})).await.unwrap();
    assert_eq!(output.payload.value()["ci_code"], "web-shop");
    assert_eq!(&*output.report.warnings()[0], "`SHOP` is not a code; it names web-shop");
}

#[tokio::test]
async fn groups_are_counted_largest_first() {
    let params = json!({"group_by": ["ci_type", "ci_subtype"], "metrics": ["count", {"count_distinct": "owner"}]});
    let counted = Desk::small().ask("ci.aggregate", params).await;
    assert_eq!(counted["columns"], json!(["ci_type", "ci_subtype", "count", "count_distinct(owner)"]));
    let row = |ci_type: &str, subtype: &str, count: u64, owners: u64| json!({"ci_type": ci_type, "ci_subtype": subtype, "count": count, "count_distinct(owner)": owners});
    // One server has no owner.
    assert_eq!(counted["rows"], json!([row("HW", "server", 2, 1), row("SW", "db", 2, 1), row("SW", "web", 1, 1)]));
    assert_eq!((&counted["total"], &counted["truncated"]), (&json!(3), &Value::Null));
}

#[tokio::test]
async fn groups_beyond_top_n_are_said() {
    let params = json!({"group_by": ["ci_code"], "top_n": 2});
    let counted = Desk::small().ask("ci.aggregate", params).await;
    assert_eq!((counted["rows"].as_array().unwrap().len(), &counted["total"]), (2, &json!(5)));
    assert_eq!(counted["truncated"], json!({"limit": "top_n", "value": 2}));
}

#[tokio::test]
async fn count_of_named_items_names_the_unknown() {
    let output = Desk::small().call("ci.aggregate", json!({"ci_ids": ["id-1", "db-users", "nope"]})).await.unwrap();
    assert_eq!(output.payload.value()["rows"], json!([{"count": 2}]));
    assert_eq!(output.payload.value()["query"], "count of 2 named items");
    assert_eq!(output.report.warnings().len(), 1);
    let (kind, ..) = Desk::small().fail("ci.aggregate", json!({"ci_ids": ["nope"]})).await;
    assert_eq!(kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn unknown_group_by_is_an_error() {
    let (kind, message, _) = Desk::small().fail("ci.aggregate", json!({"group_by": ["colour"]})).await;
    assert_eq!(kind, ErrorKind::InvalidParams);
    assert!(
        message.starts_with("invalid parameters for ci.aggregate: `group_by.0`: expected one of ci_code"),
        "{message}"
    );
}

#[tokio::test]
async fn preview_goes_page_by_page() {
    let desk = Desk::small();
    let first = desk.ask("ci.list_preview", json!({"limit": 3})).await;
    assert_eq!(codes(&first), ["srv-erp-01", "srv_erp_02", "db-users"]);
    assert_eq!((&first["total"], &first["truncated"]["value"]), (&json!(5), &json!(3)));
    let last = desk.ask("ci.list_preview", json!({"limit": 3, "offset": 3})).await;
    assert_eq!(codes(&last), ["db-orders", "web-shop"]);
    assert_eq!((&last["total"], &last["truncated"]), (&json!(5), &Value::Null));
    assert_eq!(codes(&desk.ask("ci.list_preview", json!({"offset": 9})).await), [""; 0]);
}

#[tokio::test]
async fn undeclared_parameters_are_refused() {
    let tools = [
        "ci.search",
        "ci.get",
        "ci.get_by_code",
        "ci.aggregate",
        "ci.list_preview",
        "history.event_log",
        "history.work",
        "cep.simulate",
    ];
    for tool in tools {
        let error = Desk::small().call(tool, json!({"colour": "red"})).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidParams, "{tool}");
        assert!(error.to_string().contains("colour"), "{tool}: {error}");
    }
}
