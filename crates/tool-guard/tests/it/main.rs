//! What a user of the crate relies on.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod admitted;
mod allocation;
mod breaker;
mod gate;
mod guarded;
mod hedge;
mod limit;
mod policy;
mod rates;
mod result;
mod retry;
mod scripted;
