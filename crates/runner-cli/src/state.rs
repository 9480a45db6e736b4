//! What is kept between runs, and where?

use std::{
    fs::{File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
};

use crate::{cli::Common, exit::CliError, screen::note};

/// The directory that holds what one run leaves for the next.
///
/// One process at a time writes it; another that comes meanwhile reads only, and says so.
#[derive(Debug)]
pub(crate) struct StateDir {
    path: PathBuf,
    /// Held for as long as the process may write; `None` if another does.
    lock: Option<File>,
}

impl StateDir {
    /// Opens the directory that the options ask for; `None` if nothing is to be kept.
    pub(crate) fn open(common: &Common) -> Result<Option<Self>, CliError> {
        if common.no_state {
            return Ok(None);
        }
        if let Some(path) = &common.state {
            let asked = |error| CliError::bad_input(format!("state directory {} {error}", path.display()));
            return Self::at(path).map(Some).map_err(asked);
        }
        let Some(path) = default_path() else {
            return Ok(None);
        };
        // Nobody asked for this one: a home that cannot be written must not keep an answer from its reader.
        match Self::at(&path) {
            Ok(state) => Ok(Some(state)),
            Err(error) => {
                note(&format!("warning: state directory {} {error}; nothing is kept", path.display()));
                Ok(None)
            }
        }
    }

    fn at(path: &Path) -> Result<Self, String> {
        if path.exists() && !path.is_dir() {
            return Err("is not a directory".to_owned());
        }
        create_private(path).map_err(|error| format!("cannot be made: {error}"))?;
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path.join("lock"))
            .map_err(|error| format!("cannot be locked: {error}"))?;
        let lock = file.try_lock().is_ok().then_some(file);
        if lock.is_none() {
            note(&format!("note: another runner uses {}; this one reads it and keeps nothing", path.display()));
        }
        Ok(Self { path: path.to_owned(), lock })
    }

    /// Reads a file of the directory; `None` if there is none.
    pub(crate) fn read(&self, name: &str) -> Result<Option<Vec<u8>>, CliError> {
        match std::fs::read(self.path.join(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(CliError::failed(format!("{}: {error}", self.path.join(name).display()))),
        }
    }

    /// Returns where a file of the directory stands.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Says whether this process may write.
    pub(crate) fn writable(&self) -> bool {
        self.lock.is_some()
    }

    /// Replaces a file of the directory as a whole; does nothing if another process writes.
    pub(crate) fn replace(&self, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        if !self.writable() {
            return Ok(());
        }
        let (target, partial) = (self.file(name), self.file(&format!("{name}.partial")));
        let written = write_private(&partial, bytes).and_then(|()| std::fs::rename(&partial, &target));
        if written.is_err() {
            drop(std::fs::remove_file(&partial));
        }
        written
    }
}

fn default_path() -> Option<PathBuf> {
    let absolute = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = absolute("XDG_STATE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/state")));
    home.map(|home| home.join("runner"))
}

#[cfg(unix)]
fn create_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
fn create_private(path: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(path)
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).write(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_data()
}
