//! What a user of the crate relies on.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod advise;
mod allocation;
mod control;
mod executor;
mod flight;
mod footprint;
mod freshness;
mod generic;
mod hostile;
mod invalidation;
mod isolation;
mod jcs;
mod listing;
mod million;
mod model;
mod outcomes;
mod policy;
mod snapshot;
mod support;
