//! How are times, durations and kinds written in JSON, and read back?

use serde::{Deserialize, Deserializer, de::Error};
use tool_core::{ErrorKind, Origin};

use crate::kinds::{parse_kind, parse_origin};

/// A duration, as a number of milliseconds.
pub(crate) mod millis {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn of(time: Duration) -> f64 {
        time.as_secs_f64() * 1000.0
    }

    pub(crate) fn serialize<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(of(*time))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        let millis = f64::deserialize(deserializer)?;
        Duration::try_from_secs_f64(millis / 1000.0)
            .map_err(|_| serde::de::Error::custom(format_args!("`{millis}` is no duration in milliseconds")))
    }
}

/// A wall time, as RFC 3339.
pub(crate) mod rfc3339 {
    use std::time::SystemTime;

    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Clamps what RFC 3339 cannot say, as a clock that is far off would yield.
    pub(crate) fn of(time: SystemTime) -> Timestamp {
        let clamped = if time < SystemTime::UNIX_EPOCH { Timestamp::MIN } else { Timestamp::MAX };
        Timestamp::try_from(time).unwrap_or(clamped)
    }

    pub(crate) fn serialize<S: Serializer>(time: &SystemTime, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&of(*time))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SystemTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse::<Timestamp>().map(SystemTime::from).map_err(D::Error::custom)
    }
}

/// Reads an origin by its name.
pub(crate) fn origin<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Origin, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_origin(&text).ok_or_else(|| D::Error::custom(format_args!("`{text}` is no origin")))
}

/// Reads a kind of error by its name, where there is one.
pub(crate) fn error_kind<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ErrorKind>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let parse =
        |text: String| parse_kind(&text).ok_or_else(|| D::Error::custom(format_args!("`{text}` is no kind of error")));
    text.map(parse).transpose()
}
