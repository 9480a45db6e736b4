//! Which folders hold cases?

use std::path::{Path, PathBuf};

use crate::error::Result;

/// Returns `dir` if it is what is looked for, else those folders in it that are, by name.
///
/// # Errors
///
/// If there is none, or `dir` cannot be listed.
pub(super) fn matching(dir: &Path, is_wanted: impl Fn(&Path) -> bool) -> Result<Vec<PathBuf>> {
    if is_wanted(dir) {
        return Ok(vec![dir.to_owned()]);
    }
    let named = |error: std::io::Error| format!("{}: {error}", dir.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(named)? {
        let path = entry.map_err(named)?.path();
        if path.is_dir() && is_wanted(&path) {
            found.push(path);
        }
    }
    found.sort();
    if found.is_empty() {
        return Err(format!("{}: neither a folder with cases nor one that holds such folders", dir.display()).into());
    }
    Ok(found)
}

/// Returns a folder's own name, also where the path ends in `.` or `..`.
pub(super) fn name(dir: &Path) -> String {
    let whole = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    whole.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Returns what an incident's folder is called within its scenario, as in `train/issue_0`.
pub(super) fn within(scenario: &Path, dir: &Path) -> String {
    dir.strip_prefix(scenario).unwrap_or(dir).to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_or_its_children_match() {
        let root = tempfile::tempdir().unwrap();
        for part in ["b/train", "a/noissue", "other"] {
            std::fs::create_dir_all(root.path().join(part)).unwrap();
        }
        let is_wanted = |dir: &Path| dir.join("train").is_dir() || dir.join("noissue").is_dir();
        let names =
            |dir: &Path| matching(dir, is_wanted).map(|found| found.iter().map(|dir| name(dir)).collect::<Vec<_>>());
        assert_eq!(names(root.path()).unwrap(), ["a", "b"]);
        assert_eq!(names(&root.path().join("b")).unwrap(), ["b"]);
        assert_eq!(names(&root.path().join("b/train/..")).unwrap(), ["b"]);
        assert!(names(&root.path().join("other")).is_err());
    }
}
