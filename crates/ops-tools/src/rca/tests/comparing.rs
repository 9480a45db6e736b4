use super::super::{
    compare::{MetricRows, compare_item},
    comparison::{Currency, ItemComparison, Status},
    plan::ComparePlan,
    role::MetricRole,
};
use super::scene::{AT, STEP, plan, rows};

fn one(metric: &str, role: MetricRole, points: &[(i64, f64)]) -> ItemComparison {
    compare_item("x", &[MetricRows { metric, role, unit: "s", points }], &plan())
}

#[test]
fn no_row_now_is_no_data() {
    let points: Vec<_> = rows(1.0, 1.0).into_iter().filter(|p| p.0 < plan().window.from).collect();
    let compared = one("latency", MetricRole::Latency, &points);
    assert_eq!(compared.status, Status::NoDataNow);
    assert_eq!(compared.metrics[0].now, None);
    assert!(compared.excess.is_empty());
}

#[test]
fn too_few_normal_rows_is_no_normal() {
    let points: Vec<_> = rows(1.0, 1.0).into_iter().filter(|p| p.0 >= plan().window.from - 3 * STEP).collect();
    assert_eq!(one("latency", MetricRole::Latency, &points).status, Status::NoNormal);
}

#[test]
fn item_without_metrics_has_no_data() {
    assert_eq!(compare_item("x", &[], &plan()).status, Status::NoDataNow);
}

#[test]
fn excess_is_extra_time_times_requests() {
    let (latency, requests) = (rows(1.0, 3.0), rows(50.0, 50.0));
    let metrics = [
        MetricRows { metric: "latency", role: MetricRole::Latency, unit: "s", points: &latency },
        MetricRows { metric: "requests", role: MetricRole::Requests, unit: "count", points: &requests },
    ];
    let compared = compare_item("x", &metrics, &plan());
    let expected: f64 = (1..=5)
        .map(|i| {
            let at = |points: &[(i64, f64)]| points.iter().find(|p| p.0 == AT - i * STEP).unwrap().1;
            (at(&latency) - 1.0) * at(&requests)
        })
        .sum();
    assert_eq!(compared.excess[0].currency, Currency::WaitingSeconds);
    assert!((compared.excess[0].total / expected - 1.0).abs() < 0.02);
}

#[test]
fn lost_requests_follow_availability() {
    let (availability, requests) = (rows(100.0, 90.0), rows(200.0, 200.0));
    let metrics = [
        MetricRows { metric: "availability", role: MetricRole::Availability, unit: "percent", points: &availability },
        MetricRows { metric: "requests", role: MetricRole::Requests, unit: "count", points: &requests },
    ];
    let lost = &compare_item("x", &metrics, &plan()).excess[0];
    assert_eq!(lost.currency, Currency::LostRequests);
    assert!((lost.total / (0.1 * 200.0 * 5.0) - 1.0).abs() < 0.1);
}

#[test]
fn availability_is_judged_by_what_fails() {
    let compared = one("availability", MetricRole::Availability, &rows(99.9, 99.9));
    assert!(compared.metrics[0].normal.unwrap().spread < 2.0);
    let steady: Vec<_> = rows(0.0, 0.0).into_iter().map(|(t, _)| (t, 99.0)).collect();
    let spread = one("availability", MetricRole::Availability, &steady).metrics[0].normal.unwrap().spread;
    assert!((spread - 0.02 * 5.0).abs() < 1e-9, "{spread}");
}

#[test]
fn counts_know_the_noise_of_their_mean() {
    let even: Vec<_> = rows(0.0, 0.0).into_iter().map(|(t, _)| (t, 100.0)).collect();
    let normal = one("requests", MetricRole::Requests, &even).metrics[0].normal.unwrap();
    assert!((normal.spread - 10.0).abs() < 1e-9, "independent arrivals: the root of 100");
    assert!((normal.window_spread.unwrap() - 10.0 / 5.0_f64.sqrt()).abs() < 1e-9);
    assert_eq!(one("latency", MetricRole::Latency, &even).metrics[0].normal.unwrap().window_spread, None);
}

#[test]
fn onset_is_first_row_off() {
    assert_eq!(one("latency", MetricRole::Latency, &rows(1.0, 2.0)).metrics[0].onset, Some(AT - 5 * STEP));
}

#[test]
fn falling_metric_has_negative_deviation() {
    assert!(one("availability", MetricRole::Availability, &rows(100.0, 50.0)).metrics[0].deviation < Some(-3.0));
}

#[test]
fn daily_rhythm_is_no_deviation() {
    let day = 86_400.0;
    let level = |t: i64| {
        let part = f64::from(u32::try_from(t.rem_euclid(86_400)).unwrap()) / day;
        10.0 + 5.0 * (part * std::f64::consts::TAU).sin()
    };
    let points: Vec<_> = (1..=7 * 288).rev().map(|i| (AT - i * STEP, level(AT - i * STEP))).collect();
    let compared = one("cpu", MetricRole::Saturation, &points);
    assert!(compared.metrics[0].normal.unwrap().seasonal);
    assert!(compared.metrics[0].deviation.unwrap().abs() < 2.0);
}

#[test]
fn window_inside_normal_is_left_out() {
    let points = rows(1.0, 9.0);
    let declared = ComparePlan { normal: super::super::plan::Period { from: 0, to: AT + 1 }, ..plan() };
    let metric = MetricRows { metric: "latency", role: MetricRole::Latency, unit: "s", points: &points };
    assert_eq!(compare_item("x", &[metric], &declared).metrics[0].normal.unwrap().rows, 100);
}
