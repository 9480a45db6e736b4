use super::super::{
    figures::{clock, now_instead_of, percent, span},
    rank::rank,
    role::MetricRole,
};
use super::scene::{Levels, request, service};

#[track_caller]
fn check(now: f64, normal: f64, unit: &str, expected: &str) {
    assert_eq!(now_instead_of(now, normal, unit, ""), expected);
}

#[test]
fn values_show_the_difference() {
    check(0.0221, 0.0179, "s", "22.1 ms instead of 17.9 ms (+23 %)");
    check(0.277, 0.266, "s", "277 ms instead of 266 ms (+4 %)");
    check(5.25, 4.0, "s", "5.2 s instead of 4.0 s (+31 %)");
    check(600.0, 60.0, "s", "10 min instead of 1 min (10 times as much)");
    check(71.0, 45.0, "percent", "71 % instead of 45 %");
    check(0.5, 0.07, "percent", "0.50 % instead of 0.07 %");
    check(7_021.4, 5_000.0, "count", "7,021 instead of 5,000 (+40 %)");
    check(400.0, 20.0, "count", "400 instead of 20 (20 times as much)");
    check(3.0, 0.0, "count", "3 instead of 0");
    check(-1_234.0, 12.0, "MB", "-1,234 MB instead of 12 MB");
}

#[test]
fn shares_are_no_more_precise_than_known() {
    assert_eq!(percent(0.43), "about 45 %");
    assert_eq!(percent(0.97), "nearly all");
}

#[test]
fn times_are_of_the_day() {
    assert_eq!(clock(86_400 + 3 * 3600 + 5 * 60), "03:05");
    assert_eq!((span(300).as_str(), span(3 * 3600).as_str()), ("5 min", "3 h"));
}

/// Explains the first suspect of a shop that calls one item.
fn told(metric: &str, shop: &[Levels], callee: &[Levels]) -> String {
    let ranking = rank(&request("shop", metric, &[("shop", shop), ("db", callee)], &[("shop", "DEPENDS_ON", "db")]));
    ranking.suspects[0].explanation.clone()
}

#[test]
fn losses_are_told_as_failures() {
    let failing = |now| {
        [("availability", MetricRole::Availability, 99.0, now), ("requests", MetricRole::Requests, 10_000.0, 10_000.0)]
    };
    let line = told("availability", &failing(80.0), &failing(81.0));
    assert!(line.starts_with("db fails ") && line.contains(" of its requests instead of 1"), "{line}");
    assert!(line.contains("% of the lost requests at shop"), "{line}");
}

#[test]
fn backlog_is_told_as_piled_up_work() {
    let lag = [("lag", MetricRole::Backlog, 1.0, 9.0)];
    let line = told("lag", &lag, &[("depth", MetricRole::Backlog, 20.0, 400.0)]);
    assert!(line.starts_with("db has work piling up: depth "), "{line}");
}

#[test]
fn filling_memory_is_told_beside_slow_answers() {
    let [latency, requests] = service(0.1, 2.0);
    let leaking = [latency, requests, ("memory", MetricRole::Saturation, 40.0, 90.0)];
    let line = told("latency", &service(0.5, 2.4), &leaking);
    assert!(line.starts_with("db answers in ") && line.contains("; it has memory at "), "{line}");
}

#[test]
fn hog_is_told_with_its_idle_guests() {
    let host = [("cpu", MetricRole::Saturation, 20.0, 95.0)];
    let items: [(&str, &[Levels]); 2] = [("shop", &service(0.5, 1.5)), ("host", &host)];
    let line = &rank(&request("shop", "latency", &items, &[("shop", "RUNS_ON", "host")])).suspects[0].explanation;
    assert!(line.starts_with("host has cpu at ") && line.contains("has no more to do than usual"), "{line}");
}
