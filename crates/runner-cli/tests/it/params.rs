//! What happens to parameters that are none.

use crate::desk::Desk;

#[track_caller]
fn check(args: &[&str], said: &[&str]) {
    Desk::new().ask(&[&["call", "metric.series"], args].concat()).refused(said);
}

#[test]
fn malformed_json_names_its_place() {
    check(&["--params", r#"{"ci_id": "shop",,}"#], &["--params", "line 1 column 18"]);
    check(&["--params", "[]"], &["--params", "object"]);
    check(&["--params", "@nowhere.json"], &["nowhere.json", "No such file"]);
}

#[test]
fn parameter_file_is_named() {
    let desk = Desk::new();
    desk.write("p.json", "{\n oops");
    desk.ask(&["call", "metric.series", "--params", "@p.json"]).refused(&["p.json", "line 2"]);
    desk.write("binary.json", [0xff, 0xfe, 0x00]);
    desk.ask(&["call", "metric.series", "--params", "@binary.json"]).refused(&["binary.json", "UTF-8"]);
    desk.pipe_in(&["call", "metric.series", "--params", "-"], "nope").refused(&["standard input", "line 1"]);
}

#[test]
fn pairs_need_an_equals_sign() {
    check(&["-p", "ci_id", "-p", "limit"], &["`-p ci_id`", "`-p limit`", "KEY=VALUE"]);
}

#[test]
fn wrong_parameters_are_told_together() {
    check(
        &["-p", "limit=many", "-p", "metric_nam=latency", "-p", "zzz=1"],
        &["`ci_id`", "`limit`", "`metric_name`", "`metric_nam`: did you mean metric_name?", "`zzz`: there are ci_id"],
    );
    check(&["-p", "ci_id=shop", "-p", "metric_name=latency", "-p", "time_range=soon"], &["time_range", "last_"]);
}

#[test]
fn pairs_win_over_the_whole() {
    let done = Desk::new().ask(&[
        "call",
        "ci.get_by_code",
        "--params",
        r#"{"ci_code": "api"}"#,
        "-p",
        "ci_code=shop",
        "--json",
    ]);
    assert_eq!(done.ended(0).json()["result"]["ci_code"], "shop");
}
