#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod call;
mod clock;
mod error;
mod executor;
mod isolate;
mod name;
mod output;
mod payload;
#[cfg(planted)]
pub mod planted;
mod policy;
mod redact;
mod registry;
mod schema;
mod signals;
mod sink;
mod spec;
mod suggest;
#[cfg(any(test, feature = "test-util"))]
pub mod testing;
mod tool;
mod trace;

pub use call::{AttemptPolicy, CacheControl, CacheMode, CallContext, Params, ToolCall, ToolId};
pub use clock::{Clock, SystemClock};
pub use error::{ErrorKind, Execution, ToolError, Violation};
pub use executor::{DynExecutor, ToolExecutor};
pub use name::{NameError, ToolName};
pub use output::{CallReport, Extent, Limit, Origin, ToolOutput, ToolResult};
pub use payload::Payload;
pub use policy::{AllowAll, Decision, Policy};
pub use redact::{Redactor, SchemaRedactor};
pub use registry::{RegisterError, ToolHandle, ToolRegistry};
pub use signals::{BreakerState, NoSignals, Signals, ToolSignals};
pub use sink::{ExecutionEnd, ExecutionRecord, ExecutionSink, NoSink};
pub use spec::{
    Complexity, Effect, Idempotency, Invalidation, Profile, Scope, Source, SpecError, ToolSpec, ToolSpecBuilder,
};
pub use suggest::nearest;
pub use tool::{FnTool, Tool, tool_fn};
pub use trace::{TraceParent, TraceParentError};
