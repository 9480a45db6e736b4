//! Which traces are there?

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::keys::Format;
use crate::error::Result;

/// One trace of `manifest.json`.
#[derive(Debug, Deserialize)]
pub(super) struct Listed {
    pub(super) name: String,
    /// Where it is, from the manifest's folder on.
    pub(super) file: PathBuf,
    pub(super) format: Format,
    /// At how many entries it is replayed.
    pub(super) capacities: Vec<usize>,
}

/// Reads the manifest of a folder.
///
/// # Errors
///
/// If it cannot be read, says something else, or names a trace without a capacity or with one of zero.
pub(super) fn read(data: &Path) -> Result<Vec<Listed>> {
    let file = data.join("manifest.json");
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let text = std::fs::read(&file).map_err(|error| named(&error))?;
    let listed: Vec<Listed> = serde_json::from_slice(&text).map_err(|error| named(&error))?;
    if let Some(bad) = listed.iter().find(|listed| listed.capacities.is_empty() || listed.capacities.contains(&0)) {
        let found =
            format!("capacities of `{}` are {:?}, expected at least one, each 1 or more", bad.name, bad.capacities);
        return Err(named(&found).into());
    }
    Ok(listed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Vec<Listed>> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("manifest.json"), text).unwrap();
        read(folder.path())
    }

    #[track_caller]
    fn expect_error(text: &str, expected: &str) {
        let error = read_text(text).unwrap_err().to_string();
        assert!(error.contains("manifest.json: ") && error.contains(expected), "{error}");
    }

    #[test]
    fn manifest_lists_traces() {
        let listed =
            read_text(r#"[{"name": "a", "file": "a/b.xz", "format": "u64be", "capacities": [10, 20]}]"#).unwrap();
        let [one] = listed.as_slice() else { panic!("{listed:?}") };
        assert_eq!((one.name.as_str(), one.format, one.capacities.as_slice()), ("a", Format::U64Be, &[10, 20][..]));
        assert_eq!(one.file, Path::new("a/b.xz"));
    }

    #[test]
    fn bad_manifest_names_itself_and_the_fault() {
        expect_error("{}", "expected a sequence");
        expect_error(r#"[{"name": "a", "file": "a", "format": "u16", "capacities": [1]}]"#, "unknown variant `u16`");
        expect_error(
            r#"[{"name": "a", "file": "a", "format": "lines", "capacities": []}]"#,
            "capacities of `a` are []",
        );
        expect_error(r#"[{"name": "a", "file": "a", "format": "lines", "capacities": [0]}]"#, "each 1 or more");
    }

    #[test]
    fn missing_manifest_names_the_file() {
        let error = read(Path::new("/nowhere")).unwrap_err().to_string();
        assert!(error.starts_with("/nowhere/manifest.json: "), "{error}");
    }
}
