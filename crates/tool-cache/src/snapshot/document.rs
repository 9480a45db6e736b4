//! What is the format of a snapshot?
//!
//! `TOOLCACH`, version (u32), secret (32 bytes), Unix milliseconds of writing (u64), the entries, and a keyed BLAKE3 of
//! all that (32 bytes). Numbers are little-endian; texts say their length (u32) first.

use std::time::{Duration, SystemTime};

use super::{Saved, SnapshotError, SnapshotErrorKind};
use crate::subkey::Secret;

const MAGIC: &[u8] = b"TOOLCACH";
const VERSION: u32 = 2;
const CHECKSUM: usize = 32;

/// A snapshot that was read.
pub(crate) struct Document {
    pub(crate) secret: Secret,
    pub(crate) written: SystemTime,
    pub(crate) entries: Vec<Saved>,
}

pub(crate) fn write(secret: &Secret, now: SystemTime, entries: impl Iterator<Item = Saved>) -> Vec<u8> {
    let millis = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_millis();
    let mut out = Writer(MAGIC.to_vec());
    out.bytes(&VERSION.to_le_bytes());
    out.bytes(secret);
    out.number(u64::try_from(millis).unwrap_or(u64::MAX));
    entries.for_each(|entry| entry.write(&mut out));
    let checksum = blake3::keyed_hash(secret, &out.0);
    out.bytes(checksum.as_bytes());
    out.0
}

pub(crate) fn read(document: &[u8]) -> Result<Document, SnapshotError> {
    let Some(after) = document.strip_prefix(MAGIC) else {
        return Err(SnapshotError::new(SnapshotErrorKind::Foreign, "this is no snapshot of a cache"));
    };
    let mut header = Reader(after);
    let version = u32::from_le_bytes(header.array()?);
    if version != VERSION {
        let message = format!("the cache snapshot has version {version}, this program reads {VERSION}");
        return Err(SnapshotError::new(SnapshotErrorKind::OtherVersion, message));
    }
    let secret = header.array()?;
    let Some((body, checksum)) = document.split_last_chunk::<CHECKSUM>() else {
        return Err(cut_off());
    };
    // Compared in constant time by blake3's own equality.
    if blake3::keyed_hash(&secret, body) != *checksum {
        return Err(SnapshotError::corrupt("the cache snapshot was cut off or changed: its checksum does not fit"));
    }
    let length = header.0.len().checked_sub(CHECKSUM).ok_or_else(cut_off)?;
    let mut reader = Reader(&header.0[..length]);
    let written = SystemTime::UNIX_EPOCH
        .checked_add(Duration::from_millis(reader.number()?))
        .ok_or_else(|| SnapshotError::corrupt("the cache snapshot has an impossible date"))?;
    let mut entries = Vec::new();
    while !reader.0.is_empty() {
        entries.push(Saved::read(&mut reader)?);
    }
    Ok(Document { secret, written, entries })
}

fn cut_off() -> SnapshotError {
    SnapshotError::corrupt("the cache snapshot is cut off")
}

/// Writes the parts of a document.
pub(super) struct Writer(Vec<u8>);

impl Writer {
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn number(&mut self, number: u64) {
        self.bytes(&number.to_le_bytes());
    }

    pub(super) fn duration(&mut self, duration: Duration) {
        self.number(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX));
    }

    /// Writes a text or list length.
    pub(super) fn length(&mut self, length: usize) {
        self.bytes(&u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
    }

    pub(super) fn text(&mut self, text: &str) {
        self.length(text.len());
        self.bytes(text.as_bytes());
    }
}

/// Reads the parts of a document; whatever they say, never beyond its end.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], SnapshotError> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or_else(cut_off)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], SnapshotError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or_else(cut_off)?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(super) fn number(&mut self) -> Result<u64, SnapshotError> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    pub(super) fn duration(&mut self) -> Result<Duration, SnapshotError> {
        Ok(Duration::from_nanos(self.number()?))
    }

    pub(super) fn length(&mut self) -> Result<usize, SnapshotError> {
        Ok(u32::from_le_bytes(self.array()?) as usize)
    }

    pub(super) fn text(&mut self) -> Result<&'a str, SnapshotError> {
        let length = self.length()?;
        std::str::from_utf8(self.take(length)?)
            .map_err(|_| SnapshotError::corrupt("the cache snapshot holds a text that is none"))
    }
}
