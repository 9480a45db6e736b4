//! Do all rules hold?

use super::source::{Source, read_all};
use super::violation::Violation;
use super::{banned, edges, errors_doc, forbid, integration, licences, packages, readme, sizes, top_level, tree};
use crate::error::Result;
use crate::workspace::Workspace;

/// Checks every rule and prints every violation, one a line, in order of file and line.
///
/// # Errors
///
/// If a rule is violated, or something cannot be read.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let (sources, mut violations) = read_all(workspace.root())?;
    violations.extend(sources.iter().flat_map(check_source));
    violations.extend(forbid::check_all(workspace, &sources));
    violations.extend(check_workspace(workspace)?);
    violations.sort();
    for violation in &violations {
        println!("{violation}");
    }
    match violations.len() {
        0 => Ok(()),
        1 => Err("tidy found 1 violation".into()),
        count => Err(format!("tidy found {count} violations").into()),
    }
}

/// Checks the rules about one file.
fn check_source(source: &Source) -> Vec<Violation> {
    [sizes::check(source), errors_doc::check(source), banned::check(source)].concat()
}

/// Checks the rules about the whole.
fn check_workspace(workspace: &Workspace) -> Result<Vec<Violation>> {
    Ok([
        edges::check_all(workspace)?,
        integration::check_all(workspace),
        licences::check_all(workspace)?,
        packages::check_all(workspace)?,
        readme::check_all(workspace),
        top_level::check_all(workspace)?,
        tree::check_all(workspace)?,
    ]
    .concat())
}
