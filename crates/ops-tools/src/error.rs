//! How does a failure of the estate look to whoever called a tool?

use tool_core::{ErrorKind, Execution, ToolError};

use crate::estate::{EstateError, EstateErrorKind};

impl From<EstateError> for ToolError {
    fn from(error: EstateError) -> Self {
        let kind = match error.kind() {
            EstateErrorKind::NotFound => ErrorKind::NotFound,
            EstateErrorKind::Ambiguous | EstateErrorKind::InvalidQuery => ErrorKind::InvalidParams,
            EstateErrorKind::TooLarge => ErrorKind::TooLarge,
            EstateErrorKind::Locked => ErrorKind::Unavailable,
            EstateErrorKind::Interrupted => ErrorKind::Cancelled,
            EstateErrorKind::NotAnEstate
            | EstateErrorKind::NewerVersion
            | EstateErrorKind::Corrupt
            | EstateErrorKind::DiskFull
            | EstateErrorKind::InvalidData
            | EstateErrorKind::Io => ErrorKind::Failed,
        };
        let suggestions: Vec<String> = error.candidates().iter().map(|c| c.ci_code.clone()).collect();
        Self::new(kind, error.to_string())
            .with_execution(Execution::Executed)
            .with_suggestions(suggestions)
            .with_source(error)
    }
}
