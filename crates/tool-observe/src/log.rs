//! Which outcomes are worth a line in the log?

use std::time::Duration;

use tool_core::{ErrorKind, ToolName};

use crate::{facts::Facts, record::Subject, units::millis};

/// One call that ended, for the log: names, kinds and times; never a parameter, a result or a message, which may hold
/// secrets. What a caller may have chosen freely is written quoted, so that it cannot forge a line.
pub(crate) struct Ended<'a> {
    pub(crate) tool: &'a ToolName,
    pub(crate) subject: &'a Subject,
    pub(crate) facts: &'a Facts,
    pub(crate) duration: Duration,
}

/// Writes an event of a call with the fields that all have.
macro_rules! event {
    ($level:ident, $ended:ident, $message:literal $(, $field:ident = $value:expr)*) => {
        tracing::$level!(
            tool = %$ended.tool,
            tenant = ?$ended.subject.tenant,
            principal = ?$ended.subject.principal,
            request_id = $ended.subject.request_id.as_ref().map(tracing::field::debug),
            trace_id = %$ended.subject.trace_id,
            span_id = %$ended.subject.span_id,
            elapsed_ms = millis::of($ended.duration),
            $($field = $value,)*
            $message
        )
    };
}

impl Ended<'_> {
    /// Says what is worth saying; for a plain answer with debugging off, a few branches.
    pub(crate) fn log(&self) {
        let facts = self.facts;
        if let Some(kind) = facts.error {
            self.failed(kind);
        }
        if facts.fallback_from.is_some() || facts.warnings > 0 {
            self.degraded();
        }
        if tracing::enabled!(tracing::Level::DEBUG) {
            self.debug();
        }
    }

    #[cold]
    fn failed(&self, kind: ErrorKind) {
        let attempts = self.facts.attempts;
        if is_callers_fault(kind) {
            event!(info, self, "tool call refused", error_kind = kind.as_str(), attempts = attempts);
        } else {
            event!(warn, self, "tool call failed", error_kind = kind.as_str(), attempts = attempts);
        }
    }

    #[cold]
    fn degraded(&self) {
        if let Some(from) = &self.facts.fallback_from {
            event!(info, self, "answered in place of another tool", fallback_from = tracing::field::display(from));
        }
        if self.facts.warnings > 0 {
            event!(info, self, "answered with warnings", warnings = self.facts.warnings);
        }
    }

    #[cold]
    fn debug(&self) {
        let outcome = self.facts.error.map_or("ok", ErrorKind::as_str);
        event!(
            debug,
            self,
            "tool call ended",
            outcome = outcome,
            origin = self.facts.origin.as_str(),
            result_bytes = self.facts.result_bytes
        );
    }
}

/// Returns whether it is the caller, not the tool or the system, that should act.
fn is_callers_fault(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::InvalidParams
            | ErrorKind::NotFound
            | ErrorKind::UnknownTool
            | ErrorKind::Denied
            | ErrorKind::Cancelled
            | ErrorKind::NotCached
    )
}
