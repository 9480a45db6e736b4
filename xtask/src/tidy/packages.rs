//! Does every published crate hold what its readers need?

use std::fs;
use std::path::Path;

use cargo_metadata::Package;

use super::violation::Violation;
use crate::error::Result;
use crate::package::FILES;
use crate::workspace::Workspace;

/// The licence every published crate is under.
const LICENCE: &str = "MIT OR Apache-2.0";

/// Reports published crates that lack a file or a field of the manifest.
///
/// # Errors
///
/// If a licence of the project cannot be read.
pub(crate) fn check_all(workspace: &Workspace) -> Result<Vec<Violation>> {
    let mut violations = Vec::new();
    for package in workspace.published() {
        let manifest = workspace.relative(&package.manifest_path);
        let fields = check_fields(package.description.as_deref(), package.license.as_deref());
        violations.extend(fields.map(|(what, expected)| Violation::new(&manifest, 1, what, expected)));
        violations.extend(check_files(workspace.root(), &directory(workspace, package))?);
    }
    Ok(violations)
}

/// Returns the directory of a crate, relative to the root.
fn directory(workspace: &Workspace, package: &Package) -> String {
    package.manifest_path.parent().map(|directory| workspace.relative(directory)).unwrap_or_default()
}

/// Returns what is wrong with the fields of a manifest, and what is expected.
fn check_fields(description: Option<&str>, licence: Option<&str>) -> impl Iterator<Item = (String, &'static str)> {
    let undescribed = description.is_none_or(|text| text.trim().is_empty());
    let undescribed = undescribed.then(|| ("no description".to_owned(), "a sentence"));
    let other = (licence != Some(LICENCE)).then(|| (format!("licence {}", licence.unwrap_or("not named")), LICENCE));
    undescribed.into_iter().chain(other)
}

/// Reports files that a crate lacks, and licences that are not those of the project.
fn check_files(root: &Path, directory: &str) -> Result<Vec<Violation>> {
    let mut violations = Vec::new();
    for file in FILES {
        let path = format!("{directory}/{file}");
        let Ok(text) = fs::read_to_string(root.join(&path)) else {
            violations.push(Violation::new(&path, 1, "is missing", "a file, since the crate is published"));
            continue;
        };
        if file.starts_with("LICENSE-") && text != fs::read_to_string(root.join(file))? {
            violations.push(Violation::new(
                &path,
                1,
                "another licence than the project's",
                format!("a copy of {file}"),
            ));
        }
    }
    Ok(violations)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn expect_fields(description: Option<&str>, licence: Option<&str>, expected: &[&str]) {
        let found: Vec<_> = check_fields(description, licence).map(|(what, _)| what).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn fields_are_required() {
        expect_fields(Some("Runs."), Some(LICENCE), &[]);
        expect_fields(None, Some(LICENCE), &["no description"]);
        expect_fields(Some(" "), None, &["no description", "licence not named"]);
        expect_fields(Some("Runs."), Some("MIT"), &["licence MIT"]);
    }

    #[test]
    fn files_are_required() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("crates/a")).unwrap();
        for file in FILES {
            fs::write(root.path().join(file), file).unwrap();
            fs::write(root.path().join("crates/a").join(file), file).unwrap();
        }
        assert_eq!(check_files(root.path(), "crates/a").unwrap(), []);

        fs::remove_file(root.path().join("crates/a/README.md")).unwrap();
        fs::write(root.path().join("crates/a/LICENSE-MIT"), "another").unwrap();
        let found = check_files(root.path(), "crates/a").unwrap();
        let found: Vec<_> = found.iter().map(|violation| violation.file.as_str()).collect();
        assert_eq!(found, ["crates/a/README.md", "crates/a/LICENSE-MIT"]);
    }
}
