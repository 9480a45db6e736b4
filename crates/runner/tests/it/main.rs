//! What a user of the facade relies on.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod admission;
mod allocation;
mod bench;
mod faults;
mod pipeline;
mod shutdown;
mod switches;
