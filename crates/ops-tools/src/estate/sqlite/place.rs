//! Where does a database lie, and has it been touched?

use std::fs::{self, File};
use std::io::Read;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use rusqlite::{Connection, OpenFlags};

use super::schema::{self, Standing};
use crate::estate::{EstateError, EstateErrorKind};

/// Where a database lies.
#[derive(Debug, Clone)]
pub(super) enum Place {
    /// The URI of a database in memory, shared by the connections of this process that know it.
    Memory(String),
    /// A file.
    File(PathBuf),
}

/// When and as what a file was last touched: differs after a change and after a replacement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    modified: Option<SystemTime>,
    len: u64,
    inode: u64,
}

impl Place {
    /// Returns a new database in memory; it lives as long as a connection to it does.
    pub(super) fn in_memory() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        // The leading slash makes the name known to every connection of the process.
        Self::Memory(format!("file:/ops-tools-estate-{number}?vfs=memdb"))
    }

    /// Makes sure that an estate of the present version lies here.
    pub(super) fn prepare(&self, busy_timeout: Duration) -> Result<(), EstateError> {
        if let Self::File(path) = self
            && !path.is_file()
        {
            let problem = if path.exists() { "is not a file" } else { "does not exist" };
            return Err(EstateError::new(EstateErrorKind::NotFound, format!("{} {problem}", path.display())));
        }
        if schema::check(&self.connect_to_read(busy_timeout)?)? == Standing::Older {
            let mut db = self.connect_to_write()?;
            db.busy_timeout(busy_timeout)?;
            schema::migrate(&mut db)?;
        }
        Ok(())
    }

    pub(super) fn connect_to_read(&self, busy_timeout: Duration) -> Result<Connection, EstateError> {
        let db = self.connect(OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        db.busy_timeout(busy_timeout)?;
        db.set_prepared_statement_cache_capacity(64);
        Ok(db)
    }

    pub(super) fn connect_to_write(&self) -> Result<Connection, EstateError> {
        self.connect(OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)
    }

    fn connect(&self, flags: OpenFlags) -> Result<Connection, EstateError> {
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Ok(match self {
            Self::Memory(uri) => Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)?,
            Self::File(path) => Connection::open_with_flags(path, flags)?,
        })
    }

    /// Returns when the file was last touched; costs one system call. Nothing in memory ever is.
    pub(super) fn stamp(&self) -> Option<Stamp> {
        let Self::File(path) = self else { return None };
        let meta = fs::metadata(path).ok()?;
        Some(Stamp { modified: meta.modified().ok(), len: meta.len(), inode: inode(&meta) })
    }

    /// Returns how often the file has been changed since it was made, as SQLite counts: 0 in memory.
    ///
    /// Source: <https://www.sqlite.org/fileformat.html#file_change_counter>.
    pub(super) fn generation(&self) -> Result<u64, EstateError> {
        const COUNTER_AT: usize = 24;
        let Self::File(path) = self else { return Ok(0) };
        let mut head = [0; COUNTER_AT + 4];
        File::open(path)
            .and_then(|mut file| file.read_exact(&mut head))
            .map_err(|e| EstateError::new(EstateErrorKind::Io, "reading the estate failed").with_source(e))?;
        let counter = head.last_chunk::<4>().copied().unwrap_or_default();
        Ok(u64::from(u32::from_be_bytes(counter)))
    }
}

#[cfg(unix)]
fn inode(meta: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(meta)
}

#[cfg(not(unix))]
fn inode(_: &fs::Metadata) -> u64 {
    0
}
