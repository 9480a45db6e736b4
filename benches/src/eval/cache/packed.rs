//! How is a packed file read?

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use xz4rust::XzReader;

/// Opens a file; its extension says how it is packed: `xz`, `gz`, else not at all. Nothing is unpacked ahead.
///
/// # Errors
///
/// If it cannot be opened.
pub(super) fn open(file: &Path) -> std::io::Result<Box<dyn Read>> {
    let raw = BufReader::new(File::open(file)?);
    Ok(match file.extension().and_then(|extension| extension.to_str()) {
        Some("xz") => Box::new(XzReader::new(raw)),
        Some("gz") => Box::new(MultiGzDecoder::new(raw)),
        _ => Box::new(raw),
    })
}

/// Returns what the file is expected to hold, for complaints.
pub(super) fn expected(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("xz") => "a whole xz stream",
        Some("gz") => "a whole gzip stream",
        _ => "a readable file",
    }
}
