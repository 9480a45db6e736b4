//! Whether the public data sets can be imported and investigated, where they are at hand.

use std::{io::Write, path::PathBuf};

use crate::desk::Desk;

/// Returns a folder of the public data, which `RUNNER_DATA` points to; says so and returns nothing without it.
fn data(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("RUNNER_DATA").map(PathBuf::from);
    let found = root.map(|root| root.join(folder)).filter(|path| path.is_dir());
    if found.is_none() {
        let required = std::env::var("RUNNER_REQUIRE_DATA").is_ok_and(|value| value == "1");
        assert!(!required, "RUNNER_DATA has no {folder}");
        drop(writeln!(std::io::stderr(), "SKIPPED: RUNNER_DATA has no {folder}"));
    }
    found
}

#[test]
fn petshop_names_a_cause() {
    let Some(directory) = data("ops/petshop/low_traffic/train/issue_0") else { return };
    let desk = Desk::new();
    desk.run(&["estate", "import", "petshop", directory.to_str().unwrap(), "--out", "e"]).ended(0);
    let done = desk.run(&["--no-state", "--estate", "e", "investigate", "--json"]);
    let answer = done.json();
    assert_eq!(done.code, if answer["complete"] == true { 0 } else { 3 });
    assert_eq!(answer["verdict"], "suspect_found");
    assert!(!answer["suspects"].as_array().unwrap().is_empty());
}

#[test]
fn nezha_is_imported_and_compared() {
    let Some(directory) = data("ops/nezha/2022-08-23") else { return };
    let desk = Desk::new();
    desk.run(&["estate", "import", "nezha", directory.to_str().unwrap(), "--out", "e"]).ended(0);
    let shown = desk.run(&["--no-state", "--estate", "e", "estate", "show", "--json"]).ended(0).json();
    assert!(shown["summary"]["items"].as_u64().unwrap() > 10);
    let done = desk.run(&["--no-state", "--estate", "e", "investigate", "frontend", "--json"]);
    assert!([0, 1, 3].contains(&done.code), "{}", done.err);
    assert_eq!(done.json()["subject"]["ci"], "frontend");
}
