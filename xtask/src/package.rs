//! Would publishing work?

use cargo_metadata::Package;

use crate::error::Result;
use crate::run::Invocation;
use crate::workspace::Workspace;

/// What every package must hold beside its sources.
pub(crate) const FILES: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"];

/// Packages every published crate, builds each from its package, and checks what the packages hold.
///
/// The build proves what no test can: that a crate needs no file outside its package and no feature that only its
/// dev-dependencies switch on.
///
/// # Errors
///
/// If a crate does not package, its package does not build, or it lacks one of [`FILES`].
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    // A package is built outside the workspace, each in a directory of its own unless told otherwise:
    // with one for all, third-party crates are compiled once.
    let target = workspace.target_dir().join("package-build");
    invocation(workspace).env("CARGO_TARGET_DIR", target).env("CARGO_PROFILE_DEV_DEBUG", "0").run(workspace.root())?;
    workspace.published().into_iter().try_for_each(|package| check_files(workspace, package))
}

/// Returns the command that packages and builds all that is not excluded from publishing.
fn invocation(workspace: &Workspace) -> Invocation {
    let members = workspace.members();
    let unpublished = members.into_iter().filter(|package| !crate::workspace::is_published(package));
    let excluded: Vec<_> = unpublished.map(|package| format!(" --exclude {}", package.name)).collect();
    Invocation::new(format!("cargo package --workspace{} --locked --allow-dirty", excluded.concat()))
}

fn check_files(workspace: &Workspace, package: &Package) -> Result<()> {
    let list = format!("cargo package --list --allow-dirty --locked -p {}", package.name);
    let missing = missing(&Invocation::new(list).output(workspace.root())?);
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!("the package of {} lacks {}", package.name, missing.join(", ")).into())
}

/// Returns which of [`FILES`] are not among the lines of `list`.
fn missing(list: &str) -> Vec<&'static str> {
    FILES.into_iter().filter(|file| !list.lines().any(|line| line == *file)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complete_package_lacks_nothing() {
        assert!(missing("CHANGELOG.md\nCargo.toml\nLICENSE-APACHE\nLICENSE-MIT\nREADME.md\nsrc/lib.rs\n").is_empty());
    }

    #[test]
    fn file_elsewhere_does_not_count() {
        assert_eq!(missing("CHANGELOG.md\nLICENSE-APACHE\ndocs/README.md\n"), ["README.md", "LICENSE-MIT"]);
    }
}
