//! Does a crate link its integration tests once?

use cargo_metadata::TargetKind;

use super::violation::Violation;
use crate::workspace::Workspace;

/// Where the one integration test of a crate may be, relative to the crate.
const ALLOWED: [&str; 2] = ["tests/it/main.rs", "tests/it.rs"];
/// Where a crate may build its own files once more, with locks whose every order is played: they can be no module of
/// the other, which has the library.
const SCHEDULES: &str = "tests/schedules/main.rs";

/// What may stand beside it: programs, not test modules. They take options (how many seeds, how many calls), print one
/// document, and must run without the test harness's threads: each owns its process, its clock and its memory figures.
const PROGRAMS: [&str; 2] = ["tests/sim/main.rs", "tests/soak/main.rs"];

/// Reports integration tests beside the one that a crate may have.
pub(crate) fn check_all(workspace: &Workspace) -> Vec<Violation> {
    let mut violations = Vec::new();
    for package in workspace.members() {
        let tests = package.targets.iter().filter(|target| target.kind.contains(&TargetKind::Test));
        let paths: Vec<_> = tests.map(|target| workspace.relative(&target.src_path)).collect();
        violations.extend(check(&paths));
    }
    violations
}

/// Reports, of the paths of one crate's integration tests, those that should be modules of the one.
fn check(paths: &[String]) -> Vec<Violation> {
    let is_one_of = |places: &[&str], path: &str| places.iter().any(|place| path.ends_with(&format!("/{place}")));
    let tests = paths.iter().filter(|path| !is_one_of(&PROGRAMS, path) && !is_one_of(&[SCHEDULES], path));
    let (known, others): (Vec<_>, Vec<_>) = tests.partition(|path| is_one_of(&ALLOWED, path));
    let surplus = others.into_iter().chain(known.into_iter().skip(1));
    surplus.map(|path| Violation::new(path, 1, "one more integration test binary", "a module of tests/it")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn expect(paths: &[&str], surplus: &[&str]) {
        let paths: Vec<_> = paths.iter().map(|path| (*path).to_owned()).collect();
        let found = check(&paths);
        assert_eq!(found.iter().map(|violation| violation.file.as_str()).collect::<Vec<_>>(), surplus);
    }

    #[test]
    fn one_binary_passes() {
        expect(&[], &[]);
        expect(&["crates/a/tests/it/main.rs"], &[]);
        expect(&["crates/a/tests/it.rs"], &[]);
        expect(&["crates/a/tests/it/main.rs", "crates/a/tests/schedules/main.rs"], &[]);
    }

    #[test]
    fn simulation_and_soak_stand_beside_it() {
        expect(&["crates/a/tests/it/main.rs", "crates/a/tests/sim/main.rs", "crates/a/tests/soak/main.rs"], &[]);
        expect(&["crates/a/tests/sim/main.rs"], &[]);
        expect(&["crates/a/tests/sim.rs"], &["crates/a/tests/sim.rs"]);
    }

    #[test]
    fn every_other_binary_fails() {
        expect(&["crates/a/tests/cli.rs"], &["crates/a/tests/cli.rs"]);
        expect(&["crates/a/tests/it/main.rs", "crates/a/tests/cli.rs"], &["crates/a/tests/cli.rs"]);
        expect(&["crates/a/tests/it/main.rs", "crates/a/tests/it.rs"], &["crates/a/tests/it.rs"]);
    }
}
