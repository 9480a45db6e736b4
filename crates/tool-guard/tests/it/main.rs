//! What a user of the crate relies on.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod admitted;
mod gate;
mod guarded;
mod policy;
mod rates;
mod scripted;
