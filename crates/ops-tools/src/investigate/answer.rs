//! What does an investigation answer?

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use tool_core::CallReport;

/// The answer of an investigation: who is the probable cause, and which calls prove each line.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Investigation {
    /// The item in trouble.
    pub subject: SubjectLine,
    /// `suspect_found` or `nothing_abnormal`.
    pub verdict: String,
    /// The answer in one sentence.
    pub headline: String,
    /// Whether everything that was looked for could be looked at.
    pub complete: bool,
    /// What could not.
    pub missing: Vec<MissingLine>,
    /// Who explains the trouble, best first; the subject is never among them.
    pub suspects: Vec<SuspectLine>,
    /// Who is affected: items that need the probable cause, nearest first.
    pub blast_radius: Vec<AffectedLine>,
    /// Changes, first deviations and alarms, oldest first.
    pub timeline: Vec<TimelineLine>,
    /// How far to trust this.
    pub notes: Vec<String>,
    /// The calls that prove the lines, by id.
    pub evidence: BTreeMap<String, EvidenceLine>,
    /// How many calls it took; compositions are not counted.
    pub calls: CallCounts,
    /// How long the investigation took, in milliseconds.
    pub elapsed_ms: f64,
}

/// The item in trouble.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SubjectLine {
    /// Its code.
    pub ci: String,
    /// Its id.
    pub ci_id: String,
    /// Its name.
    pub name: String,
    /// The metric in trouble, if known.
    pub metric: Option<String>,
    /// The moment looked at, RFC 3339.
    pub at: String,
    /// How far the metric is off, in robust standard deviations of its normal rows, signed.
    pub deviation: Option<f64>,
    /// The share of its trouble that nothing it needs explains, 0 to 1.
    pub own_share: f64,
    /// The place it would have among the suspects, from 1.
    pub rank: usize,
    /// Whether it is itself the probable cause.
    pub is_probable_cause: bool,
    /// When its trouble began, RFC 3339.
    pub onset: Option<String>,
    /// What changed on it before that.
    pub changes: Vec<ChangeLine>,
    /// One line for people.
    pub explanation: String,
    /// The calls that prove it.
    pub evidence: Vec<String>,
}

/// One suspect.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SuspectLine {
    /// The place, from 1.
    pub rank: usize,
    /// Its code.
    pub ci: String,
    /// Its id.
    pub ci_id: String,
    /// How strong the case is, 0 to 1.
    pub score: f64,
    /// How many relations away from the subject.
    pub hops: usize,
    /// The codes of the items from the subject to the suspect, both included.
    pub path: Vec<String>,
    /// Its largest deviation, in robust standard deviations of its normal rows, signed.
    pub deviation: Option<f64>,
    /// The share of the subject's trouble that it explains itself, 0 to 1.
    pub own_share: f64,
    /// When it began to deviate, RFC 3339.
    pub onset: Option<String>,
    /// What changed on it, or on what it runs on, before that.
    pub changes: Vec<ChangeLine>,
    /// What is off, furthest first.
    pub observations: Vec<Observation>,
    /// The calls that prove it.
    pub evidence: Vec<String>,
    /// One line for people.
    pub explanation: String,
}

/// One metric of one item, now and normally.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Observation {
    /// The item's code.
    pub ci: String,
    /// The metric.
    pub metric: String,
    /// Its unit.
    pub unit: String,
    /// The value now.
    pub now: f64,
    /// The value normally.
    pub normal: f64,
    /// The difference, in robust standard deviations of its normal rows, signed.
    pub deviation: f64,
}

/// Something that somebody changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ChangeLine {
    /// When, RFC 3339.
    pub time: String,
    /// The code of the item it was done to.
    pub ci: String,
    /// As in `deployment`.
    pub kind: String,
    /// One line.
    pub summary: String,
}

/// An item that needs the probable cause.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AffectedLine {
    /// Its code.
    pub ci: String,
    /// How many relations away from the probable cause.
    pub hops: usize,
    /// Its largest harmful deviation, in robust standard deviations; missing without data.
    pub deviation: Option<f64>,
    /// The calls that prove it.
    pub evidence: Vec<String>,
}

/// One moment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct TimelineLine {
    /// When, RFC 3339.
    pub time: String,
    /// `change`, `onset`, `alarm` or `event`.
    pub kind: String,
    /// The code of the item.
    pub ci: String,
    /// One line.
    pub text: String,
    /// The calls that prove it.
    pub evidence: Vec<String>,
}

/// Something that could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct MissingLine {
    /// The code of the item, or the step that is missing.
    pub what: String,
    /// Why.
    pub reason: String,
}

/// One call that was made.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct EvidenceLine {
    /// The tool.
    pub tool: String,
    /// The parameters.
    pub params: Value,
    /// `executed`, `hit`, `stale` or `shared`.
    pub origin: String,
    /// How old the answer is, in milliseconds.
    pub age_ms: u64,
    /// How many rows it returned.
    pub rows: u64,
}

/// How many calls an investigation took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct CallCounts {
    /// In all.
    pub total: u64,
    /// Those that ran a tool.
    pub executed: u64,
    /// Those answered from the cache.
    pub cached: u64,
}

impl EvidenceLine {
    /// States a call that was made: the tool, its parameters, the facts about it and how many rows it returned.
    #[must_use]
    pub fn new(tool: impl Into<String>, params: Value, report: &CallReport, rows: u64) -> Self {
        Self {
            tool: tool.into(),
            params,
            origin: report.origin.as_str().to_owned(),
            age_ms: u64::try_from(report.age.as_millis()).unwrap_or(u64::MAX),
            rows,
        }
    }

    /// Says whether the cache answered.
    pub(super) fn is_cached(&self) -> bool {
        self.origin == "hit" || self.origin == "stale"
    }
}

impl Investigation {
    /// Adds a call that was made before the composition ran, such as the one that found the alert, as evidence `e0`.
    #[must_use]
    pub fn with_call(mut self, call: EvidenceLine) -> Self {
        self.calls.total += 1;
        self.calls.cached += u64::from(call.is_cached());
        self.calls.executed += u64::from(!call.is_cached());
        self.subject.evidence.insert(0, "e0".to_owned());
        self.evidence.insert("e0".to_owned(), call);
        self
    }
}
