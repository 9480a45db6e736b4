//! Does a crate know only whom it may know?

use std::fs;

use cargo_metadata::{Dependency, DependencyKind, Package};

use super::violation::Violation;
use crate::error::Result;
use crate::workspace::Workspace;

/// The seam, which the tests of every crate may use for its `test-util`.
const SEAM: &str = "tool-core";

/// Which of our crates a published crate may depend on: the table of ARCHITECTURE.md.
const ALLOWED: [(&str, &[&str]); 10] = [
    (SEAM, &[]),
    ("tool-observe", &[SEAM]),
    ("tool-cache", &[SEAM]),
    ("tool-guard", &[SEAM]),
    ("tool-select", &[SEAM]),
    ("tool-compose", &[SEAM]),
    ("tool-runner", &[SEAM, "tool-observe", "tool-cache", "tool-guard", "tool-select", "tool-compose"]),
    ("ops-tools", &[SEAM, "tool-select", "tool-compose"]),
    ("tool-mcp", &[SEAM]),
    ("runner-cli", &["tool-runner", "ops-tools", "tool-mcp"]),
];

/// One dependency on a crate of ours.
#[derive(Debug, Clone, Copy)]
struct Edge<'a> {
    from: &'a str,
    to: &'a str,
    use_in: Use,
    version: Version,
}

/// Where a dependency is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Code,
    Tests,
}

/// Whether a dependency names a version beside its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    Named,
    PathOnly,
}

/// Reports dependencies between published crates that are not allowed.
///
/// # Errors
///
/// If a manifest cannot be read.
pub(crate) fn check_all(workspace: &Workspace) -> Result<Vec<Violation>> {
    let mut violations = Vec::new();
    for package in workspace.published() {
        let manifest = fs::read_to_string(&package.manifest_path)?;
        let path = workspace.relative(&package.manifest_path);
        let report = |line, (what, expected): (String, String)| Violation::new(&path, line, what, expected);
        violations.extend(check_known(&package.name).map(|finding| report(1, finding)));
        let ours = package.dependencies.iter().filter(|dependency| dependency.path.is_some());
        violations.extend(
            ours.map(|dependency| edge(package, dependency))
                .filter_map(|edge| check(edge).map(|finding| report(line(&manifest, edge), finding))),
        );
    }
    Ok(violations)
}

/// Describes a dependency that cargo resolves by path, hence on a crate of ours.
fn edge<'a>(package: &'a Package, dependency: &'a Dependency) -> Edge<'a> {
    Edge {
        from: &package.name,
        to: &dependency.name,
        use_in: if dependency.kind == DependencyKind::Development { Use::Tests } else { Use::Code },
        version: if dependency.req.comparators.is_empty() { Version::PathOnly } else { Version::Named },
    }
}

/// Returns what is wrong with a crate that the table does not know, and what is expected.
fn check_known(name: &str) -> Option<(String, String)> {
    if allowed(name).is_some() {
        return None;
    }
    Some((format!("{name} has no row in the table of allowed edges"), "one there and in ARCHITECTURE.md".to_owned()))
}

/// Returns what is wrong with an edge, and what is expected.
fn check(edge: Edge<'_>) -> Option<(String, String)> {
    let Edge { from, to, use_in, version } = edge;
    let allowed = allowed(from)?;
    let is_allowed = allowed.contains(&to) || (use_in == Use::Tests && to == SEAM);
    match (use_in, version) {
        _ if !is_allowed && allowed.is_empty() => {
            Some((format!("{from} depends on {to}"), "no crate of ours".to_owned()))
        }
        _ if !is_allowed => Some((format!("{from} depends on {to}"), format!("only {}", allowed.join(", ")))),
        (Use::Tests, Version::Named) => {
            let what = format!("dev-dependency on {to} names a version, which deadlocks the order of publishing");
            Some((what, "a path alone".to_owned()))
        }
        (Use::Code, Version::PathOnly) => {
            let what = format!("dependency on {to} names no version, which cannot be published");
            Some((what, format!("`{to}.workspace = true`")))
        }
        _ => None,
    }
}

/// Returns the line of a manifest, from 1, that declares a dependency, or 1 if it is declared in an unusual way.
fn line(manifest: &str, edge: Edge<'_>) -> usize {
    let mut section = "";
    let declares = |line: &str| line.split(['.', ' ', '=']).next() == Some(edge.to);
    let mut lines = manifest.lines().map(|line| {
        section = if line.starts_with('[') { line } else { section };
        let used_in = if section.contains("dev-dependencies") { Use::Tests } else { Use::Code };
        declares(line) && section.contains("dependencies") && used_in == edge.use_in
    });
    lines.position(|is_declaration| is_declaration).map_or(1, |index| index + 1)
}

fn allowed(name: &str) -> Option<&'static [&'static str]> {
    ALLOWED.iter().find(|(from, _)| *from == name).map(|(_, to)| *to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn expect(from: &str, to: &str, use_in: Use, version: Version, expected: Option<&str>) {
        let found = check(Edge { from, to, use_in, version });
        assert_eq!(found.as_ref().map(|(_, expected)| expected.as_str()), expected, "{from} -> {to}: {found:?}");
    }

    #[test]
    fn edges_of_the_table_pass() {
        expect("tool-cache", "tool-core", Use::Code, Version::Named, None);
        expect("tool-runner", "tool-guard", Use::Code, Version::Named, None);
        expect("ops-tools", "tool-select", Use::Code, Version::Named, None);
    }

    #[test]
    fn other_edges_fail() {
        expect("tool-observe", "tool-cache", Use::Code, Version::Named, Some("only tool-core"));
        expect("tool-observe", "tool-cache", Use::Tests, Version::PathOnly, Some("only tool-core"));
        expect("tool-core", "tool-cache", Use::Code, Version::Named, Some("no crate of ours"));
        expect("runner-cli", "tool-core", Use::Code, Version::Named, Some("only tool-runner, ops-tools, tool-mcp"));
        expect("tool-cache", "benches", Use::Tests, Version::PathOnly, Some("only tool-core"));
    }

    #[test]
    fn tests_may_use_the_seam_by_path() {
        expect("runner-cli", "tool-core", Use::Tests, Version::PathOnly, None);
        expect("tool-cache", "tool-core", Use::Tests, Version::Named, Some("a path alone"));
    }

    #[test]
    fn code_needs_a_version() {
        expect("tool-cache", "tool-core", Use::Code, Version::PathOnly, Some("`tool-core.workspace = true`"));
    }

    #[test]
    fn line_is_that_of_the_right_section() {
        let manifest = "[package]\nname = \"a\"\n[dependencies]\nb.workspace = true\n[dev-dependencies]\nb = {}\n";
        let edge = |to, use_in| Edge { from: "a", to, use_in, version: Version::Named };
        assert_eq!(line(manifest, edge("b", Use::Code)), 4);
        assert_eq!(line(manifest, edge("b", Use::Tests)), 6);
        assert_eq!(line(manifest, edge("name", Use::Code)), 1);
    }

    #[test]
    fn unknown_crate_fails() {
        assert!(check_known("tool-core").is_none());
        assert!(check_known("tool-new").is_some());
    }
}
