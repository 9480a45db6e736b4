//! What happens to a name that nobody has: the nearest are told, and the program ends with 2.

use crate::desk::Desk;

#[track_caller]
fn check(args: &[&str], said: &[&str]) {
    Desk::new().ask(args).refused(said);
}

#[test]
fn unknown_item_names_the_nearest() {
    check(&["investigate", "db-mian"], &["`db-mian`", "db-main"]);
    check(&["call", "ci.get", "-p", "ci_id=db-mian"], &["`db-mian`", "db-main"]);
}

#[test]
fn ambiguous_name_lists_all() {
    check(&["investigate", "Database"], &["several items", "db-main", "db-copy"]);
    check(&["call", "ci.get_by_code", "-p", "ci_code=Database"], &["db-main", "db-copy"]);
}

#[test]
fn name_of_one_item_will_do() {
    let answer = Desk::new().ask(&["investigate", "Web shop", "--json"]).ended(0).json();
    assert_eq!(answer["subject"]["ci"], "shop");
}

#[test]
fn unknown_metric_names_the_nearest() {
    check(&["investigate", "shop", "--metric", "latencyy"], &["`latencyy`", "`latency`"]);
    check(&["call", "metric.series", "-p", "ci_id=shop", "-p", "metric_name=latencyy"], &["latencyy", "latency"]);
}

#[test]
fn metric_of_others_is_refused() {
    check(&["investigate", "shop", "--metric", "cpu_usage"], &["shop has no metric", "latency", "requests"]);
}

#[test]
fn unknown_tool_names_the_nearest() {
    check(&["call", "metric.serie"], &["`metric.serie`", "metric.series"]);
    check(&["tools", "metric.serie"], &["metric.series"]);
}

#[test]
fn unknown_command_names_the_nearest() {
    check(&["investigat"], &["'investigat'", "'investigate'"]);
}

#[test]
fn unknown_tenant_names_the_nearest() {
    check(&["--tenant", "defualt", "tools"], &["`defualt`", "`default`"]);
    check(&["--tenant", "x", "tools"], &["`x`", "`default`"]);
}

#[test]
fn unknown_strategy_lists_all() {
    check(&["select", "SEARCH", "--strategy", "quickest"], &["quickest", "fastest"]);
}

#[test]
fn unknown_trace_is_refused() {
    check(&["trace", "show", "0123"], &["0123", "runner trace list"]);
    check(&["trace", "show", "00000000000000000000000000000000"], &["runner trace list"]);
    check(&["trace", "show", "zzz"], &["zzz"]);
}
