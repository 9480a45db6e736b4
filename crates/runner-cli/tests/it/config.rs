//! What the configuration does, and what is said where it is wrong.

use serde_json::{Value, json};

use crate::desk::{Desk, Done};

const GET: [&str; 4] = ["call", "ci.get_by_code", "-p", "ci_code=shop"];

/// Returns a desk with this `runner.toml`.
fn desk(config: &str) -> Desk {
    let desk = Desk::new();
    desk.write("runner.toml", config);
    desk
}

#[track_caller]
fn check(config: &str, said: &[&str]) {
    let desk = desk(config);
    desk.ask(&["estate", "show"]).refused(said);
    desk.run(&["config", "check", "runner.toml"]).refused(said);
}

fn origin(done: Done) -> Value {
    done.ended(0).json()["report"]["origin"].clone()
}

#[test]
fn mistake_names_file_line_and_key() {
    check("[cache]\nmax_entires = 3\n", &["runner.toml, line 2", "`cache.max_entires`", "`cache.max_entries`"]);
    check("[cahce]\n", &["runner.toml, line 1", "`cahce`", "`cache`"]);
    check("[cache]\n\nmax_entries = -3\n", &["runner.toml, line 3", "cache.max_entries"]);
    check("[cache]\ndefault_ttl = \"soon\"\n", &["runner.toml, line 2", "default_ttl", "`soon`"]);
    check("[cache]\nenabled = \"yes\"\n", &["runner.toml, line 2", "cache.enabled"]);
    check("[cache\n", &["runner.toml, line 1"]);
    check("[guard]\ntimeout = \"10m\"\nmax_timeout = \"1m\"\n", &["runner.toml, line 3", "guard.max_timeout"]);
}

#[test]
fn missing_file_is_refused() {
    Desk::new().ask(&["--config", "nowhere.toml", "tools"]).refused(&["nowhere.toml", "No such file"]);
    Desk::new().run(&["config", "check", "nowhere.toml"]).refused(&["nowhere.toml", "No such file"]);
}

#[test]
fn settings_tell_where_they_come_from() {
    let desk = desk("[cache]\nmax_entries = 7\n");
    let shown = desk.run(&["config", "show", "--json"]).ended(0).json();
    let of = |key: &str| shown["settings"].as_array().unwrap().iter().find(|line| line["key"] == key).unwrap().clone();
    assert_eq!((&of("cache.max_entries")["value"], &of("cache.max_entries")["origin"]), (&json!(7), &json!("file")));
    assert_eq!(of("cache.enabled")["origin"], "default");
    assert!(shown["settings"].as_array().unwrap().iter().all(|line| line["doc"].is_string()));
    desk.run(&["config", "check", "runner.toml"]).ended(0);
}

#[test]
fn named_file_wins_over_found_ones() {
    let desk = desk("[cache]\nmax_entries = 7\n");
    desk.write("other.toml", "[cache]\nmax_entries = 8\n");
    desk.write(".config/runner/runner.toml", "[cache]\nmax_entries = 9\n");
    let file =
        |args: &[&str]| desk.run(&[&["config", "show", "--json"], args].concat()).ended(0).json()["file"].clone();
    assert_eq!(file(&["--config", "other.toml"]), "other.toml");
    assert_eq!(file(&[]), "runner.toml");
    std::fs::remove_file(desk.path("runner.toml")).unwrap();
    assert!(file(&[]).as_str().unwrap().ends_with(".config/runner/runner.toml"));
}

#[test]
fn cache_can_be_switched_off() {
    let (on, off) = (desk(""), desk("[cache]\nenabled = false\n"));
    let args = [&GET[..], &["--json"]].concat();
    let twice = |desk: &Desk| [origin(desk.remember(&args)), origin(desk.remember(&args))];
    assert_eq!(twice(&on), ["executed", "hit"]);
    assert_eq!(twice(&off), ["executed", "executed"]);
}

