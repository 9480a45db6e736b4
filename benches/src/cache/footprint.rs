//! How much memory does the cache take?

use std::process::Command;

use serde::Deserialize;

use crate::Outcome;
use crate::row::Row;

/// What the program `footprint` prints.
#[derive(Debug, Deserialize)]
struct Footprint {
    max_bytes: f64,
    live_bytes: f64,
    allocations_per_hit: f64,
}

/// Asks the program that counts allocations, which stands beside this one.
pub(super) fn run() -> Outcome<Vec<Row>> {
    let program = std::env::current_exe()?.with_file_name("footprint").with_extension(std::env::consts::EXE_EXTENSION);
    let output = Command::new(&program).output().map_err(|error| {
        let build = "build it: cargo build --profile bench -p benches --bin footprint";
        format!("cannot start {}: {error}; {build}", program.display())
    })?;
    if !output.status.success() {
        return Err(
            format!("footprint ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr)).into()
        );
    }
    let found: Footprint = serde_json::from_slice(&output.stdout)?;
    Ok(vec![
        Row::new("cache", "allocations per full hit", "", found.allocations_per_hit).at_most(0.0),
        Row::new("cache", "live bytes, full of 1 KiB values", "bytes", found.live_bytes)
            .beside("byte bound", found.max_bytes)
            .at_most(1.15),
    ])
}
