//! What follows from conditions of which some cannot be decided?

use serde::Serialize;

/// A truth value of Kleene's strong logic of three values.
///
/// Source: S. C. Kleene, "Introduction to Metamathematics" (1952), section 64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// It cannot be decided from what is given.
    Unknown,
}

impl Truth {
    /// Returns the conjunction: false if any is false, else unknown if any is unknown. Of nothing: true.
    pub(super) fn all(of: impl IntoIterator<Item = Self>) -> Self {
        of.into_iter().fold(Self::True, |so_far, next| match (so_far, next) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::True, Self::True) => Self::True,
        })
    }

    /// Returns the disjunction: true if any is true, else unknown if any is unknown. Of nothing: false.
    pub(super) fn any(of: impl IntoIterator<Item = Self>) -> Self {
        Self::all(of.into_iter().map(Self::not)).not()
    }

    /// Returns the negation; the negation of unknown is unknown.
    pub(super) fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

#[cfg(test)]
mod tests;
