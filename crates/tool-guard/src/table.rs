//! Where is the state of the tool with this number?

use std::{fmt, sync::OnceLock};

use tool_core::ToolId;

/// How many tools the first chunk holds; each further chunk holds twice as many as the one before.
const FIRST: usize = 64;
/// Chunks enough for every `u32`.
const CHUNKS: usize = 27;

/// State per tool by its dense number: grows only, and is read without a lock.
pub(crate) struct Table<T> {
    chunks: [OnceLock<Box<[OnceLock<T>]>>; CHUNKS],
}

impl<T> Table<T> {
    pub(crate) fn new() -> Self {
        Self { chunks: [const { OnceLock::new() }; CHUNKS] }
    }

    /// Returns the state of a tool, if it was ever made.
    pub(crate) fn get(&self, tool: ToolId) -> Option<&T> {
        let (chunk, place) = place_of(tool.index());
        self.chunks[chunk].get()?[place].get()
    }

    /// Returns the state of a tool, made on first use.
    pub(crate) fn get_or_make(&self, tool: ToolId, make: impl FnOnce() -> T) -> &T {
        let (chunk, place) = place_of(tool.index());
        let slots = self.chunks[chunk].get_or_init(|| (0..FIRST << chunk).map(|_| OnceLock::new()).collect());
        slots[place].get_or_init(make)
    }

    /// Returns what was made so far, in the order of the numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().filter_map(OnceLock::get).flat_map(|slots| slots.iter().filter_map(OnceLock::get))
    }
}

/// Finds chunk and place: chunk `c` holds the numbers from `FIRST * (2^c - 1)`.
fn place_of(index: usize) -> (usize, usize) {
    let shifted = index + FIRST;
    let chunk = (shifted.ilog2() - FIRST.ilog2()) as usize;
    (chunk, shifted - (FIRST << chunk))
}

impl<T> fmt::Debug for Table<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Table({} tools)", self.iter().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_follow_one_another() {
        let mut expected = (0..12).flat_map(|chunk| (0..FIRST << chunk).map(move |place| (chunk, place)));
        for index in 0..100_000 {
            assert_eq!(Some(place_of(index)), expected.next());
        }
        assert_eq!(place_of(u32::MAX as usize).0, CHUNKS - 1);
    }
}
