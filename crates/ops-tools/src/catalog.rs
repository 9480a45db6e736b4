//! What is known of the tools before anything is measured, and which of them answers which intent?

use std::time::Duration;

use tool_core::{Complexity, Profile};
use tool_select::IntentTable;

/// Accuracy (0 to 1), base time in milliseconds and complexity, where its author stated one.
type Row = (&'static str, f64, u64, Option<Complexity>);

/// The eleven tools of the original design. Six rows carry its stated figures, five those of its implementation.
const PROFILES: [Row; 11] = [
    ("ci.search", 0.95, 120, Some(Complexity::Low)),
    ("ci.get", 0.99, 80, Some(Complexity::VeryLow)),
    ("ci.get_by_code", 0.80, 90, None),
    ("ci.aggregate", 0.92, 140, Some(Complexity::High)),
    ("ci.list_preview", 0.75, 150, None),
    ("metric.aggregate", 0.88, 110, Some(Complexity::Medium)),
    ("metric.series", 0.86, 130, None),
    ("graph.expand", 0.85, 160, Some(Complexity::High)),
    ("graph.path", 0.90, 190, Some(Complexity::High)),
    ("history.event_log", 0.78, 120, None),
    ("cep.simulate", 0.79, 200, None),
];

/// Returns what is expected of a tool: its row, or what is assumed of any unknown tool (accuracy 0.5, 100 ms).
#[must_use]
pub fn profile(tool: &str) -> Profile {
    let row = PROFILES.iter().find(|(name, ..)| *name == tool);
    row.map_or_else(Profile::default, |&(_, accuracy, millis, complexity)| {
        let profile = Profile::new(accuracy, Duration::from_millis(millis));
        complexity.into_iter().fold(profile, Profile::complexity)
    })
}

/// An intent: a kind of question, and the tools that may answer it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Intent {
    /// As in `SEARCH`.
    pub name: &'static str,
    /// Which question it stands for, in a few words.
    pub description: &'static str,
    /// The candidates, each with its bonus from 0 to 1: how well it fits before anything else is known.
    pub candidates: &'static [(&'static str, f64)],
}

/// The six intents. Every tool is a candidate of at least one of them.
///
/// The bonuses are those of the original design, whose LIST is part of SEARCH here, and whose EXPAND and PATH are
/// RELATIONSHIP; supporting tools have none.
pub const INTENTS: [Intent; 6] = [
    Intent {
        name: "SEARCH",
        description: "find items by words or properties",
        candidates: &[("ci.search", 0.20), ("ci.get", 0.0), ("ci.list_preview", 0.15)],
    },
    Intent {
        name: "LOOKUP",
        description: "show one item that is known by id or code",
        candidates: &[("ci.get", 0.20), ("ci.get_by_code", 0.15), ("metric.exists", 0.0)],
    },
    Intent {
        name: "AGGREGATE",
        description: "count items, or compute a number over a metric",
        candidates: &[("ci.aggregate", 0.20), ("metric.aggregate", 0.15), ("metric.list", 0.0)],
    },
    Intent {
        name: "RELATIONSHIP",
        description: "what an item needs, what needs it, how two items are connected",
        candidates: &[("graph.expand", 0.20), ("graph.path", 0.20)],
    },
    Intent {
        name: "HISTORY",
        description: "what happened, what was changed, how a metric went",
        candidates: &[("history.event_log", 0.0), ("history.work", 0.0), ("metric.series", 0.0)],
    },
    Intent {
        name: "ANALYSIS",
        description: "would a rule trigger, is this normal, what is the cause",
        candidates: &[("cep.simulate", 0.0), ("metric.compare", 0.0), ("rca.rank", 0.0), ("compose.investigate", 0.0)],
    },
];

/// Returns the table of intents that selection goes by.
///
/// # Panics
///
/// Never: a test builds it.
#[must_use]
pub fn intents() -> IntentTable {
    let empty = IntentTable::new();
    let add = |table: IntentTable, intent: &Intent| table.intent(intent.name, intent.candidates);
    INTENTS.iter().try_fold(empty, add).expect("a table that its test has built")
}

#[cfg(test)]
mod tests;
