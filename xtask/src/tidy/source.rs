//! Which source files are there, and what do they hold?

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;

use super::violation::Violation;
use crate::error::Result;

/// Where our sources are, relative to the root of the workspace.
const DIRS: [&str; 3] = ["crates", "benches", "xtask"];

/// One parsed source file.
pub(crate) struct Source {
    /// The path, relative to the root of the workspace, with `/`.
    pub(crate) path: String,
    /// The text as it is on disk.
    pub(crate) text: String,
    /// The syntax tree, with line numbers.
    pub(crate) file: syn::File,
    /// The same text as bare tokens, in which the insides of macros can be seen.
    pub(crate) tokens: TokenStream,
}

impl Source {
    /// Parses a file.
    ///
    /// # Errors
    ///
    /// The place where it stops being Rust, as a violation.
    pub(crate) fn parse(path: &str, text: String) -> std::result::Result<Self, Violation> {
        let fail =
            |line, error: String| Violation::new(path, line, format!("does not parse ({error})"), "valid Rust source");
        let file = syn::parse_file(&text).map_err(|error| fail(error.span().start().line, error.to_string()))?;
        let tokens = text.parse().map_err(|error: proc_macro2::LexError| fail(1, error.to_string()))?;
        Ok(Self { path: path.to_owned(), text, file, tokens })
    }

    /// Returns whether the file belongs to a published crate and is not a test.
    pub(crate) fn is_published_code(&self) -> bool {
        let is_test = self.path.split('/').any(|part| matches!(part, "tests" | "tests.rs" | "benches" | "examples"));
        self.path.starts_with("crates/") && !is_test
    }
}

/// Reads every source file of the workspace; those that do not parse come back as violations.
///
/// # Errors
///
/// If a directory or file cannot be read.
pub(crate) fn read_all(root: &Path) -> Result<(Vec<Source>, Vec<Violation>)> {
    let mut sources = Vec::new();
    let mut violations = Vec::new();
    for path in DIRS.iter().map(|dir| list(&root.join(dir))).collect::<Result<Vec<_>>>()?.concat() {
        let relative = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&path).map_err(|error| format!("{relative}: {error}"))?;
        match Source::parse(&relative, text) {
            Ok(source) => sources.push(source),
            Err(violation) => violations.push(violation),
        }
    }
    Ok((sources, violations))
}

/// Returns every `.rs` file below `dir`; build output and hidden directories are not looked into.
fn list(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).map_err(|error| format!("{}: {error}", dir.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_ours = !name.starts_with('.') && name != "target";
        if entry.file_type()?.is_dir() {
            files.extend(if is_ours { list(&entry.path())? } else { Vec::new() });
        } else if is_ours && name.ends_with(".rs") {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_file_is_a_violation_at_its_line() {
        let violation = Source::parse("crates/a/src/lib.rs", "fn a() {}\nfn b( {}\n".to_owned()).err().unwrap();
        assert_eq!((violation.file.as_str(), violation.line), ("crates/a/src/lib.rs", 2));
    }

    #[test]
    fn tests_are_not_published_code() {
        let is_published = |path| Source::parse(path, String::new()).unwrap().is_published_code();
        assert!(is_published("crates/a/src/lib.rs"));
        assert!(!is_published("crates/a/src/key/tests.rs"));
        assert!(!is_published("crates/a/tests/it/main.rs"));
        assert!(!is_published("xtask/src/main.rs"));
    }

    #[test]
    fn build_output_is_not_read() {
        let root = tempfile::tempdir().unwrap();
        for dir in ["crates/a/src", "crates/a/target", "benches", "xtask"] {
            fs::create_dir_all(root.path().join(dir)).unwrap();
        }
        fs::write(root.path().join("crates/a/src/lib.rs"), "fn a() {}").unwrap();
        fs::write(root.path().join("crates/a/target/made.rs"), "not Rust").unwrap();
        fs::write(root.path().join("benches/broken.rs"), "fn").unwrap();
        let (sources, violations) = read_all(root.path()).unwrap();
        assert_eq!(sources.iter().map(|source| &source.path).collect::<Vec<_>>(), ["crates/a/src/lib.rs"]);
        assert_eq!(violations.iter().map(|violation| &violation.file).collect::<Vec<_>>(), ["benches/broken.rs"]);
    }
}
