//! What has been understood of a question?

use std::collections::BTreeMap;

use serde_json::Value;

use super::cues::Cue;
use super::time::When;
use crate::estate::NodeId;

/// How values become one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    Avg,
    Max,
    Min,
    Sum,
    P95,
    Count,
}

impl Number {
    /// Returns its name among the parameters of tools.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Avg => "avg",
            Self::Max => "max",
            Self::Min => "min",
            Self::Sum => "sum",
            Self::P95 => "p95",
            Self::Count => "count",
        }
    }
}

/// Which entries come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    Newest,
    Oldest,
}

/// A word for items of some kind or with some property.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Condition {
    pub(super) field: String,
    pub(super) op: &'static str,
    pub(super) value: Value,
}

/// Everything that was found in a question, before it is decided what is wanted.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    /// The items that are named, with the place of each name.
    pub(super) items: Vec<(NodeId, usize)>,
    /// Items that are named together, as in `web servers`.
    pub(super) group: Vec<NodeId>,
    pub(super) conditions: Vec<Condition>,
    pub(super) metrics: Vec<String>,
    /// A name that is asked for as a metric's but is none.
    pub(super) odd_metric: Option<String>,
    pub(super) when: Option<When>,
    /// A time range that a flag gives; goes before `when`.
    pub(super) given_range: Option<Value>,
    pub(super) number: Option<Number>,
    pub(super) limit: Option<u64>,
    pub(super) first: Option<First>,
    pub(super) depth: Option<u64>,
    pub(super) group_by: Vec<String>,
    pub(super) sort: Option<(String, &'static str)>,
    pub(super) event_types: Vec<String>,
    pub(super) min_severity: Option<u64>,
    pub(super) rule: Option<String>,
    pub(super) keywords: Vec<String>,
    /// The hints, each with the place where it stands first.
    pub(super) cues: BTreeMap<Cue, usize>,
}

impl Facts {
    pub(super) fn has(&self, cue: Cue) -> bool {
        self.cues.contains_key(&cue)
    }

    pub(super) fn any(&self, cues: &[Cue]) -> bool {
        cues.iter().any(|cue| self.has(*cue))
    }

    /// Returns the time range, as tools take it.
    pub(super) fn range(&self) -> Option<Value> {
        self.given_range.clone().or_else(|| self.when.and_then(When::range))
    }

    /// Returns whether a property of items is named, other than a time.
    pub(super) fn is_about_items(&self) -> bool {
        !self.items.is_empty() || !self.group.is_empty() || !self.conditions.is_empty()
    }
}
