//! Which span is this call part of?

use std::{fmt, str::FromStr};

/// A W3C `traceparent`: the trace, the span that is the parent, and the flags.
///
/// Source: W3C Trace Context, section 3.2.
///
/// # Examples
///
/// ```
/// use tool_core::TraceParent;
///
/// let text = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
/// let parent: TraceParent = text.parse()?;
/// assert!(parent.is_sampled());
/// assert_eq!(parent.to_string(), text);
/// # Ok::<(), tool_core::TraceParentError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraceParent {
    trace_id: u128,
    span_id: u64,
    flags: u8,
}

impl TraceParent {
    /// Names a trace and the span that is the parent; `None` if either is zero, which the standard forbids.
    #[must_use]
    pub fn new(trace_id: u128, span_id: u64, flags: u8) -> Option<Self> {
        (trace_id != 0 && span_id != 0).then_some(Self { trace_id, span_id, flags })
    }

    /// Returns the trace.
    #[must_use]
    pub fn trace_id(self) -> u128 {
        self.trace_id
    }

    /// Returns the parent span.
    #[must_use]
    pub fn span_id(self) -> u64 {
        self.span_id
    }

    /// Returns whether the caller may have recorded the trace.
    #[must_use]
    pub fn is_sampled(self) -> bool {
        self.flags & 1 == 1
    }

    /// Returns the same trace with another parent span; `None` if it is zero.
    #[must_use]
    pub fn child(self, span_id: u64) -> Option<Self> {
        Self::new(self.trace_id, span_id, self.flags)
    }
}

impl fmt::Display for TraceParent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.trace_id, self.span_id, self.flags)
    }
}

impl FromStr for TraceParent {
    type Err = TraceParentError;

    /// Parses version 00, and the known part of later versions, as the standard asks.
    fn from_str(text: &str) -> Result<Self, TraceParentError> {
        let parts: Vec<&str> = text.split('-').collect();
        let [version, trace, span, flags, rest @ ..] = parts.as_slice() else {
            return Err(TraceParentError);
        };
        if *version == "ff" || (*version == "00" && !rest.is_empty()) {
            return Err(TraceParentError);
        }
        let (_, trace, span, flags) = (hex(version, 2)?, hex(trace, 32)?, hex(span, 16)?, hex(flags, 2)?);
        let (Ok(span), Ok(flags)) = (u64::try_from(span), u8::try_from(flags)) else {
            return Err(TraceParentError);
        };
        Self::new(trace, span, flags).ok_or(TraceParentError)
    }
}

fn hex(text: &str, length: usize) -> Result<u128, TraceParentError> {
    let legal = text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if !legal {
        return Err(TraceParentError);
    }
    u128::from_str_radix(text, 16).map_err(|_| TraceParentError)
}

/// Says that a text is no W3C `traceparent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a W3C traceparent (`00-<32 hex>-<16 hex>-<2 hex>`, neither id zero)")]
#[non_exhaustive]
pub struct TraceParentError;

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let parsed = text.parse::<TraceParent>().ok().map(|parent| parent.to_string());
        assert_eq!(parsed.as_deref(), expected);
    }

    #[test]
    fn standard_examples_parse() {
        let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        check(text, Some(text));
        check(
            "cc-12345678901234567890123456789012-1234567890123456-01-what",
            Some("00-12345678901234567890123456789012-1234567890123456-01"),
        );
    }

    #[test]
    fn illegal_headers_are_refused() {
        for text in [
            "",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-001",
        ] {
            check(text, None);
        }
    }
}
