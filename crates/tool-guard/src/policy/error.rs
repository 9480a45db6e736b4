//! Which setting is out of its bounds?

use std::{fmt, time::Duration};

/// Says which setting is out of its bounds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` is {value}, but must be {bound}")]
pub struct GuardPolicyError {
    field: String,
    value: String,
    bound: String,
}

impl GuardPolicyError {
    pub(crate) fn new(field: &str, value: impl fmt::Debug, bound: impl Into<String>) -> Self {
        Self { field: field.to_owned(), value: format!("{value:?}"), bound: bound.into() }
    }

    /// Returns the name of the setting, as in `retry.max_attempts`, or `tools.ci.*.retry.max_attempts` of an override.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// Returns what it must be, as a fragment for people.
    #[must_use]
    pub fn bound(&self) -> &str {
        &self.bound
    }

    /// Says where the setting stands.
    pub(crate) fn within(mut self, place: &str) -> Self {
        self.field = format!("{place}.{}", self.field);
        self
    }
}

pub(crate) type Checked = Result<(), GuardPolicyError>;

/// Refuses a value unless it is within its bound.
pub(crate) fn require(holds: bool, field: &str, value: impl fmt::Debug, bound: impl Into<String>) -> Checked {
    if holds { Ok(()) } else { Err(GuardPolicyError::new(field, value, bound)) }
}

/// Refuses no time at all.
pub(crate) fn some_time(field: &str, time: Duration) -> Checked {
    require(!time.is_zero(), field, time, "more than zero")
}

/// Refuses none.
pub(crate) fn some(field: &str, count: u32) -> Checked {
    require(count > 0, field, count, "at least 1")
}

/// Refuses what is no share: nothing, more than all, not a number.
pub(crate) fn share(field: &str, share: f64) -> Checked {
    require(share > 0.0 && share <= 1.0, field, share, "more than 0 and at most 1")
}
