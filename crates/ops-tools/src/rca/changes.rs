//! What was changed on an item, or on what it stands on, before its trouble?

use super::{
    graph::{Graph, Need},
    request::{Change, RankRequest},
};

/// How far back a change may lie to be of interest, in seconds: one day.
const REACH: i64 = 86_400;

/// Returns the changes on an item, its parts and its ground within a day before `until`, newest first.
pub(crate) fn changes_before(request: &RankRequest, graph: &Graph<'_>, ci: &str, until: i64) -> Vec<Change> {
    let around: Vec<&str> = graph.needs(ci, Need::Ground).chain(graph.needs(ci, Need::Part)).chain([ci]).collect();
    let mut found: Vec<Change> = request
        .changes
        .iter()
        .filter(|c| around.contains(&c.ci.as_str()) && c.time <= until && until - c.time <= REACH)
        .cloned()
        .collect();
    found.sort_by(|a, b| b.time.cmp(&a.time).then(a.ci.cmp(&b.ci)).then(a.summary.cmp(&b.summary)));
    found
}
