//! Why was an answer not kept?

use std::fmt;

use serde::Serialize;

/// Why an answer was not kept. Each is counted; none is silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Rejection {
    /// The cache is switched off.
    Disabled,
    /// The tool writes, or calls tools that may.
    Effect,
    /// Its lifetime is zero.
    NoLifetime,
    /// A guard cut it.
    Cut,
    /// Another tool answered in this one's place.
    Fallback,
    /// An invalidation, a newer load or a newer answer came while it was computed.
    Outdated,
    /// It is larger than the largest entry.
    TooLarge,
}

impl Rejection {
    /// How many there are.
    pub(crate) const COUNT: usize = 7;
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Disabled => "the cache is switched off",
            Self::Effect => "the tool does more than read",
            Self::NoLifetime => "its lifetime is zero",
            Self::Cut => "it was cut",
            Self::Fallback => "another tool answered in its place",
            Self::Outdated => "it was outdated before it was complete",
            Self::TooLarge => "it is larger than the largest entry",
        })
    }
}

impl std::error::Error for Rejection {}
