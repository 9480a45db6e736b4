//! What can go wrong with an estate?

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use crate::estate::CiHint;

/// What went wrong with an estate, for callers to branch on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EstateErrorKind {
    /// The tenant, item, metric, rule or file does not exist; the nearest names are in [`EstateError::candidates`].
    NotFound,
    /// The name fits several items; all of them are in [`EstateError::candidates`].
    Ambiguous,
    /// A field, operator, value or range that the estate does not know.
    InvalidQuery,
    /// The request would read more than an estate hands out at once.
    TooLarge,
    /// Another process holds the estate locked.
    Locked,
    /// The file is not an estate of this program.
    NotAnEstate,
    /// The file was written by a newer version of this program.
    NewerVersion,
    /// The file is damaged.
    Corrupt,
    /// There is no room left to write.
    DiskFull,
    /// The query was given up because its caller went away.
    Interrupted,
    /// The data handed over for storing contradicts itself: an item twice, a relation without an end.
    InvalidData,
    /// Reading or writing failed otherwise.
    Io,
}

/// A failed request to an estate.
///
/// Cheap to clone. The message is a lower-case fragment; the cause is [`Error::source`].
#[derive(Debug, Clone)]
pub struct EstateError {
    kind: EstateErrorKind,
    message: Arc<str>,
    candidates: Arc<[CiHint]>,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl EstateError {
    /// Returns an error of `kind` with `message`, a lower-case fragment.
    #[must_use]
    pub fn new(kind: EstateErrorKind, message: impl Into<Arc<str>>) -> Self {
        Self { kind, message: message.into(), candidates: Arc::from([]), source: None }
    }

    /// Adds what the caller may have meant, best first.
    #[must_use]
    pub fn with_candidates(mut self, candidates: Vec<CiHint>) -> Self {
        self.candidates = candidates.into();
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Error + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// Returns what went wrong.
    #[must_use]
    pub fn kind(&self) -> EstateErrorKind {
        self.kind
    }

    /// Returns what the caller may have meant, best first; empty where nothing is near.
    #[must_use]
    pub fn candidates(&self) -> &[CiHint] {
        &self.candidates
    }
}

impl fmt::Display for EstateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for EstateError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|e| e as &(dyn Error + 'static))
    }
}
