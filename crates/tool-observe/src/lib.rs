#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod capture;
mod export;
mod facts;
mod filter;
mod ids;
mod kinds;
mod log;
mod open;
mod paged;
mod policy;
mod record;
mod ring;
mod stats;
mod summary;
mod tenants;
mod tools;
mod trace;
mod traced;
mod tracer;
mod tree;
mod units;

pub use export::{ExportFormat, ExportFormatError, export};
pub use filter::TraceFilter;
pub use ids::{IdError, SpanId, TraceId, TraceRef};
pub use open::OpenTrace;
pub use policy::{ObservePolicy, ObservePolicyBuilder, ObservePolicyError};
pub use stats::{TenantStats, ToolStats};
pub use trace::{ToolExecutionTrace, TraceStatus};
pub use traced::TracedExecutor;
pub use tracer::{ExecutionTracer, Losses};
pub use tree::TraceLine;
