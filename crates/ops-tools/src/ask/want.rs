//! Which kind of answer does a question want?

use super::cues::Cue;
use super::facts::Facts;
use super::time::When;
use crate::estate::View;

/// A kind of answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    Item,
    MetricExists,
    Items,
    ItemCount,
    MetricNumber,
    MetricNames,
    Relations(View),
    Path,
    Events,
    Work,
    Series,
    Rule,
    Normal,
    Cause,
}

impl Want {
    /// Returns the intent that it is a case of.
    pub(super) fn intent(self) -> &'static str {
        match self {
            Self::Item | Self::MetricExists => "LOOKUP",
            Self::Items => "SEARCH",
            Self::ItemCount | Self::MetricNumber | Self::MetricNames => "AGGREGATE",
            Self::Relations(_) | Self::Path => "RELATIONSHIP",
            Self::Events | Self::Work | Self::Series => "HISTORY",
            Self::Rule | Self::Normal | Self::Cause => "ANALYSIS",
        }
    }

    /// Returns the tools that answer it.
    pub(super) fn tools(self) -> &'static [&'static str] {
        match self {
            Self::Item => &["ci.get", "ci.get_by_code"],
            Self::MetricExists => &["metric.exists"],
            Self::Items => &["ci.search", "ci.list_preview"],
            Self::ItemCount => &["ci.aggregate"],
            Self::MetricNumber => &["metric.aggregate"],
            Self::MetricNames => &["metric.list"],
            Self::Relations(_) => &["graph.expand"],
            Self::Path => &["graph.path"],
            Self::Events => &["history.event_log"],
            Self::Work => &["history.work"],
            Self::Series => &["metric.series"],
            Self::Rule => &["cep.simulate"],
            Self::Normal => &["metric.compare"],
            Self::Cause => &["compose.investigate"],
        }
    }

    /// Returns the kind of answer that a tool gives to such a question.
    pub(super) fn of_tool(tool: &str, facts: &Facts) -> Option<Self> {
        Some(match tool {
            "ci.get" | "ci.get_by_code" => Self::Item,
            "ci.search" | "ci.list_preview" => Self::Items,
            "ci.aggregate" => Self::ItemCount,
            "metric.exists" => Self::MetricExists,
            "metric.aggregate" => Self::MetricNumber,
            "metric.list" => Self::MetricNames,
            "metric.series" => Self::Series,
            "metric.compare" => Self::Normal,
            "graph.expand" => relations(facts).unwrap_or(Self::Relations(View::Neighbors)),
            "graph.path" => Self::Path,
            "history.event_log" => Self::Events,
            "history.work" => Self::Work,
            "cep.simulate" => Self::Rule,
            "compose.investigate" => Self::Cause,
            _ => return None,
        })
    }
}

/// Decides what is wanted: the first rule that fits.
pub(super) fn want(facts: &Facts) -> Option<Want> {
    let about = !facts.items.is_empty() || !facts.group.is_empty();
    if facts.has(Cue::Beyond) || facts.when == Some(When::Future) {
        return None;
    }
    if facts.rule.is_some() {
        return Some(Want::Rule);
    }
    metric_itself(facts)
        .or_else(|| (facts.has(Cue::Why) && about && !facts.has(Cue::Impact)).then_some(Want::Cause))
        .or_else(|| number(facts))
        .or_else(|| normal(facts))
        .or_else(|| of_metric(facts))
        .or_else(|| count(facts))
        .or_else(|| path(facts))
        .or_else(|| relations(facts))
        .or_else(|| history(facts))
        .or_else(|| items(facts))
}

/// Returns whether items are to be ranked by a metric, which no tool does.
pub(super) fn ranked_by_metric(facts: &Facts) -> bool {
    !facts.metrics.is_empty() && (facts.has(Cue::Most) || facts.limit.is_some()) && facts.items.is_empty()
}

/// The metrics that there are.
fn metric_itself(facts: &Facts) -> Option<Want> {
    let named = !facts.metrics.is_empty() || facts.odd_metric.is_some();
    if facts.has(Cue::Exists) && named && facts.number.is_none() && !facts.any(&[Cue::Series, Cue::Compare, Cue::Why]) {
        return Some(Want::MetricExists);
    }
    (facts.has(Cue::Metrics) && !facts.any(&[Cue::Compare, Cue::Why, Cue::Events])).then_some(Want::MetricNames)
}

