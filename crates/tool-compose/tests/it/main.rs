//! What a user of the crate relies on.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod definition;
mod log;
mod model;
mod run;
mod support;
mod tool;
