use super::super::{
    compare::{MetricRows, compare_item},
    load::{Rise, use_by_load, waiting_by_load},
    rank::rank,
    ranking::Ranking,
    request::RankRequest,
    role::MetricRole,
};
use super::scene::{Levels, plan, request, rows};

const CALLS: &str = "DEPENDS_ON";

/// Returns the metrics of an item that answers as fast as ever: its requests per row normally and now.
const fn loaded(normal: f64, now: f64) -> [Levels; 2] {
    [("latency", MetricRole::Latency, 0.2, 0.2), ("requests", MetricRole::Requests, normal, now)]
}

/// Returns the same, answering more slowly.
const fn slower(normal: f64, now: f64) -> [Levels; 2] {
    [("latency", MetricRole::Latency, 0.2, 0.22), ("requests", MetricRole::Requests, normal, now)]
}

/// A balancer that shares out its requests to two web servers, both of which call one service.
fn balanced(balancer: f64, left: f64, right: f64, service: f64) -> RankRequest {
    request(
        "balancer",
        "latency",
        &[
            ("balancer", &slower(3000.0, balancer)),
            ("left", &loaded(2000.0, left)),
            ("right", &loaded(1000.0, right)),
            ("service", &loaded(6000.0, service)),
        ],
        &[
            ("balancer", CALLS, "left"),
            ("balancer", CALLS, "right"),
            ("left", CALLS, "service"),
            ("right", CALLS, "service"),
        ],
    )
}

/// Returns the item that is said to be the entry.
#[track_caller]
fn enters_at(request: &RankRequest, entry: &str) {
    let ranking = rank(request);
    let expected = format!("more requests than usual arrive; they enter at {entry}");
    assert!(ranking.notes.contains(&expected), "{:?}", ranking.notes);
}

fn score(ranking: &Ranking, ci: &str) -> f64 {
    ranking.suspects.iter().find(|s| s.ci == ci).map_or(0.0, |s| s.score)
}

#[test]
fn one_risen_callee_is_the_entry() {
    enters_at(&balanced(3600.0, 2600.0, 1000.0, 7200.0), "left");
}

#[test]
fn callees_risen_together_point_to_their_caller() {
    enters_at(&balanced(3900.0, 2600.0, 1300.0, 7800.0), "balancer");
}

#[test]
fn shared_callee_is_explained_by_most_risen_caller() {
    enters_at(&balanced(3600.0, 2600.0, 1000.0, 7800.0), "left");
}

#[test]
fn only_callee_is_explained_by_its_caller() {
    let items: [(&str, &[Levels]); 2] = [("web", &slower(1000.0, 1300.0)), ("db", &loaded(4000.0, 5240.0))];
    enters_at(&request("web", "latency", &items, &[("web", CALLS, "db")]), "web");
}

#[test]
fn small_noisy_callee_is_no_entry() {
    let items: [(&str, &[Levels]); 3] =
        [("web", &slower(10_000.0, 11_500.0)), ("api", &loaded(10_000.0, 11_400.0)), ("carrier", &loaded(20.0, 24.0))];
    enters_at(&request("web", "latency", &items, &[("web", CALLS, "api"), ("api", CALLS, "carrier")]), "web");
}

#[test]
fn surge_beside_the_subject_is_no_reason() {
    let items: [(&str, &[Levels]); 4] = [
        ("shop", &slower(1000.0, 1000.0)),
        ("order", &slower(1000.0, 1000.0)),
        ("batch", &loaded(1000.0, 1000.0)),
        ("config", &loaded(1000.0, 2000.0)),
    ];
    let edges = [("shop", CALLS, "order"), ("shop", CALLS, "config"), ("batch", CALLS, "config")];
    let ranking = rank(&request("shop", "latency", &items, &edges));
    assert!(score(&ranking, "config") < 0.1 && score(&ranking, "order") > 0.5, "{:?}", ranking.suspects);
}

#[test]
fn no_full_resource_explains_more_requests() {
    let items: [(&str, &[Levels]); 2] =
        [("web", &loaded(1000.0, 1400.0)), ("disk", &[("disk_io", MetricRole::Saturation, 20.0, 90.0)])];
    let ranking = rank(&request("web", "requests", &items, &[("web", "RUNS_ON", "disk")]));
    assert!(ranking.subject.is_probable_cause);
    assert!(ranking.subject.explanation.contains("the extra load enters here"), "{}", ranking.subject.explanation);
}

#[test]
fn busier_guests_clear_their_host() {
    let host = |now| [("cpu", MetricRole::Saturation, 20.0, now)];
    let score_at = |requests| {
        let items: [(&str, &[Levels]); 2] = [("web", &slower(1000.0, requests)), ("host", &host(26.0))];
        score(&rank(&request("web", "latency", &items, &[("web", "RUNS_ON", "host")])), "host")
    };
    assert!(score_at(1000.0) > 2.0 * score_at(1300.0), "{} {}", score_at(1000.0), score_at(1300.0));
}

#[test]
fn load_explains_only_in_proportion() {
    let item = |latency: f64, cpu: f64| {
        let (latency, cpu, requests) = (rows(1.0, latency), rows(20.0, cpu), rows(10_000.0, 12_000.0));
        let metrics = [
            MetricRows { metric: "latency", role: MetricRole::Latency, unit: "s", points: &latency },
            MetricRows { metric: "cpu", role: MetricRole::Saturation, unit: "percent", points: &cpu },
            MetricRows { metric: "requests", role: MetricRole::Requests, unit: "count", points: &requests },
        ];
        compare_item("x", &metrics, &plan())
    };
    let (mild, wild) = (item(1.2, 24.0), item(11.0, 60.0));
    let clarity = Rise::of(&mild).unwrap().clarity();
    assert!(clarity > 0.7);
    assert!((waiting_by_load(&mild) - clarity).abs() < 1e-9, "20 % more load may slow answers down by 20 %");
    assert!((waiting_by_load(&wild) / clarity - 0.1).abs() < 0.01, "but ten times slower it explains by a tenth");
    let cpu = |item: &super::super::comparison::ItemComparison| {
        use_by_load(item.metrics.iter().find(|m| m.metric == "cpu").unwrap(), item)
    };
    assert!((cpu(&mild) - clarity).abs() < 1e-9);
    assert!((cpu(&wild) / clarity - 0.15).abs() < 0.01);
}

#[test]
fn extra_requests_are_conserved() {
    let caller = Rise { normal: 3000.0, ratio: 0.2, noise: 0.01 };
    let callee = Rise { normal: 2000.0, ratio: 0.3, noise: 0.01 };
    let rest = caller.without(callee).unwrap();
    assert!((rest.normal - 1000.0).abs() < 1e-9 && rest.ratio.abs() < 1e-9);
    assert_eq!(callee.without(caller), None);
}

#[test]
fn rises_are_apart_by_both_noises() {
    let rise = |ratio, noise| Rise { normal: 1.0, ratio, noise };
    assert!((rise(0.5, 0.03).squared_distance(rise(0.0, 0.04)) - 100.0).abs() < 1e-9);
}
