//! What belongs to each tool, without a lock to find it?

use std::sync::OnceLock;

use tool_core::ToolId;

/// Slots by dense number: made when first asked for, never moved, never freed before the table.
///
/// Chunk `n` holds 64 times 2 to the power of `n` slots, so 26 chunks reach every number.
#[derive(Debug)]
pub(crate) struct Dense<T> {
    chunks: [OnceLock<Box<[T]>>; CHUNKS],
}

const FIRST: usize = 64;
const CHUNKS: usize = 27;

impl<T: Default> Dense<T> {
    pub(crate) fn new() -> Self {
        Self { chunks: [const { OnceLock::new() }; CHUNKS] }
    }

    /// Returns a tool's slot.
    pub(crate) fn get(&self, tool: ToolId) -> &T {
        let (chunk, at) = place(tool.index());
        let slots = self.chunks[chunk].get_or_init(|| (0..FIRST << chunk).map(|_| T::default()).collect());
        &slots[at]
    }

    /// Returns a tool's slot if it was ever asked for.
    pub(crate) fn peek(&self, tool: ToolId) -> Option<&T> {
        let (chunk, at) = place(tool.index());
        self.chunks[chunk].get().map(|slots| &slots[at])
    }
}

/// Returns the chunk of a number and the place in it.
fn place(number: usize) -> (usize, usize) {
    let chunk = (number / FIRST + 1).ilog2() as usize;
    (chunk, number - FIRST * ((1 << chunk) - 1))
}

#[cfg(test)]
mod tests;
