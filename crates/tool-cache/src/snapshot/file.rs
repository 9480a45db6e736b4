//! How is a snapshot kept in a file?

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use super::{SnapshotError, SnapshotErrorKind};

/// Writes a file that only its owner reads, whole or not at all.
pub(crate) fn write_file(path: &Path, document: &[u8]) -> Result<(), SnapshotError> {
    let beside = beside(path);
    let written = write_whole(&beside, document).and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| {
        // Nothing more can be done about what is left over; the error says what happened.
        let _ = fs::remove_file(&beside);
        SnapshotError::io(format!("failed to write the cache snapshot `{}`", path.display()), error)
    })
}

/// Returns a name in the same directory that nobody else uses.
fn beside(path: &Path) -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".tmp-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
    name.into()
}

fn write_whole(path: &Path, document: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(document)?;
    file.sync_all()
}

/// Reads a file that is no larger than a snapshot of `max_bytes` can be.
pub(crate) fn read_file(path: &Path, max_bytes: u64) -> Result<Vec<u8>, SnapshotError> {
    // Entries are smaller in a file than in memory, but for the names of their tools and tags.
    let limit = max_bytes.saturating_mul(4).saturating_add(1 << 20);
    let fail = |error| SnapshotError::io(format!("failed to read the cache snapshot `{}`", path.display()), error);
    let mut document = Vec::new();
    File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut document)).map_err(fail)?;
    if document.len() as u64 > limit {
        let message = format!("the cache snapshot `{}` is larger than {limit} bytes", path.display());
        return Err(SnapshotError::new(SnapshotErrorKind::TooLarge, message));
    }
    Ok(document)
}
