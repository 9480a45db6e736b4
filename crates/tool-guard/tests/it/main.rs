//! What a user of the crate relies on.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod admitted;
mod allocation;
mod breaker;
mod guarded;
mod hedge;
mod limit;
mod policy;
mod result;
mod retry;
mod scripted;
