//! Why was nothing loaded?

use std::{error::Error, fmt};

/// Why there is no value: the loader failed, or the load did not come to its end.
///
/// All who waited for one load get the same.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoadError<E> {
    /// The loader said so.
    Failed(E),
    /// The loader panicked.
    Panicked,
    /// The load was stopped, as by the end of its runtime.
    Stopped,
    /// The load took longer than the policy, or the caller, allows.
    TimedOut,
    /// The loader asked for the key that it was to load, by whatever way.
    Recursion,
}

impl<E: fmt::Display> fmt::Display for LoadError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => error.fmt(f),
            Self::Panicked => f.write_str("the load panicked"),
            Self::Stopped => f.write_str("the load was stopped"),
            Self::TimedOut => f.write_str("the load took too long"),
            Self::Recursion => f.write_str("the load asks for what it is to load: it would wait for itself"),
        }
    }
}

impl<E: Error> Error for LoadError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Failed(error) => error.source(),
            _ => None,
        }
    }
}
