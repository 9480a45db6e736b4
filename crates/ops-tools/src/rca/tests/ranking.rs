use super::super::{
    comparison::Status,
    rank::rank,
    ranking::{Ranking, Verdict},
    request::RankRequest,
    role::MetricRole,
};
use super::scene::{Levels, deployment, request, service};

const CALLS: &str = "DEPENDS_ON";

/// A shop that calls an order service that calls a database; another service stays as it is.
fn chain(shop: f64, order: f64, db: f64) -> RankRequest {
    request(
        "shop",
        "latency",
        &[
            ("shop", &service(0.5, shop)),
            ("order", &service(0.3, order)),
            ("db", &service(0.1, db)),
            ("other", &service(0.2, 0.2)),
        ],
        &[("shop", CALLS, "order"), ("order", CALLS, "db"), ("shop", CALLS, "other")],
    )
}

fn first(ranking: &Ranking) -> &str {
    ranking.suspects.first().map_or("", |s| &s.ci)
}

#[test]
fn deepest_slow_callee_is_first() {
    let ranking = rank(&chain(1.5, 1.3, 1.1));
    assert_eq!(ranking.verdict, Verdict::SuspectFound);
    assert_eq!(first(&ranking), "db");
    assert_eq!(ranking.suspects[0].path, ["shop", "order", "db"]);
    assert_eq!(ranking.suspects[0].hops, 2);
    assert!(ranking.suspects[0].own_share > 0.9);
}

#[test]
fn slow_middle_is_not_blamed_on_callee() {
    let ranking = rank(&chain(1.5, 1.3, 0.1));
    assert_eq!(first(&ranking), "order");
}

#[test]
fn subject_alone_is_its_own_cause() {
    let ranking = rank(&chain(1.5, 0.3, 0.1));
    assert!(ranking.subject.is_probable_cause);
    assert_eq!(ranking.subject.would_rank, 1);
    assert!(ranking.suspects.iter().all(|s| s.ci != "shop"));
}

#[test]
fn normal_rows_are_nothing_abnormal() {
    let ranking = rank(&chain(0.5, 0.3, 0.1));
    assert_eq!(ranking.verdict, Verdict::NothingAbnormal);
    assert!(!ranking.subject.is_probable_cause);
}

#[test]
fn order_of_input_does_not_matter() {
    let forward = chain(1.5, 1.3, 1.1);
    let mut backward = forward.clone();
    backward.comparisons.reverse();
    backward.edges.reverse();
    assert_eq!(rank(&forward), rank(&backward));
}

#[test]
fn calls_in_a_circle_end() {
    let mut request = chain(1.5, 1.3, 1.1);
    let mut back = request.edges[1].clone();
    std::mem::swap(&mut back.source, &mut back.target);
    request.edges.push(back);
    assert_eq!(rank(&request).verdict, Verdict::SuspectFound);
}

#[test]
fn shares_add_up_to_at_most_one() {
    let ranking = rank(&chain(2.5, 1.3, 1.1));
    let sum: f64 = ranking.suspects.iter().map(|s| s.own_share).sum::<f64>() + ranking.subject.own_share;
    assert!(sum <= 1.0 + 1e-9, "{sum}");
}

#[test]
fn change_does_not_outrank_evidence() {
    let mut request = chain(1.5, 1.3, 1.1);
    request.changes.push(deployment("other", 600));
    let ranking = rank(&request);
    assert_eq!(first(&ranking), "db");
}

#[test]
fn change_on_suspect_is_reported() {
    let mut request = chain(1.5, 1.3, 1.1);
    request.changes.push(deployment("db", 600));
    assert_eq!(rank(&request).suspects[0].changes, [deployment("db", 600)]);
}

#[test]
fn item_without_data_is_missing() {
    let mut request = chain(1.5, 1.3, 1.1);
    request.comparisons.retain(|c| c.ci != "other");
    let ranking = rank(&request);
    assert_eq!(ranking.missing.len(), 1);
    assert_eq!((ranking.missing[0].ci.as_str(), ranking.missing[0].reason), ("other", Status::NoDataNow));
}

#[test]
fn full_host_takes_over_its_guests_waiting() {
    let host = |now| [("cpu", MetricRole::Saturation, 20.0, now)];
    let guests: [(&str, &[Levels]); 4] = [
        ("shop", &service(0.5, 1.5)),
        ("order", &service(0.3, 0.8)),
        ("cart", &service(0.3, 0.8)),
        ("host", &host(95.0)),
    ];
    let edges =
        [("shop", CALLS, "order"), ("shop", CALLS, "cart"), ("order", "RUNS_ON", "host"), ("cart", "RUNS_ON", "host")];
    assert_eq!(first(&rank(&request("shop", "latency", &guests, &edges))), "host");
}

