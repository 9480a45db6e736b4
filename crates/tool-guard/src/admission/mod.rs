//! What is asked about a call before any answer, cached or not?

mod access;
mod bucket;
mod error;
mod gate;
mod limiter;
mod limits;
mod meter;
mod pattern;
mod refusals;
mod roll;
mod rule;
mod slots;
mod ticks;
mod window;

pub use access::{AccessPolicy, AccessPolicyBuilder, DefaultAllow};
pub use bucket::Rate;
pub use error::AdmissionError;
pub(crate) use gate::Inside;
pub use gate::{Abandoned, Drained, Gate};
pub use limiter::RateLimiter;
pub(crate) use limiter::Who;
pub use limits::{RateLimits, RateLimitsBuilder};
pub use refusals::Refusals;
pub(crate) use refusals::{Reason, RefusalCounts};
pub use rule::{AccessRule, Verdict};
pub use window::Quota;
