//! Is every committed input replayed, and every target given some?

use std::fs;
use std::path::{Path, PathBuf};

use fuzz_checks::TARGETS;

/// The fewest committed inputs of a target.
const LEAST: usize = 5;

fn dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus")
}

fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn committed_inputs_pass_their_checks() {
    for (target, check) in TARGETS {
        let dir = dir().join(target);
        for name in names(&dir) {
            let input = fs::read(dir.join(&name)).unwrap();
            // Shown when the check panics: which input it was.
            println!("replaying corpus/{target}/{name}");
            check(&input);
        }
    }
}

#[test]
fn every_target_has_inputs_and_a_program() {
    let targets: Vec<_> = TARGETS.iter().map(|(target, _)| (*target).to_owned()).collect();
    assert_eq!(names(&dir()), targets);
    let programs: Vec<_> = targets.iter().map(|target| format!("{target}.rs")).collect();
    assert_eq!(names(&dir().join("../targets")), programs);
    for target in &targets {
        let count = names(&dir().join(target)).len();
        assert!(count >= LEAST, "corpus/{target} has {count} inputs, expected at least {LEAST}");
    }
}
