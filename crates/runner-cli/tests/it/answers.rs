//! What each command answers when all is well.

use serde_json::{Value, json};

use crate::{desk::Desk, village};

#[track_caller]
fn check(args: &[&str]) -> Value {
    let done = Desk::new().ask(&[args, &["--json"]].concat()).ended(0);
    assert_eq!(done.err, "");
    done.json()
}

#[test]
fn call_gives_result_and_report() {
    let answer = check(&["call", "ci.get_by_code", "-p", "ci_code=shop"]);
    assert_eq!(answer["tool"], "ci.get_by_code");
    assert_eq!(answer["result"]["ci_name"], "Web shop");
    assert_eq!(answer["report"]["origin"], "executed");
}

#[test]
fn call_without_match_is_empty() {
    let answer = Desk::new().ask(&["call", "ci.search", "-p", "keywords=nothing-like-it", "--json"]).ended(1);
    assert_eq!(answer.json()["result"]["records"], json!([]));
}

#[test]
fn parameters_come_from_every_source() {
    let desk = Desk::new();
    desk.write("p.json", r#"{"ci_code": "api"}"#);
    for source in [r#"{"ci_code": "api"}"#, "@p.json"] {
        let answer = desk.ask(&["call", "ci.get_by_code", "--params", source, "--json"]).ended(0).json();
        assert_eq!(answer["result"]["ci_code"], "api", "{source}");
    }
    let answer = desk.pipe_in(&["call", "ci.get_by_code", "--params", "-", "--json"], r#"{"ci_code": "api"}"#);
    assert_eq!(answer.ended(0).json()["result"]["ci_code"], "api");
}

#[test]
fn tools_lists_every_tool() {
    let tools = check(&["tools"]);
    let names: Vec<&str> = tools.as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    for name in ["ci.search", "metric.aggregate", "graph.expand", "history.event_log", "cep.simulate", "rca.rank"] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
    assert!(names.is_sorted(), "{names:?}");
}

#[test]
fn tool_shows_its_parameters() {
    let spec = check(&["tools", "metric.series"]);
    assert_eq!(spec["name"], "metric.series");
    let said = Desk::new().ask(&["tools", "metric.series"]).ended(0).out;
    assert!(said.contains("metric_name") && said.contains("required"), "{said}");
}

#[test]
fn selection_ranks_tools() {
    let ranked = check(&["select", "SEARCH", "--top", "2"]);
    assert_eq!(ranked["ranked"].as_array().unwrap().len(), 2);
    let said = Desk::new().ask(&["select", "SEARCH", "--explain"]).ended(0).out;
    assert!(said.contains("factor") && said.contains("weight"), "{said}");
}

#[test]
fn selection_without_match_is_empty() {
    let none = Desk::new().ask(&["select", "zzzz qqqq", "--json"]).ended(1).json();
    assert_eq!((&none["ranked"], &none["fit"]), (&json!([]), &json!("none_fits")));
    assert_eq!(none["unmatched"], json!(["zzzz", "qqqq"]));
}

#[test]
fn text_is_explained_by_word_and_field() {
    let found = check(&["select", "shortest path between servers", "--explain"]);
    let best = &found["ranked"][0];
    assert_eq!((&best["tool"], &found["fit"]), (&json!("graph.path"), &json!("fits")));
    let points =
        |parts: &Value| parts.as_array().unwrap().iter().fold(0.0, |sum, part| sum + part["points"].as_f64().unwrap());
    assert_eq!(points(&best["contributions"]).to_bits(), best["score"].as_f64().unwrap().to_bits());
    for word in best["contributions"].as_array().unwrap() {
        assert_eq!(points(&word["fields"]).to_bits(), word["points"].as_f64().unwrap().to_bits());
    }
    let said = Desk::new().ask(&["select", "shortest path between servers", "--explain"]).ended(0).out;
    assert!(said.contains("name, description"), "{said}");
}

#[test]
fn text_that_hardly_any_tool_covers_fits_none() {
    let text = "items zebra lion tiger bear wolf fox eagle hawk raven crow heron stork swan";
    let none = Desk::new().ask(&["select", text, "--json"]).ended(1).json();
    assert_eq!(none["fit"], json!("none_fits"));
    assert_eq!(none["unmatched"].as_array().unwrap().len(), 13);
    let said = Desk::new().ask(&["select", text]).ended(1).out;
    assert!(said.contains("The nearest:") && said.contains("zebra"), "{said}");
}

#[test]
fn estate_shows_what_it_holds() {
    let shown = check(&["estate", "show"]);
    assert_eq!(shown["tenant"], "default");
    assert_eq!(shown["summary"]["items"], 5);
    assert_eq!(shown["summary"]["series"], 8);
    assert_eq!(shown["summary"]["points"], 8 * 288);
}

#[test]
fn import_counts_what_it_wrote() {
    let desk = Desk::new();
    village::write_csv(&desk, "csv");
    let counts = desk.run(&["estate", "import", "csv", "csv", "--out", "e", "--json"]).ended(0).json();
    assert_eq!(counts["cis"], 5);
    assert_eq!(counts["relations"], 3);
    assert_eq!(counts["events"], 2);
    assert_eq!(counts["points"], 8 * 288);
    assert_eq!(counts["out"], "e");
}

#[test]
fn traces_and_counts_outlive_a_run() {
    let desk = Desk::new();
    desk.remember(&["call", "ci.get_by_code", "-p", "ci_code=shop"]).ended(0);
    desk.remember(&["call", "ci.get_by_code", "-p", "ci_code=shop"]).ended(0);
    let traces = desk.remember(&["trace", "list", "--json"]).ended(0).json();
    let origins: Vec<&str> = traces.as_array().unwrap().iter().map(|t| t["origin"].as_str().unwrap()).collect();
    assert_eq!(origins, ["hit", "executed"], "newest first");
    let stats = desk.remember(&["stats", "--json"]).ended(0).json();
    assert_eq!(stats["tools"][0]["tool"], "ci.get_by_code");
    assert_eq!(stats["tools"][0]["calls"], 2);
    assert_eq!(stats["tools"][0]["cache_hits"], 1);
}

#[test]
fn shown_id_finds_its_trace() {
    let desk = Desk::new();
    desk.remember(&["investigate"]).ended(0);
    let list = desk.remember(&["trace", "list"]).ended(0).out;
    let line = list.lines().find(|line| line.contains("compose.investigate")).unwrap();
    let shown = desk.remember(&["trace", "show", line.split_whitespace().next().unwrap()]).ended(0).out;
    assert!(shown.contains("compose.investigate") && shown.contains("  rca.rank"), "{shown}");
}

#[test]
fn nothing_remembered_is_an_empty_answer() {
    let desk = Desk::new();
    assert_eq!(desk.ask(&["trace", "list", "--json"]).ended(1).json(), json!([]));
    assert_eq!(desk.ask(&["stats", "--json"]).ended(1).json()["tools"], json!([]));
}

#[test]
fn every_shell_has_a_completion() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = Desk::new().run(&["completions", shell]).ended(0);
        assert!(script.out.contains("runner") && script.out.contains("investigate"), "{shell}");
    }
    let json = Desk::new().run(&["completions", "bash", "--json"]).ended(0).json();
    assert!(json["script"].as_str().unwrap().contains("investigate"));
}

#[test]
fn demo_needs_no_file() {
    let answer = Desk::new().run(&["--no-state", "investigate", "--json"]).ended(0).json();
    assert_eq!(answer["verdict"], "suspect_found");
    let other = Desk::new().run(&["--no-state", "--estate", "demo:7", "estate", "show", "--json"]).ended(0).json();
    assert!(other["summary"]["items"].as_u64().unwrap() >= 40);
}
