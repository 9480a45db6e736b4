//! Root cause analysis: pure functions from observations to ranked suspects.

mod role;

pub use role::MetricRole;
