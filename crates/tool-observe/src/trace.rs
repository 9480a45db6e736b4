//! What is told of one call?

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tool_core::{ErrorKind, Origin, ToolName};

use crate::{
    SpanId, TraceId,
    units::{error_kind, millis, origin, rfc3339},
};

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a call ends well or it fails")]
pub enum TraceStatus {
    /// With a result.
    Ok,
    /// With an error; a caller that went away counts as one.
    Error,
}

impl TraceStatus {
    /// Returns the status's name in snake case, as JSON and CSV have it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Error => "error",
        }
    }
}

/// What is told of one call that ended: who, what, when, how long, how well. Holds no secret and no result.
///
/// In JSON, ids are hexadecimal, times RFC 3339 and durations numbers of milliseconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ToolExecutionTrace {
    /// The trace: the same for a call and every call inside of it.
    pub trace_id: TraceId,
    /// This call.
    pub span_id: SpanId,
    /// The call that this one was made inside of, if any.
    pub parent_span_id: Option<SpanId>,
    /// The tool, as `namespace.operation`.
    pub tool: ToolName,
    /// The part of the tool's name after the namespace.
    pub operation: String,
    /// The tenant that called.
    pub tenant: String,
    /// Who called, within the tenant.
    pub principal: String,
    /// The request that the call belonged to, if it was named.
    pub request_id: Option<String>,
    /// When the call began.
    #[serde(with = "rfc3339")]
    pub started_at: SystemTime,
    /// How long it took.
    #[serde(rename = "duration_ms", with = "millis")]
    pub duration: Duration,
    /// How it ended.
    pub status: TraceStatus,
    /// The kind of error, if it failed.
    #[serde(deserialize_with = "error_kind")]
    pub error_kind: Option<ErrorKind>,
    /// Where the answer came from.
    #[serde(deserialize_with = "origin")]
    pub origin: Origin,
    /// Whether it came from the cache.
    pub cache_hit: bool,
    /// How old the answer was.
    #[serde(rename = "age_ms", with = "millis")]
    pub age: Duration,
    /// How often the tool was started for this call.
    pub attempts: u32,
    /// How often it was started again.
    pub retry_count: u32,
    /// The tool that failed before this one answered in its place.
    pub fallback_from: Option<ToolName>,
    /// The parameters, secrets replaced; missing if they were over the size bound or are not captured.
    pub params: Option<Value>,
    /// The size of the parameters as JSON text, in bytes, secrets included.
    pub params_bytes: u64,
    /// The size of the result as JSON text, in bytes; 0 for an error.
    pub result_bytes: u64,
    /// Whether the tool applied a declared limit.
    pub limited: bool,
}
