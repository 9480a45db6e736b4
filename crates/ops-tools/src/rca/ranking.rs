//! What does ranking answer?

use serde::{Deserialize, Serialize};

use super::{comparison::Currency, request::Change};

/// Whether anything is wrong at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    /// Something is off, and this is who explains it.
    SuspectFound,
    /// What is seen happens in normal operation too.
    NothingAbnormal,
}

/// The answer of `rca.rank`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Ranking {
    /// Whether anything is wrong at all.
    pub(crate) verdict: Verdict,
    /// How probable it is to see this in normal operation, 0..1, corrected for the number of items looked at.
    pub(crate) chance: f64,
    /// What the trouble was counted in; `None` if only deviations could be compared.
    pub(crate) currency: Option<Currency>,
    /// The item in trouble: not a suspect, but it says where it would stand.
    pub(crate) subject: Subject,
    /// Who explains it, best first; empty if nothing is abnormal.
    pub(crate) suspects: Vec<Suspect>,
    /// Ids of items without data now or without a normal: unknown, not healthy.
    pub(crate) missing: Vec<Missing>,
    /// What a reader should know about how far to trust this.
    pub(crate) notes: Vec<String>,
}

/// What is said about the subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Subject {
    /// The item's id.
    pub(crate) ci: String,
    /// The metric that is in trouble.
    pub(crate) metric: Option<String>,
    /// How far it is off, in spreads of its normal rows, signed.
    pub(crate) deviation: Option<f64>,
    /// The share of its trouble that no item it depends on explains, 0..1.
    pub(crate) own_share: f64,
    /// The score by which it would stand among the suspects.
    pub(crate) score: f64,
    /// The rank it would have, counted from 1 among the suspects and itself.
    pub(crate) would_rank: usize,
    /// Whether it is itself the probable cause.
    pub(crate) is_probable_cause: bool,
    /// When its trouble began, in Unix seconds.
    pub(crate) onset: Option<i64>,
    /// Changes on it or on what it runs on, before the end of the window, newest first.
    pub(crate) changes: Vec<Change>,
    /// One line for people.
    pub(crate) explanation: String,
}

/// One suspect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Suspect {
    /// The place, from 1.
    pub(crate) rank: usize,
    /// The item's id.
    pub(crate) ci: String,
    /// How strong the case is, 0..1.
    pub(crate) score: f64,
    /// How many relations away from the subject.
    pub(crate) hops: usize,
    /// The items from the subject to the suspect, both included.
    pub(crate) path: Vec<String>,
    /// Its largest deviation, in spreads of its normal rows, signed.
    pub(crate) deviation: Option<f64>,
    /// The share of the subject's trouble that it explains itself, 0..1.
    pub(crate) own_share: f64,
    /// When it began to deviate, in Unix seconds.
    pub(crate) onset: Option<i64>,
    /// Changes on it or on what it runs on, before the end of the window, newest first.
    pub(crate) changes: Vec<Change>,
    /// What speaks for it.
    pub(crate) evidence: Vec<Evidence>,
    /// One line for people.
    pub(crate) explanation: String,
}

/// One observation that speaks for a suspect: a metric of an item, now and normally.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Evidence {
    /// The item observed.
    pub(crate) ci: String,
    /// The metric observed.
    pub(crate) metric: String,
    /// Its unit.
    pub(crate) unit: String,
    /// The value now.
    pub(crate) now: f64,
    /// The value normally.
    pub(crate) normal: f64,
    /// The difference in spreads, signed.
    pub(crate) deviation: f64,
}

/// An item of which nothing can be said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Missing {
    /// The item's id.
    pub(crate) ci: String,
    /// `no_data_now` or `no_normal`.
    pub(crate) reason: super::comparison::Status,
}
