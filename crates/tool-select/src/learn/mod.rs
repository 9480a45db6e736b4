//! Mechanisms that learn from what choices brought, and judge such learning.

mod decision;
mod estimate;
mod explore;
mod outcomes;

pub use decision::{CandidateScore, Decision, DecisionError, Outcome};
pub use estimate::{Estimate, Evaluation, EvaluationError, Evaluator, Verdict};
pub use explore::{Choice, Explorer, ExplorerError};
pub use outcomes::{Learned, LearnerError, OutcomeLearner, OutcomeLearnerBuilder};
