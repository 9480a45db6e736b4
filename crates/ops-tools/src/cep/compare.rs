//! How do two values compare, by their types?

use std::cmp::Ordering;

use serde_json::Value;

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    /// `>`
    Greater,
    /// `<`
    Less,
    /// `>=`
    AtLeast,
    /// `<=`
    AtMost,
    /// `==`
    Equal,
    /// `!=`
    Unequal,
}

impl Op {
    pub(super) const NAMES: [(&'static str, Self); 6] = [
        (">", Self::Greater),
        ("<", Self::Less),
        (">=", Self::AtLeast),
        ("<=", Self::AtMost),
        ("==", Self::Equal),
        ("!=", Self::Unequal),
    ];

    pub(super) fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, op)| *op == self).map_or("", |(name, _)| name)
    }

    /// Returns whether it asks for an order, which only numbers have.
    pub(super) fn orders(self) -> bool {
        !matches!(self, Self::Equal | Self::Unequal)
    }

    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Greater => order == Ordering::Greater,
            Self::Less => order == Ordering::Less,
            Self::AtLeast => order != Ordering::Less,
            Self::AtMost => order != Ordering::Greater,
            Self::Equal => order == Ordering::Equal,
            Self::Unequal => order != Ordering::Equal,
        }
    }
}

/// A number as JSON writes it: whole numbers compare exactly.
#[derive(Debug, Clone, Copy)]
pub(super) enum Number {
    Whole(i128),
    Real(f64),
}

impl Number {
    /// Reads a number, or a text that is written as one.
    pub(super) fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => Self::parse(&number.to_string()),
            Value::String(text) => Self::parse(text.trim()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        if let Ok(whole) = text.parse::<i64>() {
            return Some(Self::Whole(whole.into()));
        }
        if let Ok(whole) = text.parse::<u64>() {
            return Some(Self::Whole(whole.into()));
        }
        text.parse::<f64>().ok().filter(|real| real.is_finite()).map(Self::Real)
    }

    pub(super) fn real(self) -> f64 {
        match self {
            // Beyond 2^53 the nearest f64 is meant; exactness only matters between two whole numbers.
            Self::Whole(whole) => whole.to_string().parse().unwrap_or(f64::NAN),
            Self::Real(real) => real,
        }
    }

    fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Whole(left), Self::Whole(right)) => Some(left.cmp(&right)),
            (left, right) => left.real().partial_cmp(&right.real()),
        }
    }
}

/// Compares two values; the reason if their types do not compare so.
///
/// Two texts compare as text, two booleans as booleans, both by `==` and `!=` only. If either is a number, the other must
/// be one too, or a text written as one.
pub(super) fn compare(left: &Value, op: Op, right: &Value) -> Result<bool, String> {
    let order = match (left, right) {
        (Value::String(left), Value::String(right)) if !op.orders() => Some(left.cmp(right)),
        (Value::Bool(left), Value::Bool(right)) if !op.orders() => Some(left.cmp(right)),
        _ => Number::read(left).zip(Number::read(right)).and_then(|(left, right)| left.compare(right)),
    };
    order.map(|order| op.holds(order)).ok_or_else(|| mismatch(left, op, right))
}

fn mismatch(left: &Value, op: Op, right: &Value) -> String {
    format!("{} {} {} does not compare", type_name(left), op.name(), type_name(right))
}

/// Returns a value's type, as messages call it.
pub(super) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests;
