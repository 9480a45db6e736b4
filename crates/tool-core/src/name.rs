//! What is a tool called?

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The longest name, in bytes.
pub(crate) const MAX_NAME: usize = 128;

/// A tool's name, `namespace.operation` in lower case, as in `metric.aggregate`.
///
/// Validated once, then cheap to clone: one pointer, shared text.
///
/// Two older spellings parse to it: `CI/search` and `CI_SEARCH` (the first underscore of an upper-case name parts
/// namespace and operation).
///
/// # Examples
///
/// ```
/// use tool_core::ToolName;
///
/// let name: ToolName = "CI_GET_BY_CODE".parse()?;
/// assert_eq!(name.as_str(), "ci.get_by_code");
/// assert_eq!((name.namespace(), name.operation()), ("ci", "get_by_code"));
/// assert!("search".parse::<ToolName>().is_err());
/// # Ok::<(), tool_core::NameError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ToolName(Arc<str>);

impl ToolName {
    /// Returns the whole name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the part before the first dot.
    #[must_use]
    pub fn namespace(&self) -> &str {
        self.0.split_once('.').map_or("", |(namespace, _)| namespace)
    }

    /// Returns the part after the first dot.
    #[must_use]
    pub fn operation(&self) -> &str {
        self.0.split_once('.').map_or("", |(_, operation)| operation)
    }
}

impl fmt::Display for ToolName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for ToolName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for ToolName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let name = normalise(text.trim());
        match fault(&name) {
            None => Ok(Self(name.into())),
            Some(reason) => Err(NameError { name: text.chars().take(MAX_NAME).collect(), reason }),
        }
    }
}

/// Brings the older spellings to `namespace.operation`.
fn normalise(text: &str) -> String {
    let dotted = if text.contains('.') {
        text.to_owned()
    } else if text.contains('/') {
        text.replacen('/', ".", 1)
    } else if text.chars().any(|c| c.is_ascii_lowercase()) {
        text.to_owned()
    } else {
        text.replacen('_', ".", 1)
    };
    dotted.to_ascii_lowercase()
}

fn fault(name: &str) -> Option<&'static str> {
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    let parts = || name.split('.');
    if name.len() > MAX_NAME {
        Some("it is longer than 128 bytes")
    } else if parts().count() < 2 {
        Some("it has no dot between namespace and operation")
    } else if parts().any(str::is_empty) {
        Some("a part of it is empty")
    } else if parts().any(|part| !part.chars().all(legal)) {
        Some("only a-z, 0-9, `_`, `-` and dots may stand in it")
    } else {
        None
    }
}

impl Serialize for ToolName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ToolName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Says why a text is no tool name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is not a tool name (`namespace.operation`): {reason}")]
pub struct NameError {
    name: String,
    reason: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let name = text.parse::<ToolName>().ok();
        assert_eq!(name.as_ref().map(ToolName::as_str), expected);
    }

    #[test]
    fn older_spellings_parse() {
        check("ci.search", Some("ci.search"));
        check(" Metric.Aggregate ", Some("metric.aggregate"));
        check("CI/search", Some("ci.search"));
        check("CI_SEARCH", Some("ci.search"));
        check("HISTORY_EVENT_LOG", Some("history.event_log"));
        check("files.read.all", Some("files.read.all"));
    }

    #[test]
    fn malformed_names_are_refused() {
        for text in ["", "search", "search_it", ".x", "x.", "a..b", "a.b c", "ä.b", "a.\u{0}"] {
            check(text, None);
        }
        check(&format!("a.{}", "x".repeat(MAX_NAME)), None);
    }

    #[test]
    fn error_says_what_is_wrong() {
        let error = "search".parse::<ToolName>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`search` is not a tool name (`namespace.operation`): it has no dot between namespace and operation"
        );
    }
}
