//! What must hold before a change is merged?

use cargo_metadata::Package;

use crate::error::Result;
use crate::run::{Invocation, Steps};
use crate::workspace::Workspace;
use crate::{package, tidy};

/// The main job, as the README says it.
pub(crate) const README_RUN: &str = "cargo run --release -- investigate";

/// The tests, as the README says it.
pub(crate) const README_TEST: &str = "cargo test";

/// Runs every check, cheap ones first, and stops at the first that fails.
///
/// The README's test command comes last, so that a reader of the log finds the test runner's own lines at its end.
///
/// # Errors
///
/// If a check fails: the message names it and how to repeat it.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let root = workspace.root();
    let mut steps = Steps::start("ci");
    steps.command("format", &Invocation::new("cargo fmt --all -- --check"), root)?;
    steps.step("tidy", "cargo xtask tidy", || tidy::run(workspace))?;
    for (name, invocation) in builds().into_iter().chain(tests(workspace)) {
        steps.command(&name, &invocation, root)?;
    }
    steps.step("package", "cargo xtask package", || package::run(workspace))?;
    for (name, invocation) in readme(workspace) {
        steps.command(&name, &invocation, root)?;
    }
    steps.finish();
    Ok(())
}

/// Returns the checks that only compile.
fn builds() -> Vec<(String, Invocation)> {
    let clippy = Invocation::new("cargo clippy --workspace --all-targets --locked -- -D warnings");
    let docs = Invocation::new("cargo doc --no-deps --workspace --locked").env("RUSTDOCFLAGS", "-D warnings");
    vec![("clippy".to_owned(), clippy), ("docs".to_owned(), docs)]
}

/// Returns the tests of each published crate alone, then those of the unpublished ones.
///
/// Alone, because in the workspace another crate may switch on the feature that this one forgot. The published ones all
/// together are what the README's test command runs, last of all.
fn tests(workspace: &Workspace) -> Vec<(String, Invocation)> {
    let published = workspace.published();
    let alone = published.into_iter().flat_map(tests_alone);
    let own = Invocation::new("cargo test --locked -p xtask -p benches -p fuzz-checks");
    alone.chain([("test xtask, benches and fuzz-checks".to_owned(), own)]).collect()
}

/// Returns the tests of one crate as it is, and with all features if it has any.
fn tests_alone(package: &Package) -> Vec<(String, Invocation)> {
    let name = &package.name;
    let mut tests = vec![(format!("test {name}"), Invocation::new(format!("cargo test --locked -p {name}")))];
    if package.features.keys().any(|feature| feature != "default") {
        let all = Invocation::new(format!("cargo test --locked -p {name} --all-features"));
        tests.push((format!("test {name} with all features"), all));
    }
    tests
}

/// Returns the README's commands; the program's state stays out of the developer's own.
fn readme(workspace: &Workspace) -> [(String, Invocation); 2] {
    let state = workspace.target_dir().join("xtask-state");
    let main_job = Invocation::new(README_RUN).env("XDG_STATE_HOME", state);
    [("readme run".to_owned(), main_job), ("readme test".to_owned(), Invocation::new(README_TEST))]
}
