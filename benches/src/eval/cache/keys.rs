//! Which keys does a trace file hold?

use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::packed;
use crate::error::Result;

/// How keys are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum Format {
    /// Four bytes each, the highest first.
    #[serde(rename = "u32be")]
    U32Be,
    /// Eight bytes each, the highest first.
    #[serde(rename = "u64be")]
    U64Be,
    /// One integer per line; other lines are skipped.
    #[serde(rename = "lines")]
    Lines,
}

/// How many requests a trace has at most: they are held in memory, twelve bytes each and as much again to look ahead.
const MOST: usize = 200_000_000;
/// How long a line is at most, in bytes: what is longer is no text of integers.
const LONGEST_LINE: u64 = 4096;

/// Reads all keys of a file, which is unpacked as it is read.
///
/// # Errors
///
/// What is wrong, with the file and the place in what it unpacks to.
pub(super) fn read(file: &Path, format: Format) -> Result<Vec<u64>> {
    let raw = packed::open(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let mut source = Source { file: file.to_owned(), reader: BufReader::new(raw), offset: 0, line: Vec::new() };
    let mut keys = Vec::new();
    while let Some(key) = source.next(format)? {
        if keys.len() == MOST {
            return Err(source.wrong(&format!("at most {MOST} requests"), "more"));
        }
        keys.push(key);
    }
    if keys.is_empty() {
        return Err(source.wrong("at least one key", "none"));
    }
    Ok(keys)
}

/// A file that is being read.
struct Source<R> {
    file: PathBuf,
    reader: BufReader<R>,
    /// How many unpacked bytes were read.
    offset: u64,
    line: Vec<u8>,
}

impl<R: Read> Source<R> {
    /// Returns the next key, or `None` at the end.
    fn next(&mut self, format: Format) -> Result<Option<u64>> {
        match format {
            Format::U32Be => Ok(self.bytes("4 bytes of a key")?.map(|bytes| u32::from_be_bytes(bytes).into())),
            Format::U64Be => Ok(self.bytes("8 bytes of a key")?.map(u64::from_be_bytes)),
            Format::Lines => self.integer(),
        }
    }

    fn bytes<const N: usize>(&mut self, expected: &str) -> Result<Option<[u8; N]>> {
        let mut bytes = [0; N];
        let mut filled = 0;
        while filled < N {
            match self.reader.read(&mut bytes[filled..]) {
                Ok(0) if filled == 0 => return Ok(None),
                Ok(0) => return Err(self.wrong(expected, &format!("the end after {filled}"))),
                Ok(read) => filled += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(self.broken(filled as u64, &error)),
            }
        }
        self.offset += N as u64;
        Ok(Some(bytes))
    }

    fn integer(&mut self) -> Result<Option<u64>> {
        loop {
            self.line.clear();
            let read = self.reader.by_ref().take(LONGEST_LINE + 1).read_until(b'\n', &mut self.line);
            let read = read.map_err(|error| self.broken(self.line.len() as u64, &error))? as u64;
            if read == 0 {
                return Ok(None);
            }
            if read > LONGEST_LINE {
                return Err(self.wrong(&format!("a line of at most {LONGEST_LINE} bytes"), "a longer one"));
            }
            match parse(&self.line) {
                Line::Key(key) => {
                    self.offset += read;
                    return Ok(Some(key));
                }
                Line::TooLarge => return Err(self.wrong("an integer of 64 bits", "a larger one")),
                Line::Other => self.offset += read,
            }
        }
    }

    fn wrong(&self, expected: &str, found: &str) -> crate::error::Error {
        format!("{}: at byte {}: expected {expected}, found {found}", self.file.display(), self.offset).into()
    }

    fn broken(&self, ahead: u64, error: &std::io::Error) -> crate::error::Error {
        let (file, at) = (self.file.display(), self.offset + ahead);
        format!("{file}: at unpacked byte {at}: expected {}: {error}", packed::expected(&self.file)).into()
    }
}

/// What a line is.
#[derive(Debug, PartialEq, Eq)]
enum Line {
    Key(u64),
    TooLarge,
    Other,
}

/// Reads a line; a negative integer stands for the bits of its two's complement.
fn parse(line: &[u8]) -> Line {
    let text = std::str::from_utf8(line).unwrap_or_default().trim();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Line::Other;
    }
    let key = text.parse().or_else(|_| text.parse::<i64>().map(i64::cast_unsigned));
    key.map_or(Line::TooLarge, Line::Key)
}

#[cfg(test)]
mod tests;
