//! What comes of a question that is typed in plain English?

use serde_json::json;

use crate::desk::Desk;

#[test]
fn question_is_understood_then_answered() {
    let done = Desk::new().ask(&["ask", "peak cpu of db-main in the last 2 hours"]).ended(0);
    let (read, answer) = done.out.split_once("\n\n").unwrap();
    for said in ["AGGREGATE", "max", "cpu_usage", "db-main", "last_2h", "2026-06-01T10:00:00Z", "metric.aggregate"] {
        assert!(read.contains(said), "{said}: {read}");
    }
    assert!(answer.contains("value") && answer.contains("percent"), "{answer}");
}

#[test]
fn json_has_reading_call_and_answer() {
    let answer = Desk::new().ask(&["ask", "who owns the idle service, roughly", "--json"]).ended(0).json();
    assert_eq!(answer["understood"]["intent"], "LOOKUP");
    let item = &answer["understood"]["entities"][0];
    assert_eq!(
        (&item["value"], &item["text"], &item["span"]["start"]),
        (&json!("idle"), &json!("idle service"), &json!(13))
    );
    assert_eq!((&answer["tool"], &answer["params"]), (&json!("ci.get"), &json!({"ci_id": "idle"})));
    assert_eq!((&answer["result"]["ci_code"], &answer["report"]["origin"]), (&json!("idle"), &json!("executed")));
    assert_eq!(answer["unused_words"], json!(["roughly"]));
    assert!(answer.get("selection").is_none());
}

#[test]
fn explain_shows_the_ranking() {
    let answer = Desk::new().ask(&["ask", "status of api", "--explain", "--json"]).ended(0).json();
    let ranked: Vec<_> = answer["selection"]["ranked"].as_array().unwrap().iter().map(|tool| &tool["tool"]).collect();
    assert_eq!(ranked, ["ci.get", "ci.get_by_code"]);
    let said = Desk::new().ask(&["ask", "status of api", "--explain"]).ended(0).out;
    assert!(said.contains("accuracy") && said.contains("metric.exists is no candidate"), "{said}");
}

#[test]
fn flags_go_before_words() {
    let desk = Desk::new();
    let typed = ["ask", "cpu of db-main", "--ci", "shop", "--metric", "latency", "--time-range", "last_30m", "--json"];
    let answer = desk.ask(&typed).ended(0).json();
    let expected = json!({"ci_id": "shop", "metric_name": "latency", "time_range": "last_30m"});
    assert_eq!((&answer["tool"], &answer["params"]), (&json!("metric.aggregate"), &expected));
    let series =
        ["ask", "cpu of db-main", "--tool", "metric.series", "--limit", "3", "-p", "time_range=last_1h", "--json"];
    let answer = desk.ask(&series).ended(0).json();
    assert_eq!((&answer["tool"], answer["result"]["rows"].as_array().unwrap().len()), (&json!("metric.series"), 3));
    assert_eq!(answer["params"]["time_range"], "last_1h");
}

#[test]
fn question_about_a_cause_is_investigated() {
    let desk = Desk::new();
    let answer = desk.ask(&["ask", "why is shop slow", "--json"]).ended(0).json();
    assert_eq!(
        (&answer["tool"], &answer["result"]["verdict"]),
        (&json!("compose.investigate"), &json!("suspect_found"))
    );
    let said = desk.ask(&["ask", "why is shop slow"]).ended(0).out;
    assert!(said.contains("Understood") && said.contains("Suspects"), "{said}");
}

#[test]
fn outside_the_grammar_is_empty_and_says_why() {
    let desk = Desk::new();
    let answer = desk.ask(&["ask", "restart db-main tonight", "--json"]).ended(1).json();
    assert_eq!((&answer["tool"], &answer["unused_words"]), (&json!(null), &json!(["restart", "tonight"])));
    assert_eq!(answer["nearest"][0], json!({"tool": "ci.get", "params": {"ci_id": "db-main"}}));
    let said = desk.ask(&["ask", "restart db-main tonight"]).ended(1).out;
    assert!(said.contains("`restart`, `tonight`") && said.contains("runner call ci.get -p ci_id=db-main"), "{said}");
    desk.ask(&["ask", "bake a chocolate cake"]).ended(1);
}

#[test]
fn answer_without_rows_is_empty() {
    Desk::new().ask(&["ask", "deployments on shop today"]).ended(1);
}

#[test]
fn unknown_names_are_bad_input() {
    let desk = Desk::new();
    desk.ask(&["ask", "status of db-mein-7"]).failed(2, &["no item is called `db-mein-7`", "db-main"]);
    desk.ask(&["ask", "cpu of db-main", "--ci", "shopp"]).failed(2, &["no item is called `shopp`", "shop"]);
    desk.ask(&["ask", "cpu of db-main", "--metric", "latncy"]).failed(2, &["no metric is called `latncy`", "latency"]);
    desk.ask(&["ask", "cpu of db-main", "--tool", "metric.serie"]).failed(2, &["metric.series"]);
    desk.ask(&["ask", "cpu of db-main", "--time-range", "soon"]).failed(2, &["--time-range soon", "last_<n>m"]);
    desk.ask(&["ask", "cpu of db-main", "--tool", "graph.path"]).failed(2, &["ci_id"]);
}

#[test]
fn what_is_no_question_is_bad_input() {
    let desk = Desk::new();
    desk.ask(&["ask", "  "]).failed(2, &["the question is empty"]);
    desk.ask(&["ask", &"why? ".repeat(20_000)]).failed(2, &["100000 bytes", "at most 2000"]);
    desk.ask(&["ask", "cpu\u{1b}[31m of db-main"]).failed(2, &["control character", "byte 3"]);
}

#[test]
fn second_asking_is_answered_from_the_cache() {
    let desk = Desk::new();
    desk.remember(&["ask", "dependencies of shop"]).ended(0);
    let again = desk.remember(&["ask", "what does shop depend on", "--json"]).ended(0).json();
    assert_eq!(again["report"]["origin"], "hit");
}
