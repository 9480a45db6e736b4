//! What `cache advise` says of what was recorded.

use serde_json::Value;

use crate::desk::{Desk, Done};

const GET: [&str; 4] = ["call", "ci.get_by_code", "-p", "ci_code=shop"];
const ADVISE: [&str; 3] = ["cache", "advise", "--json"];

/// Returns a recorded call as the state directory has it, made by the program itself.
fn recorded(desk: &Desk) -> Value {
    desk.remember(&GET).ended(0);
    let traces = std::fs::read(desk.path("state/traces.json")).unwrap();
    serde_json::from_slice(&traces).unwrap()
}

/// Leaves a state directory in which the same question was asked every so many seconds, and ran each time.
fn asked_every(desk: &Desk, seconds: usize, times: usize) {
    let mut state = recorded(desk);
    let trace = state["traces"][0].clone();
    let at = |number: usize| {
        let second = number * seconds;
        let trace = trace.as_object().unwrap().clone();
        let mut trace = Value::Object(trace);
        trace["span_id"] = format!("{:016x}", number + 1).into();
        trace["duration_ms"] = 100.0.into();
        trace["started_at"] =
            format!("2026-06-01T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60).into();
        trace
    };
    state["traces"] = (0..times).map(at).collect::<Vec<_>>().into();
    desk.write("state/traces.json", state.to_string());
    // The snapshot knows nothing of these calls, and shall not matter.
    std::fs::remove_file(desk.path("state/cache.snapshot")).unwrap();
}

fn tool<'a>(answer: &'a Value, name: &str) -> &'a Value {
    let tools = answer["tools"].as_array().unwrap();
    tools.iter().find(|tool| tool["tool"] == name).unwrap_or_else(|| panic!("{answer}"))
}

#[test]
fn replay_of_a_recorded_run_is_what_was_observed() {
    let desk = Desk::new();
    for _ in 0..3 {
        desk.remember(&GET).ended(0);
        desk.remember(&["call", "ci.get_by_code", "-p", "ci_code=api"]).ended(0);
        desk.remember(&["call", "ci.search", "-p", "keywords=db"]).ended(0);
    }
    let answer = desk.remember(&ADVISE).json();
    let get = tool(&answer, "ci.get_by_code");
    assert_eq!((get["observed"]["calls"].as_u64(), get["observed"]["hits"].as_u64()), (Some(6), Some(4)));
    desk.remember(&["investigate", "db-main"]);
    desk.remember(&["investigate", "db-main"]);
    let answer = desk.remember(&ADVISE).json();
    assert!(answer["observed"]["calls"].as_u64().unwrap() > 12, "{answer}");
    for tool in answer["tools"].as_array().unwrap() {
        assert_eq!(tool["observed"]["hits"], tool["replayed"]["hits"], "{tool}");
        assert!(tool["tool"] != "ops.investigate", "a composition is never cached");
    }
    assert!(answer["left_out"]["not_cacheable"].as_u64().unwrap() >= 1, "{}", answer["left_out"]);
}

#[test]
fn longer_lifetime_is_advised_with_its_price() {
    let desk = Desk::new();
    // `ci.get_by_code` is kept for 10 minutes; a question every 12 is never answered from memory.
    asked_every(&desk, 720, 24);
    let answer = desk.remember(&ADVISE).ended(0).json();
    let get = tool(&answer, "ci.get_by_code");
    assert_eq!((get["ttl_ms"].as_f64(), get["observed"]["hits"].as_u64()), (Some(600_000.0), Some(0)));
    let tried: Vec<_> = get["ttls"].as_array().unwrap().iter().map(|ttl| ttl["hits"].as_u64().unwrap()).collect();
    // 15 minutes: every other call. An hour, which begins when the run ends: of six calls, the first runs.
    assert_eq!(tried, [0, 0, 0, 0, 12, 20]);
    assert_eq!(get["advice"], serde_json::json!({"kind": "longer", "ttl_ms": 3_600_000.0}));
    assert_eq!(get["ttls"][5]["saved_ms"].as_f64(), Some(2000.0));
    let said = desk.remember(&ADVISE[..2]).ended(0).out;
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("ci.get_by_code: 1h in place of 10m: 83 % of the calls hit, now 0 %, 2000 ms more are saved"),
        "{said}"
    );
    assert!(said.contains("answers up to 1h old"), "{said}");
}

#[test]
fn shorter_lifetime_is_advised_where_it_does_as_well() {
    let desk = Desk::new();
    // Asked every 10 s for 4 minutes: 5 minutes are enough.
    asked_every(&desk, 10, 24);
    let answer = desk.remember(&ADVISE).ended(0).json();
    assert_eq!(tool(&answer, "ci.get_by_code")["advice"]["kind"], "shorter");
    assert_eq!(answer["advised_entries"], 100);
    // The tool ran each time although the cache was on: the traces do not tell why, and that is said.
    assert!(answer["notes"][0].as_str().unwrap().contains("where 0 % were observed"), "{}", answer["notes"]);
}

#[test]
fn nothing_to_advise_on_ends_with_one() {
    let desk = Desk::new();
    let nothing = desk.remember(&ADVISE[..2]).ended(1);
    assert!(nothing.out.contains("No call is remembered"), "{}", nothing.out);
    desk.remember(&GET).ended(0);
    let few = desk.remember(&ADVISE).ended(1).json();
    assert_eq!(tool(&few, "ci.get_by_code")["advice"], serde_json::json!({"kind": "too_few", "needed": 20}));
    assert_eq!(few["advised_entries"], Value::Null);
    let said = desk.remember(&ADVISE[..2]).ended(1).out;
    assert!(said.contains("Too few calls to tell (it takes 20 of a tool): ci.get_by_code 1."), "{said}");
}

#[test]
fn pattern_picks_tools() {
    let desk = Desk::new();
    desk.remember(&GET).ended(0);
    desk.remember(&["call", "metric.list"]).ended(0);
    let names = |done: &Done| {
        let tools = done.json()["tools"].as_array().unwrap().clone();
        tools.iter().map(|tool| tool["tool"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let advise = |pattern| desk.remember(&[&ADVISE[..], &["--tool", pattern]].concat()).ended(1);
    assert_eq!(names(&advise("metric.list")), ["metric.list"]);
    assert_eq!(names(&advise("ci.*")), ["ci.get_by_code"]);
    assert_eq!(names(&advise("graph.*")), Vec::<String>::new());
    desk.remember(&["cache", "advise", "--tool", "ci.gett"]).refused(&["`ci.gett`", "ci.get"]);
}

#[test]
fn replaced_secret_tells_nothing() {
    let desk = Desk::new();
    let mut state = recorded(&desk);
    state["traces"][0]["params"] = serde_json::json!({"ci_code": "[REDACTED:name]"});
    desk.write("state/traces.json", state.to_string());
    let answer = desk.remember(&ADVISE).ended(1).json();
    assert_eq!(answer["left_out"]["with_secrets"], 1);
    assert!(answer["notes"][0].as_str().unwrap().starts_with("Calls left out: 1 (secrets"), "{}", answer["notes"]);
}
