//! What does the program say that counts allocations?

use std::process::Command;

use serde::de::DeserializeOwned;

use crate::Outcome;

/// Asks the program `footprint`, which stands beside this one, about a layer: `cache` or `guard`.
///
/// # Errors
///
/// If the program is not there, fails, or says something else.
pub(crate) fn counted<T: DeserializeOwned>(layer: &str) -> Outcome<T> {
    let program = std::env::current_exe()?.with_file_name("footprint").with_extension(std::env::consts::EXE_EXTENSION);
    let output = Command::new(&program).arg(layer).output().map_err(|error| {
        let build = "build it: cargo build --profile bench -p benches --bin footprint";
        format!("cannot start {}: {error}; {build}", program.display())
    })?;
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        return Err(format!("footprint ended with {}: {error}", output.status).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