#[test]
fn hungry_resident_clears_its_host() {
    let items: [(&str, &[Levels]); 3] = [
        ("shop", &service(0.5, 0.5)),
        ("pod", &[("cpu", MetricRole::Saturation, 20.0, 95.0)]),
        ("host", &[("cpu", MetricRole::Saturation, 20.0, 40.0)]),
    ];
    let edges = [("shop", "COMPOSED_OF", "pod"), ("pod", "RUNS_ON", "host")];
    assert_eq!(first(&rank(&request("shop", "latency", &items, &edges))), "pod");
}

#[test]
fn uncertain_busy_callee_leaves_room_for_full_host() {
    let items: [(&str, &[Levels]); 3] = [
        ("shop", &service(0.5, 0.6)),
        ("db", &[("latency", MetricRole::Latency, 0.1, 0.104), ("requests", MetricRole::Requests, 1e5, 1e5)]),
        ("host", &[("cpu", MetricRole::Saturation, 20.0, 60.0)]),
    ];
    let ranking = rank(&request("shop", "latency", &items, &[("shop", CALLS, "db"), ("shop", "RUNS_ON", "host")]));
    assert_eq!(first(&ranking), "host");
    assert!(ranking.suspects.iter().all(|s| s.ci != "db" || s.own_share < 0.5));
}

#[test]
fn slow_worker_does_not_hide_its_full_queue() {
    let [latency, requests] = service(0.2, 0.4);
    let items: [(&str, &[Levels]); 2] = [
        ("worker", &[latency, requests, ("lag", MetricRole::Backlog, 1.0, 2.0)]),
        ("queue", &[("depth", MetricRole::Backlog, 20.0, 400.0)]),
    ];
    assert_eq!(first(&rank(&request("worker", "lag", &items, &[("worker", CALLS, "queue")]))), "queue");
}

#[test]
fn slow_way_is_seen_by_callers_only() {
    let items: [(&str, &[Levels]); 3] = [
        ("shop", &service(0.5, 0.5)),
        ("ads", &[("seen", MetricRole::LatencySeen, 0.01, 0.5)]),
        ("ads-pod", &service(0.01, 0.01)),
    ];
    let edges = [("shop", CALLS, "ads"), ("ads", "COMPOSED_OF", "ads-pod")];
    assert_eq!(first(&rank(&request("shop", "latency", &items, &edges))), "ads-pod");
}

#[test]
fn lag_is_explained_by_its_input() {
    let items: [(&str, &[Levels]); 2] = [
        ("worker", &[("lag", MetricRole::Backlog, 1.0, 9.0)]),
        ("queue", &[("depth", MetricRole::Backlog, 20.0, 400.0)]),
    ];
    let ranking = rank(&request("worker", "lag", &items, &[("worker", CALLS, "queue")]));
    assert_eq!(first(&ranking), "queue");
    assert!(!ranking.subject.is_probable_cause);
}

#[test]
fn surge_is_blamed_on_its_entry() {
    let loaded = |requests: f64, latency: f64| -> [Levels; 2] {
        [("latency", MetricRole::Latency, 0.2, latency), ("requests", MetricRole::Requests, 1000.0, requests)]
    };
    let items: [(&str, &[Levels]); 3] =
        [("web", &loaded(2000.0, 0.3)), ("api", &loaded(1500.0, 0.3)), ("db", &loaded(1300.0, 0.2))];
    let ranking = rank(&request("api", "latency", &items, &[("web", CALLS, "api"), ("api", CALLS, "db")]));
    assert_eq!(first(&ranking), "web");
    assert_eq!(ranking.suspects[0].path, ["api", "web"]);
    assert!(ranking.suspects[0].explanation.contains("the extra load enters here"));
}

#[test]
fn explanation_names_values_and_share() {
    let explanation = &rank(&chain(1.5, 1.3, 1.1)).suspects[0].explanation;
    assert!(explanation.starts_with("db answers in 1.1 s instead of 0.1 s (11 times as much) since "), "{explanation}");
    assert!(explanation.contains("of the extra waiting at shop"), "{explanation}");
}

#[test]
fn unknown_subject_gives_an_empty_answer() {
    let mut request = chain(0.5, 0.3, 0.1);
    request.subject = "nobody".to_owned();
    let ranking = rank(&request);
    assert_eq!(ranking.verdict, Verdict::NothingAbnormal);
    assert!(ranking.suspects.is_empty());
}

#[test]
fn request_and_answer_survive_json() {
    let request = chain(1.5, 1.3, 1.1);
    let text = serde_json::to_string(&request).unwrap();
    let back: RankRequest = serde_json::from_str(&text).unwrap();
    assert_eq!(rank(&back).suspects[0].ci, "db");
}
