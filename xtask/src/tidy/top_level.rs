//! Is there only at the top what belongs there?

use std::fs;

use super::violation::Violation;
use crate::error::Result;
use crate::workspace::Workspace;

/// What may be at the top: sources, documents, licences, configuration of tools.
const ALLOWED: [&str; 20] = [
    ".cargo",
    ".ci",
    ".github",
    ".gitignore",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "SECURITY.md",
    "benches",
    "clippy.toml",
    "crates",
    "deny.toml",
    "docs",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "xtask",
];

/// Reports entries at the top that do not belong there; what git ignores may lie around.
///
/// # Errors
///
/// If the directory cannot be read.
pub(crate) fn check_all(workspace: &Workspace) -> Result<Vec<Violation>> {
    let entries = fs::read_dir(workspace.root())?;
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let names = names.collect::<Result<Vec<_>>>()?;
    let ignored = fs::read_to_string(workspace.root().join(".gitignore")).unwrap_or_default();
    Ok(check(&names, &ignored))
}

fn check(names: &[String], ignored: &str) -> Vec<Violation> {
    let surplus = names.iter().filter(|name| !ALLOWED.contains(&name.as_str()) && !is_ignored(name, ignored));
    surplus
        .map(|name| Violation::new(name, 1, "does not belong at the top level", "it in a crate or in docs"))
        .collect()
}

/// Returns whether git leaves a top-level entry alone; knows the patterns `/name` and `*.ending`.
fn is_ignored(name: &str, ignored: &str) -> bool {
    let matches = |pattern: &str| match pattern.strip_prefix('*') {
        Some(ending) => name.ends_with(ending),
        None => pattern.trim_matches('/') == name,
    };
    name == ".git" || ignored.lines().filter(|line| !line.trim().is_empty()).any(matches)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn expect(names: &[&str], surplus: &[&str]) {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let found = check(&names, "/target\n\n*.profraw\n");
        assert_eq!(found.iter().map(|violation| violation.file.as_str()).collect::<Vec<_>>(), surplus);
    }

    #[test]
    fn named_and_ignored_entries_pass() {
        expect(&["Cargo.toml", "crates", ".git", "target", "a.profraw"], &[]);
    }

    #[test]
    fn other_entries_fail() {
        expect(&["src", "notes.txt", "README.md"], &["src", "notes.txt"]);
    }
}
