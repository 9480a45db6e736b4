//! What a user of the crate relies on.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod allocation;
mod bounds;
mod export;
mod logs;
mod metrics;
mod restore;
mod scripted;
mod secrets;
mod spans;
mod stats;
mod traces;
