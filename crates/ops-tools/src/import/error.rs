//! What can be wrong with a directory to import, and where?

use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};

/// Why an import failed: what kind of problem, in which file, on which line, in which column.
#[derive(Debug)]
pub struct ImportError {
    kind: ImportErrorKind,
    file: PathBuf,
    line: Option<u64>,
    column: Option<String>,
    message: String,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

/// The kinds of [`ImportError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ImportErrorKind {
    /// A file or directory could not be read.
    Unreadable,
    /// The directory is not laid out as documented: a file is missing or unknown.
    Layout,
    /// A file is not what its name says: broken CSV, broken JSON, not UTF-8.
    Malformed,
    /// A column is missing, unknown or given twice.
    Header,
    /// A cell does not hold what its column asks for.
    Value,
    /// The same thing is given twice.
    Duplicate,
    /// A row names an item that does not exist.
    Dangling,
}

impl ImportError {
    pub(super) fn new(kind: ImportErrorKind, file: &Path, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { kind, file: file.to_owned(), line: None, column: None, message, cause: None }
    }

    pub(super) fn at_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    pub(super) fn in_column(mut self, column: &str) -> Self {
        self.column = Some(column.to_owned());
        self
    }

    pub(super) fn because(mut self, cause: impl Error + Send + Sync + 'static) -> Self {
        self.cause = Some(Box::new(cause));
        self
    }

    pub(super) fn unreadable(file: &Path, cause: std::io::Error) -> Self {
        let kind = match cause.kind() {
            std::io::ErrorKind::NotFound => ImportErrorKind::Layout,
            _ => ImportErrorKind::Unreadable,
        };
        let message = match kind {
            ImportErrorKind::Layout => "no such file or directory",
            _ => "cannot be read",
        };
        Self::new(kind, file, message).because(cause)
    }

    /// Returns what kind of problem it is.
    #[must_use]
    pub fn kind(&self) -> ImportErrorKind {
        self.kind
    }

    /// Returns the file or directory at fault.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Returns the line at fault, counted from 1, the header included.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        self.line
    }

    /// Returns the name of the column at fault.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        self.column.as_deref()
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl Error for ImportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}
