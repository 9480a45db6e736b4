//! What is a result made of?

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};

use crate::{ErrorKind, ToolError};

/// The immutable JSON text of a result.
///
/// A clone shares the text (one atomic increment). The parsed form is made on first use and belongs to the holder that
/// asked for it, so that a cache which keeps a clone keeps bytes only.
///
/// # Examples
///
/// ```
/// use tool_core::Payload;
///
/// let payload = Payload::of(&serde_json::json!({"total": 2}))?;
/// assert_eq!(payload.as_str(), r#"{"total":2}"#);
/// assert_eq!(payload.value()["total"], 2);
/// # Ok::<(), tool_core::ToolError>(())
/// ```
pub struct Payload {
    text: Arc<str>,
    parsed: OnceLock<Box<Value>>,
}

impl Payload {
    /// Serialises a value.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidOutput`] if the value has no JSON form, such as a map with keys that are no text.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, ToolError> {
        let text = serde_json::to_string(value)
            .map_err(|error| ToolError::new(ErrorKind::InvalidOutput, "result has no JSON form").with_source(error))?;
        Ok(Self::trusted(text.into()))
    }

    /// Takes JSON text as it is, once it is shown to be JSON.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidOutput`], with line and column, if the text is not one JSON document.
    pub fn from_text(text: impl Into<Arc<str>>) -> Result<Self, ToolError> {
        let text = text.into();
        // `Value`, not `IgnoredAny`: what passes here must also parse later, whatever its numbers.
        match serde_json::from_str::<Value>(&text) {
            Ok(_) => Ok(Self::trusted(text)),
            Err(error) => Err(ToolError::new(
                ErrorKind::InvalidOutput,
                format!("result is not JSON at line {}, column {}", error.line(), error.column()),
            )
            .with_source(error)),
        }
    }

    fn trusted(text: Arc<str>) -> Self {
        Self { text, parsed: OnceLock::new() }
    }

    /// Returns the JSON text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the shared JSON text; no copy.
    #[must_use]
    pub fn to_text(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// Returns the size of the text, in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Returns whether the text is empty, which no payload's is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Returns the parsed form, made on first use.
    ///
    /// # Panics
    ///
    /// Never: only valid JSON becomes a payload.
    #[must_use]
    pub fn value(&self) -> &Value {
        self.parsed.get_or_init(|| Box::new(serde_json::from_str(&self.text).expect("a payload is valid JSON")))
    }

    /// Parses the text into a type of the caller's choice; nothing is kept.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidOutput`] if the text has another shape.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, ToolError> {
        serde_json::from_str(&self.text).map_err(|error| {
            ToolError::new(ErrorKind::InvalidOutput, "result has an unexpected shape").with_source(error)
        })
    }
}

impl Clone for Payload {
    fn clone(&self) -> Self {
        Self::trusted(Arc::clone(&self.text))
    }
}

impl PartialEq for Payload {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Payload {}

impl fmt::Debug for Payload {
    /// Shows the size alone: results may hold what no log should.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Payload({} bytes)", self.text.len())
    }
}

impl Serialize for Payload {
    /// Writes the text as it is, without parsing it again.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::from_str::<&RawValue>(&self.text).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

#[cfg(test)]
mod tests;
