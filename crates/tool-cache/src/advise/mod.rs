//! What would other lifetimes and sizes have given?

mod advice;
mod advisor;
mod past;
mod world;

pub use advice::{Advice, Outcome, Recommendation, SizeOutcome, ToolAdvice, TtlOutcome};
pub use advisor::Advisor;
pub use past::{Ending, PastCall, Unusable};
