//! How is a JSON file read, so that a complaint names it?

use std::path::Path;

use serde::de::DeserializeOwned;

use crate::error::Result;

/// Reads a JSON file.
///
/// # Errors
///
/// What is wrong, with the file's name: it cannot be read, or it holds something else.
pub(super) fn read<T: DeserializeOwned>(file: &Path) -> Result<T> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let bytes = std::fs::read(file).map_err(|error| named(&error))?;
    Ok(serde_json::from_slice(&bytes).map_err(|error| named(&error))?)
}
