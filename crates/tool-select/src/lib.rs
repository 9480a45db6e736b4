#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod catalog;
mod context;
mod intent;
mod interpret;
mod score;
mod selection;
mod selector;
mod strategy;
mod text;
mod words;

pub use catalog::Catalog;
pub use context::ToolSelectionContext;
pub use intent::{Candidate, IntentTable, IntentTableError, UnknownIntent};
pub use interpret::{Entity, InterpretError, Interpretation, Interpreter, Reading, UnknownName, Word};
pub use selection::{Basis, Contribution, Excluded, Exclusion, Fit, RankedTool, Selection};
pub use selector::SmartToolSelector;
pub use strategy::{InvalidWeights, SelectionStrategy, Weights};
