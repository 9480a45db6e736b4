//! Does the whole hold when everything goes wrong at once, and for long?

use clap::Args;

use crate::error::Result;
use crate::run::Invocation;
use crate::workspace::Workspace;

/// What is simulated.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Seeds {
    /// How many seeds to run.
    #[arg(long, default_value_t = 1000)]
    seeds: u64,
    /// The first seed: with `--seeds 1`, the one to replay.
    #[arg(long, value_name = "FIRST", default_value_t = 0)]
    seed: u64,
    /// Then switches on one small defect after the other, and tells which the simulation notices.
    #[arg(long)]
    planted: bool,
    /// Prints one JSON document.
    #[arg(long)]
    json: bool,
}

/// How long the soak is.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Soak {
    /// How many calls to make.
    #[arg(long, default_value_t = 1_000_000)]
    calls: u64,
    /// Prints one JSON document.
    #[arg(long)]
    json: bool,
}

/// Builds the simulation with optimisation and runs it, on two threads.
///
/// # Errors
///
/// If it does not compile, a seed fails, a fault happens too seldom, or a planted defect is not noticed.
pub(crate) fn sim(workspace: &Workspace, seeds: Seeds) -> Result<()> {
    sim_invocation(workspace, seeds).run(workspace.root())
}

fn sim_invocation(workspace: &Workspace, seeds: Seeds) -> Invocation {
    let Seeds { seeds, seed, planted, json } = seeds;
    let line = format!("{} sim -- --seeds {seeds} --seed {seed}{}", TEST, flag("json", json));
    if !planted {
        return Invocation::new(line);
    }
    // The defects are in no other build, so this one has a directory of its own.
    let target = workspace.target_dir().join("planted");
    let flags = std::env::var("RUSTFLAGS").unwrap_or_default();
    let flags = format!("{flags} --cfg planted");
    Invocation::new(format!("{line} --planted")).env("RUSTFLAGS", flags.trim()).env("CARGO_TARGET_DIR", target)
}

/// Builds the soak with optimisation and runs it.
///
/// # Errors
///
/// If it does not compile, or an invariant does not hold.
pub(crate) fn soak(workspace: &Workspace, soak: Soak) -> Result<()> {
    soak_invocation(soak).run(workspace.root())
}

fn soak_invocation(Soak { calls, json }: Soak) -> Invocation {
    Invocation::new(format!("{TEST} soak -- --calls {calls}{}", flag("json", json)))
}

/// Both are programs beside the facade's tests.
const TEST: &str = "cargo test --quiet --release --locked --package tool-runner --test";

fn flag(name: &str, is_set: bool) -> String {
    if is_set { format!(" --{name}") } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEEDS: Seeds = Seeds { seeds: 7, seed: 3, planted: false, json: true };

    #[test]
    fn options_reach_the_simulation() {
        let workspace = Workspace::load().unwrap();
        let line = sim_invocation(&workspace, SEEDS).to_string();
        assert!(line.ends_with("--test sim -- --seeds 7 --seed 3 --json"), "{line}");
    }

    #[test]
    fn planted_build_stands_apart() {
        let workspace = Workspace::load().unwrap();
        let line = sim_invocation(&workspace, Seeds { planted: true, ..SEEDS }).to_string();
        assert!(line.contains("--cfg planted") && line.contains("/planted'") && line.ends_with(" --planted"), "{line}");
    }

    #[test]
    fn options_reach_the_soak() {
        let line = soak_invocation(Soak { calls: 5, json: false }).to_string();
        assert!(line.ends_with("--test soak -- --calls 5"), "{line}");
    }
}
