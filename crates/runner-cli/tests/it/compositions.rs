//! How compositions run from the command line.

use crate::desk::Desk;

#[test]
fn built_in_compositions_run() {
    let desk = Desk::new();
    let found = desk.ask(&["run", "search_with_context", "-p", "keywords=db-main", "--json"]).ended(0);
    found.json();
    let full = desk.ask(&["run", "compose.investigate", "-p", "ci=shop", "--json"]).ended(0);
    full.json();
}

#[test]
fn skipped_step_is_partial() {
    let desk = Desk::new();
    let args = ["run", "search_with_context", "-p", "keywords=db-main", "-p", "metric_name=cpu_usag"];
    let done = desk.ask(&args).ended(3);
    assert!(done.err.contains("step `metric` was skipped") && done.err.contains("cpu_usag"), "{}", done.err);
    assert!(done.out.contains("skipped"), "{}", done.out);
    assert!(!done.err.contains("WARN"), "said once, not logged too: {}", done.err);
}

#[test]
fn decisions_are_logged_when_asked() {
    let desk = Desk::new();
    let args = ["run", "search_with_context", "-p", "keywords=db-main", "-p", "metric_name=x", "-v"];
    let done = desk.ask(&[&args[..], &["--log-format", "json", "--json"]].concat()).ended(3);
    done.json();
    let lines: Vec<serde_json::Value> = done.err.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().any(|line| line["step"] == "metric" && line["level"] == "WARN"), "{}", done.err);
}

#[test]
fn unknown_composition_names_the_nearest() {
    Desk::new().ask(&["run", "investigat"]).refused(&["`investigat`", "investigate"]);
}

#[test]
fn wrong_parameters_are_told_together() {
    let said = ["`ci`", "`normal`", "`metrc`: did you mean metric?", "`zzz`: there are at, ci, metric, normal"];
    Desk::new().ask(&["run", "investigate", "-p", "metrc=x", "-p", "zzz=1", "-p", "normal=7"]).refused(&said);
}
