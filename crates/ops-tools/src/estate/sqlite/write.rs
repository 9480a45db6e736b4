//! How does data become a file, wholly or not at all?

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::place::Place;
use super::{load, schema};
use crate::estate::{EstateData, EstateError, EstateErrorKind};

/// Writes the data of one or more tenants to an estate file, replacing an estate that is there.
///
/// The file is written beside its place and moved there when it is complete and on the disk: whoever looks sees the old
/// estate or the new one.
///
/// # Errors
///
/// [`EstateErrorKind::InvalidData`] if the data contradicts itself, [`EstateErrorKind::NotAnEstate`] if something else
/// has this name, [`EstateErrorKind::DiskFull`], [`EstateErrorKind::Io`] otherwise. What was there is as it was before.
pub fn write_estate(path: impl AsRef<Path>, data: &[EstateData]) -> Result<(), EstateError> {
    let path = path.as_ref();
    refuse_other_file(path)?;
    let scratch = Scratch::beside(path);
    scratch.remove();
    {
        let mut db = Place::File(scratch.0.clone()).connect_to_write()?;
        load::fill(&mut db, data)?;
    }
    File::open(&scratch.0)
        .and_then(|file| file.sync_all())
        .and_then(|()| fs::rename(&scratch.0, path))
        .and_then(|()| sync_directory(path))
        .map_err(|e| unwritten(path, e))
}

/// Fails if `path` is something that this program has not written.
fn refuse_other_file(path: &Path) -> Result<(), EstateError> {
    if !path.exists() {
        return Ok(());
    }
    let standing = if path.is_file() {
        Place::File(path.to_owned()).connect_to_read(Duration::ZERO).and_then(|db| schema::check(&db))
    } else {
        Err(EstateError::new(EstateErrorKind::NotAnEstate, "it is not a file"))
    };
    match standing {
        Ok(_) => Ok(()),
        Err(e) => Err(EstateError::new(
            e.kind(),
            format!("{} is not replaced: it is not an estate that this program can read", path.display()),
        )
        .with_source(e)),
    }
}

fn unwritten(path: &Path, error: io::Error) -> EstateError {
    let kind = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => EstateErrorKind::DiskFull,
        _ => EstateErrorKind::Io,
    };
    EstateError::new(kind, format!("failed to write {}", path.display())).with_source(error)
}

#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(parent)?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}

/// A file that is gone when this is dropped, unless it was moved away.
struct Scratch(PathBuf);

impl Scratch {
    fn beside(path: &Path) -> Self {
        let mut name = OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(format!(".{}.part", std::process::id()));
        Self(path.with_file_name(name))
    }

    fn remove(&self) {
        // Nothing to remove is the normal case.
        drop(fs::remove_file(&self.0));
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.remove();
    }
}
