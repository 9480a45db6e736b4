#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod aggregate;
mod check;
mod definition;
mod error;
mod fault;
mod inputs;
mod outcome;
mod param;
mod path;
mod pipeline;
mod reference;
mod resolve;
mod run;
mod step;
mod template;
mod tool;

pub use definition::{Definition, StepDefinition};
pub use fault::{DefinitionError, Fault, FaultKind};
pub use inputs::Inputs;
pub use outcome::{CompositionRun, StepRun, StepStatus};
pub use param::{ParamDefinition, ParamType, ParamTypes};
pub use pipeline::{CompositionBuilder, CompositionPipeline};
pub use resolve::ToolResolver;
pub use step::{CompositionStep, ErrorHandling, Fallback};
pub use tool::CompositionTool;
