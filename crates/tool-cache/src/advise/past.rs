//! What is known of a call that was made?

use std::time::{Duration, SystemTime};

use serde_json::Value;
use tool_core::{Effect, Scope, ToolSpec};

use crate::encode::{Skip, encode};

/// The name of a question, as far as the parameters that were recorded tell it.
pub(crate) type Question = [u8; 32];

/// How a past call was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ending {
    /// The tool ran for it.
    Executed,
    /// The cache had the answer.
    Cached,
    /// The tool ran once for several callers, this one among them.
    Shared,
    /// It failed.
    Failed,
}

impl Ending {
    /// Returns whether the call was answered without a run of its own.
    pub(crate) fn is_hit(self) -> bool {
        matches!(self, Self::Cached | Self::Shared)
    }
}

/// Why a past call tells nothing about the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Unusable {
    /// Answers of its tool are never kept.
    Effect,
    /// Its parameters were not recorded.
    NoParams,
    /// Its parameters hold a secret that was replaced: questions that differ in it alone look alike.
    Secret,
}

/// One call that was made, as a trace tells it.
#[derive(Debug, Clone, Copy)]
pub struct PastCall<'a> {
    pub(crate) spec: &'a ToolSpec,
    tenant: &'a str,
    principal: &'a str,
    params: Option<&'a Value>,
    pub(crate) at: SystemTime,
    pub(crate) took: Duration,
    pub(crate) ending: Ending,
    pub(crate) bytes: u64,
}

impl<'a> PastCall<'a> {
    /// Says which tool was asked, by whom, and what, if that was recorded: at the epoch, for nothing, of the tool.
    #[must_use]
    pub fn new(spec: &'a ToolSpec, tenant: &'a str, principal: &'a str, params: Option<&'a Value>) -> Self {
        let (at, took) = (SystemTime::UNIX_EPOCH, Duration::ZERO);
        Self { spec, tenant, principal, params, at, took, ending: Ending::Executed, bytes: 0 }
    }

    /// Sets when it began and how long it took.
    #[must_use]
    pub fn timed(mut self, at: SystemTime, took: Duration) -> Self {
        (self.at, self.took) = (at, took);
        self
    }

    /// Sets how it was answered, and the size of the answer in bytes.
    #[must_use]
    pub fn ended(mut self, ending: Ending, bytes: u64) -> Self {
        (self.ending, self.bytes) = (ending, bytes);
        self
    }

    /// Returns the name of the question: the same for calls that may be given the same answer.
    pub(crate) fn question(&self, skip: &Skip) -> Result<Question, Unusable> {
        if !matches!(self.spec.effect(), Effect::Pure | Effect::Reads) {
            return Err(Unusable::Effect);
        }
        let params = self.params.and_then(Value::as_object).ok_or(Unusable::NoParams)?;
        if marks_write_only(self.spec.input_schema()) || params.values().any(is_redacted) {
            return Err(Unusable::Secret);
        }
        let (tenant, principal) = match self.spec.scope() {
            Scope::Principal => (self.tenant, self.principal),
            Scope::Tenant => (self.tenant, ""),
            Scope::Shared => ("", ""),
        };
        let mut bytes = Vec::new();
        for part in [self.spec.name().as_str(), tenant, principal] {
            bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        encode(params, skip, &mut bytes);
        Ok(*blake3::hash(&bytes).as_bytes())
    }
}

fn marks_write_only(schema: &Value) -> bool {
    match schema {
        Value::Object(map) => map.get("writeOnly") == Some(&Value::Bool(true)) || map.values().any(marks_write_only),
        Value::Array(items) => items.iter().any(marks_write_only),
        _ => false,
    }
}

/// Returns whether a value holds what a redactor puts in the place of a secret.
fn is_redacted(value: &Value) -> bool {
    match value {
        Value::String(text) => text.starts_with("[REDACTED"),
        Value::Array(items) => items.iter().any(is_redacted),
        Value::Object(map) => map.values().any(is_redacted),
        _ => false,
    }
}
