//! Small estates in which one thing goes wrong.

use super::super::{
    compare::{MetricRows, compare_item},
    plan::ComparePlan,
    request::{Change, RankEdge, RankRequest},
    role::MetricRole,
};

/// The instant of the question, and the step.
pub(super) const AT: i64 = 1_000_000;
pub(super) const STEP: i64 = 300;

/// A metric of an item: its level in 100 normal rows and in the five rows of the window.
pub(super) type Levels = (&'static str, MetricRole, f64, f64);

/// Returns 100 normal rows around one level, a little uneven, and five rows at another.
pub(super) fn rows(normal: f64, now: f64) -> Vec<(i64, f64)> {
    let wobble = |i: i64| 1.0 + 0.01 * [-1.0, 0.5, 1.0, -0.5][usize::try_from(i % 4).unwrap()];
    let level = |i: i64| if i <= 5 { now } else { normal };
    (1..=105).rev().map(|i| (AT - i * STEP, level(i) * wobble(i))).collect()
}

/// Returns the plan of the question.
pub(super) fn plan() -> ComparePlan {
    ComparePlan::at(AT, STEP, None)
}

/// Builds a request from items with their metrics, and relations.
pub(super) fn request(
    subject: &str,
    metric: &str,
    items: &[(&str, &[Levels])],
    edges: &[(&str, &str, &str)],
) -> RankRequest {
    let compare = |(ci, levels): &(&str, &[Levels])| {
        let points: Vec<_> = levels.iter().map(|l| rows(l.2, l.3)).collect();
        let metrics: Vec<_> = levels
            .iter()
            .zip(&points)
            .map(|(l, points)| MetricRows { metric: l.0, role: l.1, unit: "s", points })
            .collect();
        compare_item(ci, &metrics, &plan())
    };
    RankRequest {
        subject: subject.to_owned(),
        metric: Some(metric.to_owned()),
        window: plan().window,
        step: STEP,
        items: Vec::new(),
        edges: edges.iter().map(|&(source, rel_type, target)| edge(source, rel_type, target)).collect(),
        comparisons: items.iter().map(compare).collect(),
        changes: Vec::new(),
        limit: 10,
    }
}

/// Returns one relation.
fn edge(source: &str, rel_type: &str, target: &str) -> RankEdge {
    RankEdge { source: source.to_owned(), target: target.to_owned(), rel_type: rel_type.to_owned() }
}

/// Returns a deployment on an item, some seconds before the window.
pub(super) fn deployment(ci: &str, before: i64) -> Change {
    let time = plan().window.from - before;
    Change { ci: ci.to_owned(), time, kind: "deployment".to_owned(), summary: "v2".to_owned() }
}

/// Returns the metrics of a service with 100 requests a row: its mean latency normally and now, in seconds.
pub(super) const fn service(normal: f64, now: f64) -> [Levels; 2] {
    [("latency", MetricRole::Latency, normal, now), ("requests", MetricRole::Requests, 100.0, 100.0)]
}
