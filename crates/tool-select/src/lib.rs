#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod card;
mod catalog;
mod context;
mod dense;
mod fold;
mod index;
mod intent;
mod interpret;
mod learn;
mod learned;
mod lexicon;
mod profiles;
mod question;
mod rates;
mod replicas;
mod score;
mod selection;
mod selector;
mod shapes;
mod strategy;
mod terms;
mod text;
mod words;

pub use card::{Field, ToolCard};
pub use catalog::Catalog;
pub use context::ToolSelectionContext;
pub use index::{CardError, FieldPoints, Found, Hit, Index, LiveIndex, Search, View, WordPoints};
pub use intent::{Candidate, IntentTable, IntentTableError, UnknownIntent};
pub use interpret::{Entity, InterpretError, Interpretation, Interpreter, Reading, UnknownName, Word};
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
