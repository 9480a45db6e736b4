//! How does a cache outlive its process?

mod document;
mod error;
mod file;
mod saved;

pub(crate) use document::{read, write};
pub use error::{SnapshotError, SnapshotErrorKind};
pub(crate) use file::{read_file, write_file};
pub(crate) use saved::Saved;
