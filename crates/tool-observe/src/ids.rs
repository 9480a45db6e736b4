//! What is a trace, and what is a call in it, called?

use std::{
    fmt,
    hash::{BuildHasher, RandomState},
    str::FromStr,
    sync::atomic::{AtomicU64, Ordering},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use tool_core::TraceParent;

macro_rules! hex_id {
    ($(#[$doc:meta])* $name:ident, $number:ty, $digits:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub(crate) $number);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!("{:0", $digits, "x}"), self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let legal = text.len() == $digits && text.bytes().all(|b| b.is_ascii_hexdigit());
                legal.then(|| <$number>::from_str_radix(text, 16).ok()).flatten().map(Self).ok_or(IdError)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }
    };
}

hex_id! {
    /// The name of a trace, shared by a call and all calls inside of it: 32 hexadecimal digits (W3C `trace-id`).
    TraceId, u128, 32
}

hex_id! {
    /// The name of one call: 16 hexadecimal digits (W3C `parent-id`).
    SpanId, u64, 16
}

/// A reference to what was recorded: a whole trace, or one call and the calls inside of it.
///
/// # Examples
///
/// ```
/// use tool_observe::TraceRef;
///
/// assert!(matches!("00f067aa0ba902b7".parse()?, TraceRef::Span(_)));
/// assert!(matches!("4bf92f3577b34da6a3ce929d0e0e4736".parse()?, TraceRef::Trace(_)));
/// assert!("nonsense".parse::<TraceRef>().is_err());
/// # Ok::<(), tool_observe::IdError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "traces and calls are all that has an id")]
pub enum TraceRef {
    /// A whole trace.
    Trace(TraceId),
    /// One call.
    Span(SpanId),
}

impl FromStr for TraceRef {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        text.parse().map(Self::Span).or_else(|_| text.parse().map(Self::Trace))
    }
}

/// Says that a text names no trace and no call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id (a trace has 32 hexadecimal digits, a call has 16)")]
#[non_exhaustive]
pub struct IdError;

/// Makes ids that are unique in this process whatever the rate, and unique among processes but for a chance of 2⁻⁶⁴.
///
/// A counter that starts at random, through a one-to-one mix: no clock, no collision, no visible order.
#[derive(Debug)]
pub(crate) struct IdSource {
    high: u64,
    next: AtomicU64,
}

impl IdSource {
    pub(crate) fn new() -> Self {
        // The standard library seeds each `RandomState` from the operating system's randomness.
        let random = RandomState::new();
        Self { high: random.hash_one("trace") | 1, next: AtomicU64::new(random.hash_one("span")) }
    }

    /// Returns the span of a new call: a child of its parent, or the root of a new trace that says it is recorded.
    ///
    /// No span id is returned twice.
    pub(crate) fn span_in(&self, parent: Option<TraceParent>) -> TraceParent {
        loop {
            let span = mix(self.next.fetch_add(1, Ordering::Relaxed));
            let made = match parent {
                Some(parent) => parent.child(span),
                None => TraceParent::new(u128::from(self.high) << 64 | u128::from(mix(span)), span, SAMPLED),
            };
            // The standard forbids the id zero, which comes once in 2⁶⁴.
            if let Some(made) = made {
                return made;
            }
        }
    }
}

/// The flag that says that the caller may have recorded the trace (W3C Trace Context, section 3.2.2.5).
const SAMPLED: u8 = 1;

/// Maps 64 bits to 64 bits, one to one.
///
/// Source: SplitMix64, Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_never_repeat() {
        let ids = IdSource::new();
        let made: Vec<TraceParent> = (0..100_000).map(|_| ids.span_in(None)).collect();
        let spans: HashSet<u64> = made.iter().map(|made| made.span_id()).collect();
        let traces: HashSet<u128> = made.iter().map(|made| made.trace_id()).collect();
        assert_eq!((spans.len(), traces.len()), (100_000, 100_000));
    }

    #[test]
    fn zero_is_skipped() {
        // `mix` maps zero to zero, so that this counter would yield the id zero next.
        let ids = IdSource { high: 1, next: AtomicU64::new(0) };
        assert_ne!(ids.span_in(None).span_id(), 0);
    }

    #[test]
    fn child_stays_in_its_trace() {
        let ids = IdSource::new();
        let root = ids.span_in(None);
        let child = ids.span_in(Some(root));
        assert_eq!((child.trace_id(), root.is_sampled(), child.is_sampled()), (root.trace_id(), true, true));
        assert_ne!(child.span_id(), root.span_id());
    }

    #[test]
    fn processes_differ() {
        assert_ne!(IdSource::new().span_in(None).trace_id(), IdSource::new().span_in(None).trace_id());
    }

    #[test]
    fn text_reads_back() {
        let id = SpanId(IdSource::new().span_in(None).span_id());
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("0".parse::<SpanId>(), Err(IdError));
        assert_eq!("+123456789abcdef".parse::<SpanId>(), Err(IdError));
    }
}
