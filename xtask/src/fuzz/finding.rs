//! Which inputs broke a promise?

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Result;

/// Lists the files of a directory, by name; none if it does not exist.
///
/// # Errors
///
/// If the directory cannot be read.
pub(super) fn list(dir: &Path) -> Result<Vec<PathBuf>> {
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(dir)?.map(|entry| Ok(entry?.path()));
    let mut files = entries.collect::<Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}

/// Returns those of `after` that are not in `before`.
pub(super) fn new(before: &[PathBuf], after: Vec<PathBuf>) -> Vec<PathBuf> {
    after.into_iter().filter(|file| !before.contains(file)).collect()
}

/// Says what to do with findings; the checks are replayed on committed inputs by every test run.
pub(super) fn advice(findings: &[PathBuf], committed: &Path) -> String {
    let copies = findings.iter().map(|file| format!("\n  cp {} {}/", file.display(), committed.display()));
    format!("to keep it as a regression test, give it a telling name there:{}", copies.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_new_files_are_findings() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(list(&dir.path().join("none")).unwrap(), Vec::<PathBuf>::new());
        fs::write(dir.path().join("crash-1"), "").unwrap();
        let before = list(dir.path()).unwrap();
        fs::write(dir.path().join("crash-2"), "").unwrap();
        assert_eq!(new(&before, list(dir.path()).unwrap()), [dir.path().join("crash-2")]);
    }

    #[test]
    fn advice_is_a_command() {
        let said = advice(&["/f/crash-1".into()], Path::new("/c/key"));
        assert!(said.ends_with("\n  cp /f/crash-1 /c/key/"), "{said}");
    }
}
