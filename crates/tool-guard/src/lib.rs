#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod admission;
mod admitted;
mod deadline;
mod guarded;
mod in_flight;
mod policy;

pub use admission::{
    Abandoned, AccessPolicy, AccessPolicyBuilder, AccessRule, AdmissionError, DefaultAllow, Drained, Gate, Quota, Rate,
    RateLimiter, RateLimits, RateLimitsBuilder, Refusals, Verdict,
};
pub use admitted::{Admission, AdmittedExecutor};
pub use guarded::GuardedExecutor;
pub use in_flight::InFlight;
pub use policy::{GuardPolicy, GuardPolicyBuilder, GuardPolicyError};
