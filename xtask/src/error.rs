//! What can go wrong in a command?

/// Any failure of a command, ready to be printed after `error: `.
pub(crate) type Error = Box<dyn std::error::Error>;

/// What a command returns.
pub(crate) type Result<T> = std::result::Result<T, Error>;
