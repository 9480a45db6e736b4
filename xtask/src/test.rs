//! How do I run all tests?

use crate::error::Result;
use crate::run::Invocation;
use crate::workspace::Workspace;

/// Runs every test of every member, doctests included.
///
/// # Errors
///
/// If a test fails or does not compile.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    invocation().run(workspace.root())
}

/// Returns the command that tests the whole workspace.
pub(crate) fn invocation() -> Invocation {
    Invocation::new("cargo test --workspace --locked")
}
