//! How is a CSV file with one header row read, so that every complaint names its place?

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use ::csv::{Reader, ReaderBuilder, StringRecord, Trim};

use super::cell;
use super::error::{ImportError, ImportErrorKind};
use crate::nearest::did_you_mean;

/// The columns a file may have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    /// Must be there.
    pub required: &'static [&'static str],
    /// May be there.
    pub optional: &'static [&'static str],
    /// Any column whose name begins so may be there, as in `tags.role`.
    pub prefixes: &'static [&'static str],
}

impl Columns {
    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.required.iter().chain(self.optional).copied()
    }

    fn knows(&self, name: &str) -> bool {
        let prefixed = |prefix: &&str| name.len() > prefix.len() && name.starts_with(*prefix);
        self.names().any(|known| known == name) || self.prefixes.iter().any(prefixed)
    }
}

/// An open CSV file whose header has been checked.
#[derive(Debug)]
pub(super) struct Sheet {
    file: PathBuf,
    header: Vec<String>,
    reader: Reader<File>,
    record: StringRecord,
}

impl Sheet {
    /// Opens the file and checks its header against the columns it may have.
    pub(super) fn open(file: &Path, columns: &Columns) -> Result<Self, ImportError> {
        let sheet = Self::open_any(file)?;
        sheet.check_header(columns)?;
        Ok(sheet)
    }

    /// Opens the file; its header may hold any names, each once.
    pub(super) fn open_any(file: &Path) -> Result<Self, ImportError> {
        let opened = File::open(file).map_err(|cause| ImportError::unreadable(file, cause))?;
        let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(opened);
        let header: Vec<String> = reader
            .headers()
            .map_err(|cause| malformed(file, cause))?
            .iter()
            .map(|name| name.trim_start_matches('\u{feff}').to_owned())
            .collect();
        let sheet = Self { file: file.to_owned(), header, reader, record: StringRecord::new() };
        sheet.check_unique()?;
        Ok(sheet)
    }

    fn check_unique(&self) -> Result<(), ImportError> {
        for (position, name) in self.header.iter().enumerate() {
            if self.header[..position].contains(name) {
                return Err(self.header_error(name, "given twice"));
            }
        }
        Ok(())
    }

    fn check_header(&self, columns: &Columns) -> Result<(), ImportError> {
        for name in &self.header {
            if !columns.knows(name) {
                let hint = did_you_mean(name, columns.names());
                return Err(self.header_error(name, &format!("not a column of this file{hint}")));
            }
        }
        for name in columns.required {
            if !self.header.iter().any(|given| given == name) {
                return Err(self.header_error(name, "missing from the header"));
            }
        }
        Ok(())
    }

    /// Complains about a column of the header.
    pub(super) fn header_error(&self, column: &str, problem: &str) -> ImportError {
        ImportError::new(ImportErrorKind::Header, &self.file, problem).at_line(1).in_column(column)
    }

    /// Returns the names of the columns, in the file's order.
    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// Reads the next row, if there is one.
    pub(super) fn next_row(&mut self) -> Result<Option<Row<'_>>, ImportError> {
        let more = self.reader.read_record(&mut self.record);
        let more = more.map_err(|cause| malformed(&self.file, cause))?;
        let row = Row { file: &self.file, header: &self.header, record: &self.record };
        Ok(more.then_some(row))
    }
}

/// Turns an error of the CSV reader into one that names its line.
pub(super) fn malformed(file: &Path, cause: ::csv::Error) -> ImportError {
    let line = cause.position().map(|position| line(file, position));
    let kind = ImportErrorKind::Malformed;
    let error = match cause.kind() {
        ::csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            let cells = if *len == 1 { "cell" } else { "cells" };
            ImportError::new(kind, file, format!("{len} {cells} where the header has {expected_len}"))
        }
        ::csv::ErrorKind::Utf8 { .. } => ImportError::new(kind, file, "not UTF-8 text"),
        _ => ImportError::new(kind, file, "cannot be read as CSV").because(cause),
    };
    match line {
        Some(line) => error.at_line(line),
        None => error,
    }
}

/// Returns the line on which a record begins: the reader's position is where the one before ended, and blank lines may
/// stand between them.
fn line(file: &Path, position: &::csv::Position) -> u64 {
    let skipped = || -> std::io::Result<u64> {
        let mut text = BufReader::new(File::open(file)?);
        text.seek(SeekFrom::Start(position.byte()))?;
        let mut lines = 0;
        for byte in text.bytes() {
            match byte? {
                b'\n' => lines += 1,
                b'\r' => {}
                _ => break,
            }
        }
        Ok(lines)
    };
    // A file that cannot be read again was read a moment ago: the reader's own count is the best there is.
    position.line() + skipped().unwrap_or(0)
}

/// One row of a [`Sheet`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    file: &'a Path,
    header: &'a [String],
    record: &'a StringRecord,
}

impl<'a> Row<'a> {
    /// Returns a cell's text; a missing column and an empty cell are both "missing".
    pub(super) fn text(&self, column: &str) -> Option<&'a str> {
        let position = self.header.iter().position(|name| name == column)?;
        self.record.get(position).filter(|text| !text.is_empty())
    }

    /// Returns the first cell's text.
    pub(super) fn first(&self) -> Option<&'a str> {
        self.record.get(0).filter(|text| !text.is_empty())
    }

    /// Returns the cells that are not empty, with their column's name.
    pub(super) fn cells(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let cells = self.header.iter().map(String::as_str).zip(self.record.iter());
        cells.filter(|(_, text)| !text.is_empty())
    }

    /// Returns a cell that must not be empty.
    pub(super) fn required(&self, column: &str) -> Result<&'a str, ImportError> {
        let missing = || self.error(ImportErrorKind::Value, column, "empty; a value is required");
        self.text(column).ok_or_else(missing)
    }

    /// Returns a cell that holds a time, in Unix seconds, if it holds anything.
    pub(super) fn time(&self, column: &str) -> Result<Option<i64>, ImportError> {
        let expected = "a time: RFC 3339 or Unix seconds";
        let read = |text| cell::time(text).ok_or_else(|| self.wrong(column, text, expected));
        self.text(column).map(read).transpose()
    }

    /// Returns a cell that must hold a time, in Unix seconds.
    pub(super) fn required_time(&self, column: &str) -> Result<i64, ImportError> {
        self.required(column)?;
        self.time(column).map(Option::unwrap_or_default)
    }

    /// Returns a cell that holds a finite number, if it holds anything.
    pub(super) fn number(&self, column: &str) -> Result<Option<f64>, ImportError> {
        let read = |text| cell::number(text).ok_or_else(|| self.wrong(column, text, "a finite number"));
        self.text(column).map(read).transpose()
    }

    /// Complains that a cell does not hold what its column asks for.
    pub(super) fn wrong(&self, column: &str, text: &str, expected: &str) -> ImportError {
        let message = format!("{} is not {expected}", cell::shown(text));
        self.error(ImportErrorKind::Value, column, &message)
    }

    /// Complains that a cell holds none of the names it may hold.
    pub(super) fn unknown(&self, column: &str, text: &str, known: &[&str]) -> ImportError {
        let hint = did_you_mean(text, known.iter().copied());
        self.wrong(column, text, &format!("one of {}{hint}", known.join(", ")))
    }

    /// Complains about a cell.
    pub(super) fn error(&self, kind: ImportErrorKind, column: &str, message: &str) -> ImportError {
        let error = ImportError::new(kind, self.file, message).in_column(column);
        match self.record.position() {
            Some(position) => error.at_line(line(self.file, position)),
            None => error,
        }
    }
}
