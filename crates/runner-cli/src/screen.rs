//! Where does output go?

use std::io::{ErrorKind, Write};

use serde::Serialize;

use crate::{
    exit::{CliError, Exit},
    render::Paint,
};

/// The widest that human output gets, in cells.
const MAX_WIDTH: usize = 80;
/// The narrowest terminal that human output is fitted to, in cells.
const MIN_WIDTH: usize = 40;

/// Standard output: one JSON document, or text for people; written at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screen {
    /// Whether output is one JSON document.
    pub(crate) json: bool,
    /// Whether there is colour.
    pub(crate) paint: Paint,
    /// How wide text may be, in cells.
    pub(crate) width: usize,
}

impl Screen {
    /// Looks at standard output.
    pub(crate) fn new(json: bool) -> Self {
        let columns = terminal_size::terminal_size().map_or(MAX_WIDTH, |(width, _)| usize::from(width.0));
        Self { json, paint: Paint::stdout(), width: columns.clamp(MIN_WIDTH, MAX_WIDTH) }
    }

    /// Prints one answer: `data` with `--json`, else what `text` makes of it.
    pub(crate) fn show<T: Serialize>(&self, data: &T, text: impl FnOnce(&T, &Self) -> String) -> Result<(), CliError> {
        if !self.json {
            return write_out(&text(data, self));
        }
        let document = serde_json::to_string_pretty(data)
            .map_err(|error| CliError::failed(format!("answer has no JSON form: {error}")))?;
        write_out(&format!("{document}\n"))
    }

    /// Prints why a command failed: to stderr, and with `--json` as the one document on stdout too.
    pub(crate) fn fail(&self, error: &CliError) -> Exit {
        if self.json {
            let shown = write_out(&format!("{:#}\n", error.to_json()));
            drop(shown);
        }
        note(&format!("error: {error}"));
        error.exit
    }
}

/// Writes a line to stderr; nobody can be told if that fails.
pub(crate) fn note(line: &str) {
    let written = writeln!(std::io::stderr().lock(), "{line}");
    drop(written);
}

/// Writes to stdout; a reader that went away (as `head` does) is no error.
pub(crate) fn write_out(text: &str) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(CliError::failed(format!("standard output cannot be written: {error}"))),
    }
}
