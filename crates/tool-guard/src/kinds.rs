//! Which kinds of error does a rule speak of?

use std::fmt;

use tool_core::ErrorKind;

/// A set of kinds of error.
///
/// # Examples
///
/// ```
/// use tool_core::ErrorKind;
/// use tool_guard::ErrorKinds;
///
/// let kinds = ErrorKinds::of([ErrorKind::Unavailable, ErrorKind::TimedOut]);
/// assert!(kinds.contains(ErrorKind::TimedOut) && !kinds.contains(ErrorKind::Denied));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct ErrorKinds(u32);

impl ErrorKinds {
    /// Collects kinds.
    #[must_use]
    pub fn of(kinds: impl IntoIterator<Item = ErrorKind>) -> Self {
        Self(kinds.into_iter().fold(0, |bits, kind| bits | bit(kind)))
    }

    /// Returns whether a kind is in the set.
    #[must_use]
    pub fn contains(self, kind: ErrorKind) -> bool {
        self.0 & bit(kind) != 0
    }

    /// Returns whether no kind is in the set.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

fn bit(kind: ErrorKind) -> u32 {
    1 << (kind as u32)
}

impl fmt::Debug for ErrorKinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ErrorKinds({:#b})", self.0)
    }
}
