//! How is a duration written?

use std::{fmt, str::FromStr, time::Duration};

use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A duration as people write it: `90s`, `5m`, `1h 30m`.
///
/// # Examples
///
/// ```
/// use runner::HumanDuration;
///
/// assert_eq!("1h 30m".parse::<HumanDuration>()?.get().as_secs(), 5400);
/// assert_eq!(HumanDuration::from_secs(300).to_string(), "5m");
/// assert_eq!("-5s".parse::<HumanDuration>().unwrap_err(), "`-5s` is not a duration: expected one as `90s` or `5m`, not negative");
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HumanDuration(Duration);

impl HumanDuration {
    /// Makes one of any duration.
    #[must_use]
    pub const fn new(duration: Duration) -> Self {
        Self(duration)
    }

    /// Makes one of whole seconds.
    #[must_use]
    pub const fn from_secs(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }

    /// Returns the duration.
    #[must_use]
    pub const fn get(self) -> Duration {
        self.0
    }
}

impl From<Duration> for HumanDuration {
    fn from(duration: Duration) -> Self {
        Self(duration)
    }
}

impl FromStr for HumanDuration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.trim().parse::<SignedDuration>().ok().and_then(|signed| Duration::try_from(signed).ok());
        parsed
            .map(Self)
            .ok_or_else(|| format!("`{text}` is not a duration: expected one as `90s` or `5m`, not negative"))
    }
}

impl fmt::Display for HumanDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match SignedDuration::try_from(self.0) {
            Ok(signed) => write!(f, "{signed:#}"),
            Err(_) => write!(f, "{}s", self.0.as_secs()),
        }
    }
}

impl Serialize for HumanDuration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for HumanDuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