#[test]
fn single_call_can_pass_the_cache() {
    let desk = Desk::new();
    let args = [&GET[..], &["--json"]].concat();
    desk.remember(&args).ended(0);
    assert_eq!(origin(desk.remember(&[&args[..], &["--no-cache"]].concat())), "executed");
}

#[test]
fn denied_tool_is_refused() {
    let desk = desk("[policy]\ndeny = [\"ci.*\"]\n");
    let done = desk.ask(&[&GET[..], &["--json"]].concat()).refused(&["ci.get_by_code"]);
    assert_eq!(done.json()["error"]["kind"], "denied");
    desk.ask(&["call", "metric.list"]).ended(0);
    let off = self::desk("[policy]\nenabled = false\ndeny = [\"ci.*\"]\n");
    off.ask(&GET).ended(0);
}

#[test]
fn rule_denies_by_principal_and_tool() {
    let rule = "[[policy.rules]]\nname = \"no ci\"\nverdict = \"deny\"\nprincipals = [\"local\"]\ntools = [\"ci.*\"]\n";
    let desk = desk(rule);
    let done = desk.ask(&[&GET[..], &["--json"]].concat()).refused(&["ci.get_by_code", "no ci"]);
    assert_eq!(done.json()["error"]["kind"], "denied");
    desk.ask(&["call", "metric.list"]).ended(0);
    let other = rule.replace("local", "somebody");
    self::desk(&other).ask(&GET).ended(0);
}

#[test]
fn mistake_in_a_rule_names_its_line() {
    check(
        "[[policy.rules]]\nverdict = \"deny\"\ntools = [\"\"]\n",
        &["runner.toml, line 3", "`policy.rules[0].tools`"],
    );
    check("[policy]\ntenant_rate = \"fast\"\n", &["runner.toml, line 2", "policy.tenant_rate", "`fast`", "`100/s`"]);
}

#[test]
fn rules_and_rates_are_shown() {
    let desk = desk("[policy]\ntenant_rate = \"100/s\"\n[[policy.rules]]\nverdict = \"deny\"\ntools = [\"x.*\"]\n");
    let shown = desk.run(&["config", "show", "--json"]).ended(0).json();
    let of = |key: &str| shown["settings"].as_array().unwrap().iter().find(|line| line["key"] == key).unwrap().clone();
    assert_eq!(
        (&of("policy.tenant_rate")["value"], &of("policy.tenant_rate")["default"]),
        (&json!("100/1s"), &json!("off"))
    );
    assert_eq!(of("policy.rules")["value"], json!([{"verdict": "deny", "tools": ["x.*"]}]));
    assert_eq!(
        (&of("policy.rules")["origin"], &of("policy.principal_quota")["value"]),
        (&json!("file"), &json!("off"))
    );
}

#[test]
fn time_limit_can_be_set_and_lifted() {
    let rank = ["call", "metric.compare", "-p", "ci_ids=shop,api,db-main"];
    let desk = desk("[guard]\ntimeout = \"1us\"\n");
    let done = desk.ask(&[&rank[..], &["--json"]].concat()).failed(4, &["metric.compare"]);
    assert_eq!(done.json()["error"]["kind"], "timed_out");
    self::desk("[guard]\nenabled = false\ntimeout = \"1us\"\n").ask(&rank).ended(0);
}

#[test]
fn recording_can_be_switched_off() {
    let desk = desk("[observe]\nenabled = false\n");
    desk.remember(&GET).ended(0);
    assert_eq!(desk.remember(&["trace", "list", "--json"]).ended(1).json(), json!([]));
    desk.remember(&["stats"]).ended(1);
}

#[test]
fn selection_can_be_switched_off() {
    desk("[select]\nenabled = false\n").ask(&["select", "SEARCH"]).failed(4, &["select.enabled"]);
}

#[test]
fn compositions_can_be_switched_off() {
    let desk = desk("[compose]\nenabled = false\n");
    desk.ask(&["investigate", "shop"]).failed(4, &["compose.enabled"]);
    desk.ask(&GET).ended(0);
}
