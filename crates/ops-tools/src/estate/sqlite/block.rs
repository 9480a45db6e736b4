//! How do values of a series lie in a row?
//!
//! A block is `n` times as `u32` seconds after the block's start, then `n` values as `f64`, all little-endian: 12 bytes a
//! value, decoded at memory speed, where a row a value costs about 100 ns each.

use super::fault::damaged;
use crate::estate::EstateError;
use crate::timerange::Window;

/// How many values a block holds at most: about two days at 5 minutes, 6 KiB.
const MAX_POINTS: usize = 512;

const TIME_BYTES: usize = 4;
const VALUE_BYTES: usize = 8;

/// Cuts a series, ascending by time, into blocks: `(start, bytes)`.
pub(super) fn encode(points: &[(i64, f64)]) -> Vec<(i64, Vec<u8>)> {
    let mut blocks = Vec::new();
    let mut rest = points;
    while let Some(&(start, _)) = rest.first() {
        let fits = rest.iter().take(MAX_POINTS).take_while(|(t, _)| offset(start, *t).is_some()).count();
        let (block, tail) = rest.split_at(fits);
        let mut bytes = Vec::with_capacity(fits * (TIME_BYTES + VALUE_BYTES));
        bytes.extend(block.iter().filter_map(|(t, _)| offset(start, *t)).flat_map(u32::to_le_bytes));
        bytes.extend(block.iter().flat_map(|(_, v)| v.to_le_bytes()));
        blocks.push((start, bytes));
        rest = tail;
    }
    blocks
}

fn offset(start: i64, time: i64) -> Option<u32> {
    u32::try_from(time.checked_sub(start)?).ok()
}

/// The values of a block that lie in a window, oldest first.
pub(super) struct Block<'a> {
    start: i64,
    times: &'a [[u8; TIME_BYTES]],
    values: &'a [[u8; VALUE_BYTES]],
}

impl<'a> Block<'a> {
    /// Reads a block, without copying it.
    pub(super) fn decode(start: i64, bytes: &'a [u8], window: Window) -> Result<Self, EstateError> {
        if !bytes.len().is_multiple_of(TIME_BYTES + VALUE_BYTES) {
            return Err(damaged("a block of metric values has a wrong length"));
        }
        let n = bytes.len() / (TIME_BYTES + VALUE_BYTES);
        let (times, values) = bytes.split_at(n * TIME_BYTES);
        let (times, values) = (times.as_chunks().0, values.as_chunks().0);
        let before = |end: i64| times.partition_point(|t| time(start, *t) < end);
        let (from, to) = (before(window.from), before(window.to));
        let range = from..to.max(from);
        Ok(Self { start, times: &times[range.clone()], values: &values[range] })
    }

    pub(super) fn len(&self) -> usize {
        self.times.len()
    }

    pub(super) fn values(&self) -> impl ExactSizeIterator<Item = f64> + use<'a> {
        self.values.iter().map(|v| f64::from_le_bytes(*v))
    }

    pub(super) fn points(&self) -> impl ExactSizeIterator<Item = (i64, f64)> + use<'a> {
        let start = self.start;
        self.times.iter().map(move |t| time(start, *t)).zip(self.values())
    }
}

fn time(start: i64, bytes: [u8; TIME_BYTES]) -> i64 {
    start.saturating_add(i64::from(u32::from_le_bytes(bytes)))
}

#[cfg(test)]
mod tests;
