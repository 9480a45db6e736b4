//! What may a tool return?

use super::error::{Checked, require, some};

/// What a tool may return.
///
/// | setting | default | bound | source |
/// |---|---|---|---|
/// | `max_bytes` | 4 MiB | 16 bytes to 1 GiB | the body limit of the common MCP server library |
/// | `max_depth` | 64 | 1 to 127 | serde_json parses 127 levels; half is left for what wraps the result |
/// | `excess` | refused | | |
/// | `validation` | off | | checking costs a parse of every result |
///
/// A result that is cut stays valid JSON: whole elements are left out at its end, what is too deep becomes `null`. It
/// says so in its report ([`Extent::Cut`](tool_core::Extent::Cut), a limit and a warning), is never cached, and is not
/// validated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResultPolicy {
    pub(crate) max_bytes: u64,
    pub(crate) max_depth: u32,
    pub(crate) excess: Excess,
    pub(crate) validation: Validation,
}

/// What becomes of a result that is too large or too deep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Excess {
    /// The call fails with [`TooLarge`](tool_core::ErrorKind::TooLarge).
    #[default]
    Refuse,
    /// The result is cut, and says so.
    Cut,
}

/// What becomes of a result that does not fit its tool's output schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Validation {
    /// Nobody looks.
    #[default]
    Off,
    /// The answer carries a warning, and it is counted.
    Warn,
    /// The call fails with [`InvalidOutput`](tool_core::ErrorKind::InvalidOutput).
    Enforce,
}

impl ResultPolicy {
    /// Sets how many bytes of JSON a result may have.
    #[must_use]
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Sets how many levels of arrays and objects a result may have.
    #[must_use]
    pub fn max_depth(mut self, levels: u32) -> Self {
        self.max_depth = levels;
        self
    }

    /// Sets what becomes of a result that is over either.
    #[must_use]
    pub fn excess(mut self, excess: Excess) -> Self {
        self.excess = excess;
        self
    }

    /// Sets what becomes of a result that does not fit its schema.
    #[must_use]
    pub fn validation(mut self, validation: Validation) -> Self {
        self.validation = validation;
        self
    }

    pub(crate) fn check(&self) -> Checked {
        let bytes = self.max_bytes;
        require((16..=1 << 30).contains(&bytes), "max_bytes", bytes, "from 16 to 1073741824 (1 GiB)")?;
        some("max_depth", self.max_depth)?;
        require(self.max_depth <= 127, "max_depth", self.max_depth, "at most 127")
    }
}

impl Default for ResultPolicy {
    fn default() -> Self {
        Self { max_bytes: 4 << 20, max_depth: 64, excess: Excess::Refuse, validation: Validation::Off }
    }
}
