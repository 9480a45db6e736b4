//! Would publishing work?

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

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
    if let Some(home) = cargo_home(env::var_os("CARGO_HOME"), env::var_os("HOME")) {
        forget_unpacked(&home, &workspace.published())?;
    }
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

fn cargo_home(own: Option<OsString>, home: Option<OsString>) -> Option<PathBuf> {
    own.map(PathBuf::from).or_else(|| home.map(|home| Path::new(&home).join(".cargo")))
}

/// Removes what cargo unpacked of our crates when it packaged them before.
///
/// It takes a version that it unpacked once for unchanged, which ours is not between two releases: from the same
/// directory, it would build against the sources of an earlier run.
///
/// # Errors
///
/// If something is there and cannot be removed.
fn forget_unpacked(cargo_home: &Path, packages: &[&Package]) -> Result<()> {
    let names: Vec<String> = packages.iter().map(|package| format!("{}-{}", package.name, package.version)).collect();
    let Ok(registries) = fs::read_dir(cargo_home.join("registry/src")) else { return Ok(()) };
    for registry in registries {
        let registry = registry?;
        // A registry in a directory has no host, with which the name would begin.
        if !registry.file_name().to_string_lossy().starts_with('-') {
            continue;
        }
        for name in &names {
            match fs::remove_dir_all(registry.path().join(name)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
    }
    Ok(())
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
    fn only_our_own_unpacked_crates_are_forgotten() {
        let home = tempfile::tempdir().unwrap();
        let workspace = Workspace::load().unwrap();
        let published = workspace.published();
        let ours = format!("{}-{}", published[0].name, published[0].version);
        let place = |registry: &str, name: &str| home.path().join("registry/src").join(registry).join(name);
        let kept = [place("-0ae9", "serde-1.0.0"), place("index.example-1949", &ours)];
        for path in kept.iter().chain([&place("-0ae9", &ours)]) {
            fs::create_dir_all(path).unwrap();
        }
        forget_unpacked(home.path(), &published).unwrap();
        assert!(kept.iter().all(|path| path.is_dir()) && !place("-0ae9", &ours).exists());
        forget_unpacked(&home.path().join("nowhere"), &published).unwrap();
    }

    #[test]
    fn cargo_home_is_the_variable_or_in_the_home() {
        let of = |own: Option<&str>, home: Option<&str>| cargo_home(own.map(Into::into), home.map(Into::into));
        assert_eq!(of(Some("/c"), Some("/h")), Some("/c".into()));
        assert_eq!(of(None, Some("/h")), Some("/h/.cargo".into()));
        assert_eq!(of(None, None), None);
    }

    #[test]
    fn file_elsewhere_does_not_count() {
        assert_eq!(missing("CHANGELOG.md\nLICENSE-APACHE\ndocs/README.md\n"), ["README.md", "LICENSE-MIT"]);
    }
}
