//! What is a tool of this number called?

use std::sync::OnceLock;

use tool_core::{ToolId, ToolName};

/// The names of the tools seen so far, by their dense number: written once each, read without a lock.
///
/// Pages double in size, so that any number has its place and none ever moves.
#[derive(Debug)]
pub(crate) struct Roll([OnceLock<Box<[OnceLock<ToolName>]>>; PAGES]);

/// The first page has 32 places; the 27th ends beyond the largest 32-bit number.
const FIRST: usize = 32;
const PAGES: usize = 28;

impl Default for Roll {
    fn default() -> Self {
        Self([const { OnceLock::new() }; PAGES])
    }
}

impl Roll {
    /// Notes the name of a tool, the first time.
    pub(crate) fn note(&self, tool: ToolId, name: &ToolName) {
        if self.name(tool.index()).is_none() {
            self.write(tool, name);
        }
    }

    #[cold]
    fn write(&self, tool: ToolId, name: &ToolName) {
        let (page, place) = place(tool.index());
        let page_of = || (0..FIRST << page).map(|_| OnceLock::new()).collect();
        self.0[page].get_or_init(page_of)[place].get_or_init(|| name.clone());
    }

    /// Returns the name noted under a number.
    pub(crate) fn name(&self, tool: usize) -> Option<&ToolName> {
        let (page, place) = place(tool);
        self.0[page].get()?[place].get()
    }
}

fn place(number: usize) -> (usize, usize) {
    let page = ((number + FIRST) / FIRST).ilog2() as usize;
    (page, number + FIRST - (FIRST << page))
}

#[cfg(test)]
mod tests;
