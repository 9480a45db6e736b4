//! How is a command run, timed, and repeated by hand when it fails?

use std::fmt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::error::Result;

/// A command line, with the environment variables it needs.
#[derive(Debug, Clone)]
pub(crate) struct Invocation {
    line: String,
    env: Vec<(&'static str, String)>,
}

impl Invocation {
    /// Makes an invocation from words separated by blanks; there is no quoting.
    pub(crate) fn new(line: impl Into<String>) -> Self {
        Self { line: line.into(), env: Vec::new() }
    }

    /// Adds an environment variable.
    pub(crate) fn env(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.env.push((name, value.into()));
        self
    }

    /// Runs the command in `dir`; its output goes to the terminal.
    ///
    /// # Errors
    ///
    /// If it cannot be started or does not exit with 0.
    pub(crate) fn run(&self, dir: &Path) -> Result<()> {
        let status = self.command(dir).status().map_err(|error| format!("cannot start `{self}`: {error}"))?;
        if status.success() { Ok(()) } else { Err(format!("`{self}` ended with {status}").into()) }
    }

    /// Runs the command in `dir` and returns what it wrote to stdout.
    ///
    /// # Errors
    ///
    /// As [`Invocation::run`]; the message then holds what it wrote to stderr.
    pub(crate) fn output(&self, dir: &Path) -> Result<String> {
        let output = self.command(dir).output().map_err(|error| format!("cannot start `{self}`: {error}"))?;
        if !output.status.success() {
            let stderr = String::from_utf8_lossy(&output.stderr);
            return Err(format!("`{self}` ended with {}:\n{stderr}", output.status).into());
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Returns the command, to be run in `dir`.
    pub(crate) fn command(&self, dir: &Path) -> Command {
        let mut words = self.line.split_whitespace();
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).current_dir(dir);
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }
}

impl fmt::Display for Invocation {
    /// Writes what a person types into a shell to do the same.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.env {
            write!(f, "{name}='{value}' ")?;
        }
        f.write_str(&self.line)
    }
}

/// A run of several steps: prints each with its time and stops at the first that fails.
#[derive(Debug)]
pub(crate) struct Steps {
    job: &'static str,
    started: Instant,
    done: usize,
}

impl Steps {
    /// Starts a run; `job` is the word that its lines begin with.
    pub(crate) fn start(job: &'static str) -> Self {
        Self { job, started: now(), done: 0 }
    }

    /// Runs one step that is an external command.
    ///
    /// # Errors
    ///
    /// As [`Steps::step`].
    pub(crate) fn command(&mut self, name: &str, invocation: &Invocation, dir: &Path) -> Result<()> {
        self.step(name, &invocation.to_string(), || invocation.run(dir))
    }

    /// Runs one step; `repeat` is the command line that does the same by hand.
    ///
    /// # Errors
    ///
    /// If the step fails: the message names it, its time and how to repeat it.
    pub(crate) fn step(&mut self, name: &str, repeat: &str, action: impl FnOnce() -> Result<()>) -> Result<()> {
        println!("{}: {name}: {repeat}", self.job);
        let started = now();
        let outcome = action();
        let took = Seconds(started.elapsed());
        match outcome {
            Ok(()) => {
                self.done += 1;
                println!("{}: {name}: ok in {took}", self.job);
                Ok(())
            }
            Err(error) => {
                let job = self.job;
                Err(format!("{error}\n{job}: step `{name}` failed after {took}; to repeat it: {repeat}").into())
            }
        }
    }

    /// Ends the run and prints how long it took in all.
    pub(crate) fn finish(self) {
        println!("{}: all {} steps ok in {}", self.job, self.done, Seconds(self.started.elapsed()));
    }
}

/// A duration as people read it: `4.2 s`, `3 min 05 s`.
struct Seconds(Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_secs() {
            0..60 => write!(f, "{:.1} s", self.0.as_secs_f64()),
            seconds => write!(f, "{} min {:02} s", seconds / 60, seconds % 60),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "xtask times processes; no test depends on what it reads")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_is_a_shell_line() {
        let invocation = Invocation::new("cargo doc --no-deps").env("RUSTDOCFLAGS", "-D warnings");
        assert_eq!(invocation.to_string(), "RUSTDOCFLAGS='-D warnings' cargo doc --no-deps");
    }

    #[test]
    fn failed_step_names_its_repeat() {
        let error = Steps::start("ci").step("docs", "cargo doc", || Err("broken link".into())).unwrap_err();
        let message = error.to_string();
        assert!(message.starts_with("broken link\nci: step `docs` failed after "), "{message}");
        assert!(message.ends_with("; to repeat it: cargo doc"), "{message}");
    }

    #[test]
    fn exit_status_decides() {
        let dir = Path::new(".");
        assert!(Invocation::new("rustc --version").output(dir).is_ok());
        assert!(Invocation::new("rustc --no-such-option").output(dir).is_err());
    }

    #[test]
    fn long_times_are_in_minutes() {
        assert_eq!(Seconds(Duration::from_millis(4_240)).to_string(), "4.2 s");
        assert_eq!(Seconds(Duration::from_secs(185)).to_string(), "3 min 05 s");
    }
}
