//! A place to run the program in: its own directory, home and environment, so that nothing of the machine shows.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::village;

/// A directory that the program runs in.
pub(crate) struct Desk(TempDir);

/// What a run left.
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file of the directory and returns its name.
    pub(crate) fn write<'n>(&self, name: &'n str, content: impl AsRef<[u8]>) -> &'n str {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        name
    }

    /// Prepares a run in this directory with an empty environment.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_runner"));
        command.current_dir(self.0.path()).env_clear().env("HOME", self.0.path()).args(args);
        command
    }

    /// Runs the program as typed.
    #[track_caller]
    pub(crate) fn run(&self, args: &[&str]) -> Done {
        Done::of(self.command(args))
    }

    /// Runs the program over the small estate, keeping nothing.
    #[track_caller]
    pub(crate) fn ask(&self, args: &[&str]) -> Done {
        self.run(&[&["--no-state", "--estate", village::estate()], args].concat())
    }

    /// Runs the program over the small estate with a state directory in this one.
    #[track_caller]
    pub(crate) fn remember(&self, args: &[&str]) -> Done {
        self.run(&[&["--state", "state", "--estate", village::estate()], args].concat())
    }

    /// Runs the program over the small estate with a text on standard input.
    #[track_caller]
    pub(crate) fn pipe_in(&self, args: &[&str], text: &str) -> Done {
        let mut command = self.command(&[&["--no-state", "--estate", village::estate()], args].concat());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        Done::from(child.wait_with_output().unwrap())
    }
}

impl From<std::process::Output> for Done {
    fn from(output: std::process::Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let done = Self { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) };
        assert!(!done.err.contains("panicked"), "{}", done.err);
        done
    }
}

impl Done {
    #[track_caller]
    pub(crate) fn of(mut command: Command) -> Self {
        Self::from(command.stdin(Stdio::null()).output().unwrap())
    }

    /// Reads stdout as exactly one JSON document.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err))
    }

    /// Fails unless the program ended so.
    #[track_caller]
    pub(crate) fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        self
    }

    /// Fails unless the program refused its input and said all of this on stderr.
    #[track_caller]
    pub(crate) fn refused(self, said: &[&str]) -> Self {
        self.failed(2, said)
    }

    /// Fails unless the program ended so, without an answer, and said all of this on stderr.
    #[track_caller]
    pub(crate) fn failed(self, code: i32, said: &[&str]) -> Self {
        let done = self.ended(code);
        assert!(done.err.starts_with("error: "), "{}", done.err);
        for part in said {
            assert!(done.err.contains(part), "`{part}` is missing: {}", done.err);
        }
        assert_eq!(
            done.err.lines().filter(|line| line.starts_with("error: ")).count(),
            1,
            "said more than once: {}",
            done.err
        );
        done
    }
}

/// Returns the names of a directory's entries.
pub(crate) fn entries(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
