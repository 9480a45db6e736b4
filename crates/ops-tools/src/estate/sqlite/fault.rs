//! What does a failure of SQLite mean for the estate?

use rusqlite::ErrorCode;

use crate::estate::{EstateError, EstateErrorKind};

impl From<rusqlite::Error> for EstateError {
    fn from(error: rusqlite::Error) -> Self {
        let (kind, message) = match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                (EstateErrorKind::Locked, "the estate is locked by another process")
            }
            Some(ErrorCode::NotADatabase) => (EstateErrorKind::NotAnEstate, "the file is not an estate"),
            Some(ErrorCode::DatabaseCorrupt) => (EstateErrorKind::Corrupt, "the estate is damaged"),
            Some(ErrorCode::DiskFull) => (EstateErrorKind::DiskFull, "no room is left to write the estate"),
            Some(ErrorCode::OperationInterrupted) => (EstateErrorKind::Interrupted, "the query was given up"),
            _ => (EstateErrorKind::Io, "reading or writing the estate failed"),
        };
        Self::new(kind, message).with_source(error)
    }
}

/// Returns the error of a stored value that cannot be what this program stored.
pub(super) fn damaged(what: &str) -> EstateError {
    EstateError::new(EstateErrorKind::Corrupt, format!("the estate is damaged: {what}"))
}
