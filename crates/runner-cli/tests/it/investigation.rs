//! What `investigate --json` holds: the contract that scripts read.

use serde_json::Value;

use crate::{
    desk::{Desk, Done},
    village,
};

fn answer(args: &[&str]) -> Value {
    Desk::new().ask(&[&["investigate", "--json"], args].concat()).ended(0).json()
}

#[test]
fn answer_has_every_promised_field() {
    let answer = answer(&[]);
    for field in ["subject", "verdict", "complete", "missing", "suspects", "blast_radius", "timeline", "elapsed_ms"] {
        assert!(!answer[field].is_null(), "{field}");
    }
    for field in ["ci", "metric", "at"] {
        assert!(answer["subject"][field].is_string(), "subject.{field}");
    }
    let fields = ["rank", "ci", "score", "hops", "path", "deviation", "own_share", "changes", "evidence"];
    for suspect in answer["suspects"].as_array().unwrap() {
        assert!(fields.iter().all(|field| !suspect[field].is_null()), "{suspect}");
    }
    for line in answer["evidence"].as_object().unwrap().values() {
        assert!(line["tool"].is_string() && line["params"].is_object() && line["origin"].is_string(), "{line}");
        assert!(line["age_ms"].is_u64() && line["rows"].is_u64(), "{line}");
    }
    assert!(answer["elapsed_ms"].is_f64());
}

#[test]
fn newest_alert_leads_to_cause() {
    let answer = answer(&[]);
    assert_eq!(answer["verdict"], "suspect_found");
    assert_eq!(answer["subject"]["ci"], "shop");
    assert_eq!(answer["subject"]["metric"], "latency");
    assert_eq!(answer["subject"]["at"], "2026-06-01T11:55:00Z");
    let first = &answer["suspects"][0];
    assert_eq!(first["ci"], "db-main");
    assert_eq!(first["rank"], 1);
    assert_eq!(first["path"], serde_json::json!(["shop", "api", "db-main"]));
    assert_eq!(first["hops"], 2);
    assert_eq!(first["changes"][0]["kind"], "config_change");
    assert!(answer["suspects"].as_array().unwrap().iter().all(|suspect| suspect["ci"] != "shop"));
    assert_eq!(answer["complete"], true);
    assert_eq!(answer["missing"], serde_json::json!([]));
}

#[test]
fn evidence_proves_every_line() {
    let answer = answer(&[]);
    let known = answer["evidence"].as_object().unwrap();
    let mut lines = vec![&answer["subject"]];
    for list in ["suspects", "blast_radius", "timeline"] {
        let rows = answer[list].as_array().unwrap();
        assert!(!rows.is_empty(), "{list}");
        lines.extend(rows);
    }
    for line in lines {
        let proofs = line["evidence"].as_array().unwrap();
        assert!(!proofs.is_empty(), "{line}");
        assert!(proofs.iter().all(|id| known.contains_key(id.as_str().unwrap())), "{line}");
    }
}

#[test]
fn calls_add_up() {
    let answer = answer(&[]);
    let count = |name: &str| answer["calls"][name].as_u64().unwrap();
    assert_eq!(count("total"), count("executed") + count("cached"));
    assert_eq!(count("cached"), 0);
    assert_eq!(count("total"), answer["evidence"].as_object().unwrap().len() as u64);
    let tools = answer["evidence"].as_object().unwrap().values().map(|line| line["tool"].as_str().unwrap());
    assert!(tools.clone().all(|tool| !tool.starts_with("compose.")), "{:?}", tools.collect::<Vec<_>>());
}

#[test]
fn second_run_comes_from_cache() {
    let desk = Desk::new();
    let run = || desk.remember(&["investigate", "--json"]).ended(0).json();
    let (first, second) = (run(), run());
    assert_eq!(first["suspects"], second["suspects"]);
    assert_eq!(first["calls"]["total"], second["calls"]["total"]);
    assert_eq!(second["calls"]["cached"], second["calls"]["total"]);
    assert_eq!(second["calls"]["executed"], 0);
    assert!(second["evidence"].as_object().unwrap().values().all(|line| line["origin"] == "hit"));
}

