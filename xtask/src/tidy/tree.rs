//! Is the binary's dependency tree still lean?

use std::collections::BTreeSet;

use super::violation::Violation;
use crate::error::Result;
use crate::run::Invocation;
use crate::workspace::Workspace;

/// The package of the binary.
const BINARY: &str = "runner-cli";

/// Most crates in its tree, its own included.
const MAX_CRATES: usize = 150;

/// Reports a tree of the default build, on this platform, that has grown too large.
///
/// `cargo tree` rather than the metadata: there, features that only benches or tests switch on would count.
///
/// # Errors
///
/// If cargo cannot resolve the tree.
pub(crate) fn check_all(workspace: &Workspace) -> Result<Vec<Violation>> {
    let line = format!("cargo tree --locked -p {BINARY} -e normal --prefix none");
    let tree = Invocation::new(line).output(workspace.root())?;
    Ok(check(&tree, MAX_CRATES).into_iter().collect())
}

fn check(tree: &str, most: usize) -> Option<Violation> {
    let count = count(tree);
    (count > most).then(|| {
        let what = format!("{count} crates in the tree of {BINARY}");
        Violation::new("Cargo.lock", 1, what, format!("at most {most}: see `cargo tree -p {BINARY} -e normal`"))
    })
}

/// Returns how many different crates `cargo tree --prefix none` names.
fn count(tree: &str) -> usize {
    let crates = tree.lines().filter(|line| !line.is_empty());
    crates.map(|line| line.split_whitespace().take(2).collect::<Vec<_>>()).collect::<BTreeSet<_>>().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "a v1.0.0 (/a)\nb v1.0.0\nc v1.0.0 (proc-macro)\nb v2.0.0\nb v1.0.0 (*)\n\n";

    #[test]
    fn repeated_crates_count_once() {
        assert_eq!(count(TREE), 4);
    }

    #[test]
    fn larger_tree_fails() {
        assert_eq!(check(TREE, 4), None);
        assert_eq!(
            check(TREE, 3).map(|violation| violation.what).as_deref(),
            Some("4 crates in the tree of runner-cli")
        );
    }
}
