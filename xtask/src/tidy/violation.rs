//! What is reported when a rule does not hold?

use std::fmt;

/// One place where a rule does not hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Violation {
    /// The file, relative to the root of the workspace.
    pub(crate) file: String,
    /// The line, from 1.
    pub(crate) line: usize,
    /// What is there.
    pub(crate) what: String,
    /// What should be there.
    pub(crate) expected: String,
}

impl Violation {
    /// Makes a violation at a line of a file.
    pub(crate) fn new(file: &str, line: usize, what: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, what: what.into(), expected: expected.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}; expected {}", self.file, self.line, self.what, self.expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_one_line() {
        let violation = Violation::new("a.rs", 7, "a thing", "another");
        assert_eq!(violation.to_string(), "a.rs:7: a thing; expected another");
    }
}
