//! What a user of the crate relies on.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod filter;
mod golden;
mod index;
mod interpret;
mod learning;
mod model;
mod strategy;
mod support;
mod text;
