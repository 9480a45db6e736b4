//! What comes back from a call?

use std::{borrow::Cow, sync::Arc, time::Duration};

use serde::{Serialize, Serializer};

use crate::{Payload, ToolError, ToolName};

/// The outcome of a call: a result, or the one kind of error, each with the facts about the call.
pub type ToolResult = Result<ToolOutput, ToolError>;

/// A result and the facts about how it came.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ToolOutput {
    /// The result.
    pub payload: Payload,
    /// The facts about this call.
    pub report: CallReport,
}

impl ToolOutput {
    /// Wraps a result that was just computed.
    #[must_use]
    pub fn new(payload: Payload) -> Self {
        Self { payload, report: CallReport::executed() }
    }

    /// Serialises a value that was just computed.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidOutput`](crate::ErrorKind::InvalidOutput) if the value has no JSON form.
    pub fn json<T: Serialize + ?Sized>(value: &T) -> ToolResult {
        Ok(Self::new(Payload::of(value)?))
    }

    /// Adds a declared limit that the tool applied.
    #[must_use]
    pub fn limited(mut self, limit: Limit) -> Self {
        self.report = self.report.with_limit(limit);
        self
    }

    /// Says how long the result stays good; a cache never keeps it longer, but may keep it shorter.
    #[must_use]
    pub fn fresh_for(mut self, time: Duration) -> Self {
        self.report.fresh_for = Some(time);
        self
    }

    /// Adds a warning for the caller.
    #[must_use]
    pub fn warning(mut self, text: impl Into<Arc<str>>) -> Self {
        self.report = self.report.with_warning(text);
        self
    }

    /// Replaces the facts about the call.
    #[must_use]
    pub fn with_report(mut self, report: CallReport) -> Self {
        self.report = report;
        self
    }
}

/// Where an answer comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Origin {
    /// The tool ran for this call.
    Executed,
    /// The cache had it.
    Hit,
    /// The cache had it, past its time, and policy allows that.
    Stale,
    /// The tool ran once for several callers, this one among them.
    Shared,
}

impl Origin {
    /// Returns the origin's name in snake case, as metrics and JSON have it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Executed => "executed",
            Self::Hit => "hit",
            Self::Stale => "stale",
            Self::Shared => "shared",
        }
    }

    /// Returns whether the answer came from the cache.
    #[must_use]
    pub fn is_cached(self) -> bool {
        matches!(self, Self::Hit | Self::Stale)
    }
}

/// A declared limit that a tool applied: an honest answer to a smaller question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Limit {
    /// The limit's name, as in `limit` or `max_nodes`.
    pub name: Cow<'static, str>,
    /// What was asked for or there; missing where that has no bound.
    pub asked: Option<u64>,
    /// What was used.
    pub used: u64,
}

impl Limit {
    /// States a limit: its name, what was asked for and what was used.
    #[must_use]
    pub fn new(name: impl Into<Cow<'static, str>>, asked: Option<u64>, used: u64) -> Self {
        Self { name: name.into(), asked, used }
    }
}

/// The facts about one call; they travel on its outcome, never on a global bus.
///
/// Cloning allocates nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CallReport {
    /// Where the answer comes from.
    pub origin: Origin,
    /// How old the answer is; zero if it was just computed.
    #[serde(rename = "age_ms", serialize_with = "as_millis")]
    pub age: Duration,
    /// How long the answer stays good from now, where the tool or a cache says.
    #[serde(rename = "fresh_for_ms", skip_serializing_if = "Option::is_none", serialize_with = "as_optional_millis")]
    pub fresh_for: Option<Duration>,
    /// How often the tool was started for this call; zero for a hit.
    pub attempts: u32,
    /// The tool that failed before this one answered in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback_from: Option<ToolName>,
    /// Whether a guard cut the result; what was cut is never cached.
    #[serde(skip_serializing_if = "Extent::is_whole")]
    pub extent: Extent,
    #[serde(skip_serializing_if = "Option::is_none")]
    limits: Option<Arc<[Limit]>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warnings: Option<Arc<[Arc<str>]>>,
}

/// Whether a result is all that the tool returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a result is whole or it is cut")]
pub enum Extent {
    /// All that the tool returned.
    #[default]
    Whole,
    /// A guard cut it; never cached.
    Cut,
}

impl Extent {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
    fn is_whole(&self) -> bool {
        matches!(self, Self::Whole)
    }
}

impl CallReport {
    /// Returns the report of a call that ran once, now.
    #[must_use]
    pub fn executed() -> Self {
        Self {
            origin: Origin::Executed,
            age: Duration::ZERO,
            fresh_for: None,
            attempts: 1,
            fallback_from: None,
            extent: Extent::Whole,
            limits: None,
            warnings: None,
        }
    }

    /// Returns the same facts for an answer that comes from the cache after `age`.
    #[must_use]
    pub fn served(&self, origin: Origin, age: Duration) -> Self {
        Self { origin, age, attempts: 0, ..self.clone() }
    }

    /// Adds a declared limit that the tool applied.
    #[must_use]
    pub fn with_limit(mut self, limit: Limit) -> Self {
        self.limits = Some(self.limits().iter().cloned().chain([limit]).collect());
        self
    }

    /// Adds a warning for the caller.
    #[must_use]
    pub fn with_warning(mut self, text: impl Into<Arc<str>>) -> Self {
        self.warnings = Some(self.warnings().iter().cloned().chain([text.into()]).collect());
        self
    }

    /// Returns the declared limits that the tool applied.
    #[must_use]
    pub fn limits(&self) -> &[Limit] {
        self.limits.as_deref().unwrap_or_default()
    }

    /// Returns the warnings for the caller.
    #[must_use]
    pub fn warnings(&self) -> &[Arc<str>] {
        self.warnings.as_deref().unwrap_or_default()
    }
}

fn as_millis<S: Serializer>(age: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(age.as_millis()).unwrap_or(u64::MAX))
}

#[expect(clippy::ref_option, reason = "the signature serde asks for")]
fn as_optional_millis<S: Serializer>(time: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => as_millis(time, serializer),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn served_answer_keeps_its_limits() {
        let fresh = CallReport::executed().with_limit(Limit::new("limit", Some(100), 50)).with_warning("clamped");
        let served = fresh.served(Origin::Hit, Duration::from_secs(3));
        assert_eq!(served.limits(), fresh.limits());
        assert_eq!(
            serde_json::to_value(&served).unwrap(),
            json!({
                "origin": "hit", "age_ms": 3000, "attempts": 0,
                "limits": [{"name": "limit", "asked": 100, "used": 50}], "warnings": ["clamped"],
            })
        );
    }

    #[test]
    fn only_cache_answers_are_cached() {
        assert!(Origin::Hit.is_cached() && Origin::Stale.is_cached());
        assert!(!Origin::Executed.is_cached() && !Origin::Shared.is_cached());
    }
}