#[test]
fn cached_answer_tells_its_age() {
    let desk = Desk::new();
    desk.remember(&["investigate"]).ended(0);
    let again = desk.remember(&["investigate"]).ended(0);
    let foot = again.out.lines().last().unwrap();
    assert!(foot.contains(" 0 run, ") && foot.contains("from cache (oldest ") && foot.contains(" old)"), "{foot}");
}

#[test]
fn same_input_gives_same_bytes() {
    let desk = Desk::new();
    let run = || without_times(&desk.ask(&["investigate", "--json"]).ended(0));
    assert_eq!(run(), run());
}

/// Drops the lines that hold times and ages of the run itself.
fn without_times(done: &Done) -> String {
    let timed = |line: &&str| ["\"elapsed_ms\"", "\"age_ms\""].iter().any(|name| line.contains(name));
    done.out.lines().filter(|line| !timed(line)).collect::<Vec<_>>().join("\n")
}

#[test]
fn cause_itself_is_told() {
    let answer = answer(&["db-main"]);
    assert_eq!(answer["subject"]["is_probable_cause"], true);
    assert_eq!(answer["verdict"], "suspect_found");
    let said = Desk::new().ask(&["investigate", "db-main"]).ended(0).out;
    assert!(said.starts_with("Probable cause: db-main itself"), "{said}");
    assert!(!said.contains("Path from alert to cause"), "{said}");
}

#[test]
fn quiet_time_is_an_empty_answer() {
    let desk = Desk::new();
    let quiet = ["investigate", "shop", "--at", "2026-06-01T10:00:00Z"];
    let answer = desk.ask(&[&quiet[..], &["--json"]].concat()).ended(1).json();
    assert_eq!(answer["verdict"], "nothing_abnormal");
    let said = desk.ask(&quiet).ended(1).out;
    assert!(said.starts_with("Nothing abnormal at shop"), "{said}");
    assert!(said.contains("-p ci_id=shop"), "the next step is about the subject: {said}");
    assert!(!said.contains("Suspects"), "{said}");
}

#[test]
fn estate_without_alert_says_so() {
    let desk = Desk::new();
    desk.write("csv/cis.csv", village::CIS);
    desk.run(&["estate", "import", "csv", "csv", "--out", "e"]).ended(0);
    let quiet = desk.run(&["--no-state", "--estate", "e", "investigate"]).ended(1);
    assert!(quiet.out.contains("No alert in the estate"), "{}", quiet.out);
    let json = desk.run(&["--no-state", "--estate", "e", "investigate", "--json"]).ended(1).json();
    assert_eq!(json["suspects"], serde_json::json!([]));
}

#[test]
fn silent_item_makes_answer_partial() {
    let desk = Desk::new();
    village::write_csv(&desk, "csv");
    let text = std::fs::read_to_string(desk.path("csv/metrics.csv")).unwrap();
    let late = |line: &str| line.split(',').next().unwrap().parse::<i64>().is_ok_and(|time| time >= 1_780_312_800);
    let kept: Vec<&str> = text.lines().filter(|line| !(line.contains(",api,") && late(line))).collect();
    desk.write("csv/metrics.csv", kept.join("\n"));
    desk.run(&["estate", "import", "csv", "csv", "--out", "e"]).ended(0);
    let answer = desk.run(&["--no-state", "--estate", "e", "investigate", "--json"]).ended(3).json();
    assert_eq!(answer["complete"], false);
    assert_eq!(answer["missing"][0]["what"], "api");
    let said = desk.run(&["--no-state", "--estate", "e", "investigate"]).ended(3).out;
    assert!(said.contains("Missing: the answer is partial") && said.contains("api: no data"), "{said}");
}
