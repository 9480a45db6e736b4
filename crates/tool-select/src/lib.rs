#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod catalog;
mod context;
mod dense;
mod intent;
mod learn;
mod profiles;
mod rates;
mod replicas;
mod score;
mod selection;
mod selector;
mod strategy;
mod text;
mod words;

pub use catalog::Catalog;
pub use context::ToolSelectionContext;
pub use intent::{Candidate, IntentTable, IntentTableError, UnknownIntent};
pub use learn::{
    CandidateScore, Choice, Decision, DecisionError, Estimate, Evaluation, EvaluationError, Evaluator, Explorer,
    ExplorerError, Learned, LearnerError, Outcome, OutcomeLearner, OutcomeLearnerBuilder, Verdict,
};
pub use profiles::Profiles;
pub use rates::{ServiceRates, ServiceRatesError};
pub use replicas::{Pending, Replicas, ReplicasError};
pub use selection::{Basis, Contribution, Excluded, Exclusion, Fit, RankedTool, Selection};
pub use selector::SmartToolSelector;
pub use strategy::{InvalidWeights, SelectionStrategy, Weights};
