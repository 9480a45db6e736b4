//! Why was a snapshot refused?

use std::{fmt, io};

/// What is wrong with a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SnapshotErrorKind {
    /// There is no such file.
    Missing,
    /// The file cannot be read or written.
    Io,
    /// It is no snapshot of a cache.
    Foreign,
    /// Another version of the format: a newer or an older program wrote it.
    OtherVersion,
    /// It was cut off or changed.
    Corrupt,
    /// It is larger than any snapshot of this cache.
    TooLarge,
}

/// Says why a snapshot was refused or not written; the cache is as it was before.
#[derive(Debug)]
pub struct SnapshotError {
    kind: SnapshotErrorKind,
    message: String,
    source: Option<io::Error>,
}

impl SnapshotError {
    pub(crate) fn new(kind: SnapshotErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    pub(crate) fn corrupt(message: impl Into<String>) -> Self {
        Self::new(SnapshotErrorKind::Corrupt, message)
    }

    pub(crate) fn io(message: String, source: io::Error) -> Self {
        let missing = source.kind() == io::ErrorKind::NotFound;
        let kind = if missing { SnapshotErrorKind::Missing } else { SnapshotErrorKind::Io };
        Self { kind, message, source: Some(source) }
    }

    /// Returns the kind.
    #[must_use]
    pub fn kind(&self) -> SnapshotErrorKind {
        self.kind
    }
}

impl fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SnapshotError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}
