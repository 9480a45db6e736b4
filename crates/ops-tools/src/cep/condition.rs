//! What is a condition made of?

use serde_json::Value;

use super::compare::Op;

/// The longest window or duration: a year, in seconds.
pub(super) const MAX_SECONDS: i64 = 366 * 86_400;

/// A condition over a payload.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Condition {
    /// Every one holds.
    All(Vec<Self>),
    /// At least one holds.
    Any(Vec<Self>),
    /// It does not hold.
    Not(Box<Self>),
    /// A field, compared.
    Test(Test),
    /// No sample of the field in the last so many seconds.
    Absent {
        /// The dotted path of the samples.
        field: String,
        /// How far back, in seconds.
        window: i64,
    },
}

/// One comparison.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Test {
    /// The dotted path of what is compared.
    pub(super) field: String,
    /// What of it is compared.
    pub(super) measure: Measure,
    /// How.
    pub(super) op: Op,
    /// With what.
    pub(super) operand: Operand,
}

/// What of a field is compared.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Measure {
    /// The newest value.
    Newest,
    /// Every value of the last so many seconds.
    Held(i64),
    /// One number over the samples of a window.
    Window {
        /// Which number.
        aggregate: Aggregate,
        /// How far back, in seconds.
        window: i64,
        /// Only samples for which this holds.
        filter: Option<Box<Condition>>,
    },
}

/// A number over samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aggregate {
    /// How many.
    Count,
    /// Their mean.
    Avg,
    /// The least.
    Min,
    /// The greatest.
    Max,
    /// Their sum.
    Sum,
    /// Growth per second of a counter; a fall is a restart from 0.
    Rate,
}

impl Aggregate {
    pub(super) const NAMES: [(&'static str, Self); 6] = [
        ("count", Self::Count),
        ("avg", Self::Avg),
        ("min", Self::Min),
        ("max", Self::Max),
        ("sum", Self::Sum),
        ("rate", Self::Rate),
    ];

    pub(super) fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, aggregate)| *aggregate == self).map_or("", |(name, _)| name)
    }
}

/// What a field is compared with.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operand {
    /// A number, text or boolean.
    Literal(Value),
    /// A runtime parameter, by name.
    Parameter(&'static str),
}
