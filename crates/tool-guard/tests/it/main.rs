//! What a user of the crate relies on.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod admitted;
mod guarded;
mod policy;
mod scripted;
