//! Which targets are there, and how is one built and run?

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::run::Invocation;
use crate::workspace::Workspace;

/// Where the programs and their committed inputs are, relative to the root.
const PACKAGE: &str = "xtask/fuzz";

/// Makes stable rustc put into the code what libFuzzer reads: which edges were taken, which values were compared.
///
/// Source: LLVM, SanitizerCoverage, "inline 8bit-counters", "PC-Table" and "Tracing data flow".
const RUSTFLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
                         -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
                         -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares \
                         -Ccodegen-units=1";

/// The longest input, in bytes, that is tried.
const MAX_BYTES: u32 = 4096;
/// An input that takes longer, in seconds, is a finding.
const MAX_SECONDS: u32 = 10;
/// An input that takes more memory, in MiB, is a finding.
const MAX_MIB: u32 = 2048;

/// What is built and run for one target, and where everything is.
#[derive(Debug)]
pub(super) struct Plan {
    target: String,
    seconds: u32,
    package: PathBuf,
    build_dir: PathBuf,
    host: String,
}

impl Plan {
    /// Finds a target by name.
    ///
    /// # Errors
    ///
    /// If there is none; the message names those that there are.
    pub(super) fn new(workspace: &Workspace, target: &str, seconds: u32) -> Result<Self> {
        let package = workspace.root().join(PACKAGE);
        find(target, &targets(&package.join("targets"))?)?;
        let host = Invocation::new("rustc --print host-tuple").output(workspace.root())?.trim().to_owned();
        let build_dir = workspace.target_dir().join("fuzz").into_std_path_buf();
        Ok(Self { target: target.to_owned(), seconds, package, build_dir, host })
    }

    /// Returns the directory of the package of the programs.
    pub(super) fn package(&self) -> &Path {
        &self.package
    }

    /// Returns the command that builds the program.
    ///
    /// The explicit `--target` keeps the flags from build scripts and macros, which run without the fuzzer. Not
    /// `--locked`: the lock file follows the workspace's manifests, and git shows how.
    pub(super) fn build(&self) -> Invocation {
        let line = format!("cargo build --release --bin {} --target {}", self.target, self.host);
        Invocation::new(line).env("RUSTFLAGS", RUSTFLAGS).env("CARGO_TARGET_DIR", self.build_dir.display().to_string())
    }

    /// Returns the command that runs the program: new inputs go to the first directory, the committed ones are read.
    pub(super) fn program(&self) -> Invocation {
        let program = self.build_dir.join(&self.host).join("release").join(&self.target);
        Invocation::new(format!(
            "{} {} {} -artifact_prefix={}/ -max_total_time={} -max_len={MAX_BYTES} -timeout={MAX_SECONDS} \
             -rss_limit_mb={MAX_MIB}",
            program.display(),
            self.found().display(),
            self.committed().display(),
            self.findings().display(),
            self.seconds,
        ))
    }

    /// Returns where inputs that reach new code are kept from one run to the next.
    fn found(&self) -> PathBuf {
        self.build_dir.join("corpus").join(&self.target)
    }

    /// Returns where the committed inputs are.
    pub(super) fn committed(&self) -> PathBuf {
        self.package.join("corpus").join(&self.target)
    }

    /// Returns where inputs that break a promise are written.
    pub(super) fn findings(&self) -> PathBuf {
        self.build_dir.join("findings").join(&self.target)
    }

    /// Makes the directories that the program writes to.
    ///
    /// # Errors
    ///
    /// If one cannot be made.
    pub(super) fn make_dirs(&self) -> Result<()> {
        fs::create_dir_all(self.found())?;
        fs::create_dir_all(self.findings())?;
        Ok(())
    }
}

/// Lists the targets: one file each.
fn targets(dir: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir).map_err(|error| format!("{}: {error}", dir.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".rs").map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

fn find(target: &str, known: &[String]) -> Result<()> {
    if known.iter().any(|name| name == target) {
        return Ok(());
    }
    Err(format!("no fuzz target is called `{target}`: there are {}", known.join(", ")).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        Plan {
            target: "key".to_owned(),
            seconds: 5,
            package: "/p".into(),
            build_dir: "/b".into(),
            host: "host".to_owned(),
        }
    }

    #[test]
    fn unknown_target_names_the_known() {
        let known = ["config", "key"].map(str::to_owned);
        assert!(find("key", &known).is_ok());
        let message = find("keys", &known).unwrap_err().to_string();
        assert_eq!(message, "no fuzz target is called `keys`: there are config, key");
    }

    #[test]
    fn targets_are_the_files() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["b.rs", "a.rs", "README.md"] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        assert_eq!(targets(dir.path()).unwrap(), ["a", "b"]);
        assert!(targets(&dir.path().join("none")).is_err());
    }

    #[test]
    fn instrumented_build_names_its_target() {
        let build = plan().build().to_string();
        assert!(build.contains("-Cpasses=sancov-module"), "{build}");
        assert!(build.ends_with("cargo build --release --bin key --target host"), "{build}");
    }

    #[test]
    fn run_is_bounded_and_keeps_what_it_finds() {
        assert_eq!(
            plan().program().to_string(),
            "/b/host/release/key /b/corpus/key /p/corpus/key -artifact_prefix=/b/findings/key/ -max_total_time=5 \
             -max_len=4096 -timeout=10 -rss_limit_mb=2048"
        );
    }
}
