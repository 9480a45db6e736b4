//! How does the program end?

use std::{error::Error, fmt, process::ExitCode};

use ops_tools::{EstateError, EstateErrorKind};
use runner::tool_core::{ErrorKind, ToolError, Violation};
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

    /// Says why an estate cannot be opened or written: a file that is not there or not ours is bad input.
    pub(crate) fn of_estate(name: &str, error: &EstateError) -> Self {
        let begun = format!("{name} ");
        let named = |message: String| if message.starts_with(&begun) { message } else { format!("{name}: {message}") };
        match error.kind() {
            EstateErrorKind::NotFound | EstateErrorKind::NotAnEstate | EstateErrorKind::NewerVersion => {
                Self::bad_input(named(error.to_string()))
            }
            EstateErrorKind::InvalidData => Self::bad_input(named(with_causes(error))),
            _ => Self::failed(named(with_causes(error))),
        }
    }

    /// Adds what may have been meant.
    pub(crate) fn with_suggestions(mut self, suggestions: Vec<String>) -> Self {
        self.suggestions = suggestions;
        self
    }

    /// Leaves out the lines of the message that begin so, but for the first.
    pub(crate) fn without_line(mut self, begin: &str) -> Self {
        let lines = self.message.lines().enumerate();
        let kept: Vec<&str> = lines
            .filter(|(at, line)| *at == 0 || !line.trim_start().starts_with(begin))
            .map(|(_, line)| line)
            .collect();
        self.message = kept.join("\n");
        self
    }

    /// Adds a line to the message.
    pub(crate) fn with_line(mut self, line: &str) -> Self {
        self.message = format!("{}\n  {line}", self.message);
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
        let message = match error.violations() {
            [] | [_] => with_causes(&error),
            all => with_violations(&error, all),
        };
        Self { exit, message, suggestions: error.suggestions().to_vec(), tool: Some(error) }
    }
}

/// Says an error with its causes; a cause that says nothing new is left out.
pub(crate) fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let said = cause.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        next = cause.source();
    }
    text
}

/// Says each of several violations on a line of its own.
fn with_violations(error: &ToolError, all: &[Violation]) -> String {
    let message = error.to_string();
    let first = all.first().map(ToString::to_string).unwrap_or_default();
    let head = message.find(&first).map_or("invalid parameters", |at| message[..at].trim_end_matches([' ', ':']));
    all.iter().fold(format!("{head}:"), |text, violation| format!("{text}\n  {violation}"))
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