/// One number over a metric that says so itself: the peak, the average, a total.
fn number(facts: &Facts) -> Option<Want> {
    let stated = facts.number.is_some() || counts_metric(facts);
    (stated && !facts.metrics.is_empty() && facts.is_about_items() && !facts.has(Cue::Compare))
        .then_some(Want::MetricNumber)
}

/// Returns whether a metric is to be added up: `how many requests`.
pub(super) fn counts_metric(facts: &Facts) -> bool {
    const ADDED: [&str; 3] = ["requests", "errors", "processed"];
    facts.has(Cue::Count) && facts.metrics.iter().any(|metric| ADDED.contains(&metric.as_str()))
}

fn normal(facts: &Facts) -> Option<Want> {
    (facts.has(Cue::Compare) && facts.is_about_items() && facts.event_types.is_empty() && !facts.has(Cue::Work))
        .then_some(Want::Normal)
}

fn of_metric(facts: &Facts) -> Option<Want> {
    if facts.metrics.is_empty() || !facts.is_about_items() || facts.any(&[Cue::Impact, Cue::Needs, Cue::Path]) {
        return None;
    }
    let one = facts.items.len() == 1 && facts.group.is_empty();
    let newest = facts.has(Cue::Newest) && facts.when.is_none();
    if one && (facts.has(Cue::Series) || newest || facts.limit.is_some()) {
        return Some(Want::Series);
    }
    (!ranked_by_metric(facts)).then_some(Want::MetricNumber)
}

fn count(facts: &Facts) -> Option<Want> {
    if !facts.metrics.is_empty() {
        return None;
    }
    let listed = facts.any(&[Cue::Events, Cue::Work, Cue::Maintenance, Cue::Verb]) || !facts.event_types.is_empty();
    let grouped = !facts.group_by.is_empty() || facts.has(Cue::Group);
    ((facts.has(Cue::Count) || grouped) && !listed).then_some(Want::ItemCount)
}

fn path(facts: &Facts) -> Option<Want> {
    let two = facts.items.len() == 2;
    (two && facts.any(&[Cue::Path, Cue::Verb, Cue::Needs, Cue::Around])).then_some(Want::Path)
}

fn relations(facts: &Facts) -> Option<Want> {
    let place = facts.items.first().map(|(_, place)| *place)?;
    let after = |cue: Cue| facts.cues.get(&cue).map(|at| *at < place);
    let side = |item_last: bool| if item_last { View::Impact } else { View::Dependencies };
    let view = match () {
        () if facts.has(Cue::Impact) => View::Impact,
        () if facts.has(Cue::Needs) => View::Dependencies,
        () if after(Cue::RunsOn).is_some() => side(after(Cue::RunsOn)?),
        () if after(Cue::Verb).is_some() => side(after(Cue::Verb)?),
        () if facts.has(Cue::Parts) => View::Composition,
        () if facts.has(Cue::Around) => View::Neighbors,
        () => return None,
    };
    Some(Want::Relations(view))
}

fn history(facts: &Facts) -> Option<Want> {
    if !facts.event_types.is_empty() {
        return Some(Want::Events);
    }
    if facts.any(&[Cue::Work, Cue::Maintenance]) {
        return Some(Want::Work);
    }
    let timed = facts.when.is_some() && !facts.any(&[Cue::Property]);
    let events = facts.any(&[Cue::Events, Cue::Severe]);
    (events || (timed && !facts.items.is_empty() && facts.metrics.is_empty())).then_some(Want::Events)
}

fn items(facts: &Facts) -> Option<Want> {
    let bare = facts.conditions.is_empty() && facts.group.is_empty() && facts.keywords.is_empty();
    let property = facts.has(Cue::Property) && !facts.has(Cue::Find) && facts.group.is_empty();
    if facts.items.len() == 1 && (bare || property) {
        return Some(Want::Item);
    }
    let list = facts.has(Cue::Find) && (facts.limit.is_some() || facts.sort.is_some() || facts.when.is_none());
    (!bare || facts.items.len() > 1 || list).then_some(Want::Items)
}
