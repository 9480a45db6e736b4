//! Where are the public data sets?

use std::io::Write;
use std::path::PathBuf;

/// Returns the folder `part` of the data sets, or says that the test is skipped.
///
/// The root is `$RUNNER_DATA`; `RUNNER_REQUIRE_DATA=1` turns the skip into a failure.
pub(crate) fn data(part: &str) -> Option<PathBuf> {
    let dir = std::env::var_os("RUNNER_DATA").map(|root| PathBuf::from(root).join(part));
    let found = dir.filter(|dir| dir.is_dir());
    if found.is_none() {
        let required = std::env::var_os("RUNNER_REQUIRE_DATA").is_some_and(|value| value == "1");
        assert!(!required, "RUNNER_REQUIRE_DATA=1, but $RUNNER_DATA/{part} is not a folder");
        // Not `eprintln!`, which the test harness would swallow.
        let said = format!("SKIPPED: $RUNNER_DATA/{part} is not a folder\n");
        std::io::stderr().write_all(said.as_bytes()).unwrap();
    }
    found
}
