//! How does a call fail?

use std::{error::Error, fmt, sync::Arc, time::Duration};

use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::CallReport;

/// What kind of failure it is; callers branch on this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// The parameters do not fit the tool's input schema.
    InvalidParams,
    /// The tool ran, and what it was asked about does not exist.
    NotFound,
    /// No tool has this name.
    UnknownTool,
    /// The caller may not do this.
    Denied,
    /// The time was over.
    TimedOut,
    /// The caller went away, or asked to stop.
    Cancelled,
    /// There was no room to run it now.
    Overloaded,
    /// What the tool needs could not be reached.
    Unavailable,
    /// The tool returned something that is not what it promised.
    InvalidOutput,
    /// A parameter or a result is over a size limit.
    TooLarge,
    /// The tool panicked.
    Panicked,
    /// The answer was asked for from the cache alone, and was not there.
    NotCached,
    /// The tool reports a failure of its own.
    Failed,
}

impl ErrorKind {
    /// Returns the kind's name in snake case, as metrics and JSON have it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidParams => "invalid_params",
            Self::NotFound => "not_found",
            Self::UnknownTool => "unknown_tool",
            Self::Denied => "denied",
            Self::TimedOut => "timed_out",
            Self::Cancelled => "cancelled",
            Self::Overloaded => "overloaded",
            Self::Unavailable => "unavailable",
            Self::InvalidOutput => "invalid_output",
            Self::TooLarge => "too_large",
            Self::Panicked => "panicked",
            Self::NotCached => "not_cached",
            Self::Failed => "failed",
        }
    }

    /// Returns what is known of the execution where nobody says otherwise.
    fn execution(self) -> Execution {
        match self {
            Self::InvalidParams | Self::UnknownTool | Self::Denied | Self::Overloaded | Self::NotCached => {
                Execution::NotExecuted
            }
            Self::TimedOut | Self::Cancelled | Self::Unavailable | Self::Panicked => Execution::Unknown,
            Self::NotFound | Self::InvalidOutput | Self::TooLarge | Self::Failed => Execution::Executed,
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Did the tool run? Only `NotExecuted` may be repeated without thought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "ran, did not run, nobody knows: there is no fourth")]
pub enum Execution {
    /// It did not run; nothing happened.
    NotExecuted,
    /// It ran to its end.
    Executed,
    /// It was started, and nobody knows how far it came.
    Unknown,
}

/// One way in which parameters do not fit their schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Violation {
    /// Where, as a JSON Pointer (RFC 6901); empty for the whole.
    pub path: String,
    /// What was expected there.
    pub expected: String,
    /// What stood there: shortened, secrets replaced; missing where nothing did.
    pub got: Option<String>,
}

impl Violation {
    /// States one violation; `path` is a JSON Pointer.
    #[must_use]
    pub fn new(path: impl Into<String>, expected: impl Into<String>, got: Option<String>) -> Self {
        Self { path: path.into(), expected: expected.into(), got }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.path.trim_start_matches('/').replace('/', ".");
        if !place.is_empty() {
            write!(f, "`{place}`: ")?;
        }
        write!(f, "expected {}", self.expected)?;
        match &self.got {
            Some(got) => write!(f, ", got {got}"),
            None => Ok(()),
        }
    }
}

/// The one way in which a call fails: cloneable, so that a hundred waiters can share it.
///
/// The message is a lower-case fragment; the cause, where there is one, is [`source`](Error::source).
///
/// # Examples
///
/// ```
/// use tool_core::{ErrorKind, Execution, ToolError};
///
/// let error = ToolError::new(ErrorKind::NotFound, "no item has code `db-oders`").with_suggestions(["db-orders"]);
/// assert_eq!(error.kind(), ErrorKind::NotFound);
/// assert_eq!(error.execution(), Execution::Executed);
/// assert_eq!(error.suggestions(), ["db-orders"]);
/// ```
#[derive(Clone)]
pub struct ToolError(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    execution: Execution,
    message: String,
    retry_after: Option<Duration>,
    violations: Vec<Violation>,
    suggestions: Vec<String>,
    report: CallReport,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl ToolError {
    /// Makes an error; whether the tool ran follows from the kind until [`with_execution`](Self::with_execution) says.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Arc::new(Inner {
            kind,
            execution: kind.execution(),
            message: message.into(),
            retry_after: None,
            violations: Vec::new(),
            suggestions: Vec::new(),
            report: CallReport::executed(),
            source: None,
        }))
    }

    /// Makes an [`ErrorKind::InvalidParams`] that lists every violation at once.
    #[must_use]
    pub fn invalid_params(tool: &str, violations: Vec<Violation>) -> Self {
        let list = violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        let mut error = Self::new(ErrorKind::InvalidParams, format!("invalid parameters for {tool}: {list}"));
        error.inner().violations = violations;
        error
    }

    /// Says whether the tool ran.
    #[must_use]
    pub fn with_execution(mut self, execution: Execution) -> Self {
        self.inner().execution = execution;
        self
    }

    /// Says when it makes sense to ask again, counted from now.
    #[must_use]
    pub fn with_retry_after(mut self, after: Duration) -> Self {
        self.inner().retry_after = Some(after);
        self
    }

    /// Adds what the caller may have meant, nearest first.
    #[must_use]
    pub fn with_suggestions<S: Into<String>>(mut self, suggestions: impl IntoIterator<Item = S>) -> Self {
        self.inner().suggestions = suggestions.into_iter().map(Into::into).collect();
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Error + Send + Sync + 'static) -> Self {
        self.inner().source = Some(Arc::new(source));
        self
    }

    /// Replaces the facts about the call.
    #[must_use]
    pub fn with_report(mut self, report: CallReport) -> Self {
        self.inner().report = report;
        self
    }

    /// Returns the kind.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns whether the tool ran.
    #[must_use]
    pub fn execution(&self) -> Execution {
        self.0.execution
    }

    /// Returns when it makes sense to ask again, counted from when the error was made.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns what did not fit the input schema, all of it.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.0.violations
    }

    /// Returns what the caller may have meant, nearest first.
    #[must_use]
    pub fn suggestions(&self) -> &[String] {
        &self.0.suggestions
    }

    /// Returns the facts about the call.
    #[must_use]
    pub fn report(&self) -> &CallReport {
        &self.0.report
    }

    /// Returns the facts about the call, for a layer to complete; copies the error if others hold it.
    pub fn report_mut(&mut self) -> &mut CallReport {
        &mut self.inner().report
    }

    fn inner(&mut self) -> &mut Inner {
        Arc::make_mut(&mut self.0)
    }
}

impl fmt::Display for ToolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for ToolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, execution, message, .. } = &*self.0;
        f.debug_struct("ToolError")
            .field("kind", kind)
            .field("execution", execution)
            .field("message", message)
            .finish_non_exhaustive()
    }
}

impl Error for ToolError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

impl Serialize for ToolError {
    /// Writes `{kind, message, execution, retry_after_ms?, violations?, suggestions?}`; the cause stays inside.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Inner { kind, execution, message, retry_after, violations, suggestions, .. } = &*self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", kind)?;
        map.serialize_entry("message", message)?;
        map.serialize_entry("execution", execution)?;
        if let Some(after) = retry_after {
            map.serialize_entry("retry_after_ms", &after.as_millis())?;
        }
        if !violations.is_empty() {
            map.serialize_entry("violations", violations)?;
        }
        if !suggestions.is_empty() {
            map.serialize_entry("suggestions", suggestions)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests;
