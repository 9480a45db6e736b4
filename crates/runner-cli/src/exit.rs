//! How does the program end?

use std::{fmt, process::ExitCode};

use runner::tool_core::{ErrorKind, ToolError};
use serde_json::{Value, json};

/// How a command ended; scripts depend on the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done,
    /// Done, and the answer is empty.
    Empty,
    /// Bad input or usage.
    BadInput,
    /// Done in part; what is missing is named.
    Partial,
    /// A tool or the system failed.
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Empty => 1,
            Exit::BadInput => 2,
            Exit::Partial => 3,
            Exit::Failed => 4,
        })
    }
}

/// Why a command could not do what it was asked for.
#[derive(Debug)]
pub(crate) struct CliError {
    /// How the program ends.
    pub(crate) exit: Exit,
    message: String,
    suggestions: Vec<String>,
    tool: Option<ToolError>,
}

impl CliError {
    /// Says that the input is bad.
    pub(crate) fn bad_input(message: impl Into<String>) -> Self {
        Self { exit: Exit::BadInput, message: message.into(), suggestions: Vec::new(), tool: None }
    }

    /// Says that the system failed.
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, message: message.into(), suggestions: Vec::new(), tool: None }
    }

    /// Adds what may have been meant.
    pub(crate) fn with_suggestions(mut self, suggestions: Vec<String>) -> Self {
        self.suggestions = suggestions;
        self
    }

    /// Returns the error as one JSON document: `{"error": {kind, message, …}}`.
    pub(crate) fn to_json(&self) -> Value {
        match &self.tool {
            Some(error) => json!({"error": error}),
            None => json!({"error": {
                "kind": if self.exit == Exit::BadInput { "bad_input" } else { "failed" },
                "message": self.message,
                "suggestions": self.suggestions,
            }}),
        }
    }
}

impl From<ToolError> for CliError {
    fn from(error: ToolError) -> Self {
        let exit = match error.kind() {
            ErrorKind::InvalidParams | ErrorKind::NotFound | ErrorKind::UnknownTool | ErrorKind::Denied => {
                Exit::BadInput
            }
            _ => Exit::Failed,
        };
        let mut message = error.to_string();
        let mut cause = std::error::Error::source(&error);
        while let Some(inner) = cause {
            message = format!("{message}: {inner}");
            cause = inner.source();
        }
        Self { exit, message, suggestions: error.suggestions().to_vec(), tool: Some(error) }
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match self.suggestions.as_slice() {
            [] => Ok(()),
            [one] => write!(f, "\n  did you mean `{one}`?"),
            many => write!(f, "\n  nearest: {}", many.join(", ")),
        }
    }
}
