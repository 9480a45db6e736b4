#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod adaptive;
mod admission;
mod admitted;
mod attempt;
mod backoff;
mod breaker;
mod budget;
mod bulkhead;
mod cut;
mod deadline;
mod depth;
mod either;
mod guarded;
mod handle;
mod hedge;
mod in_flight;
mod kinds;
mod latency;
mod limit;
mod policy;
mod random;
mod refusal;
mod retry;
mod shared;
mod stats;
mod table;
mod within;

pub use admission::{
    Abandoned, AccessPolicy, AccessPolicyBuilder, AccessRule, AdmissionError, DefaultAllow, Drained, Gate, Quota, Rate,
    RateLimiter, RateLimits, RateLimitsBuilder, Refusals, Verdict,
};
pub use admitted::{Admission, AdmittedExecutor};
pub use breaker::{BreakerForce, BreakerStatus};
pub use guarded::GuardedExecutor;
pub use in_flight::InFlight;
pub use kinds::ErrorKinds;
pub use policy::{BreakerPolicy, BreakerWindow, HedgeAfter, HedgePolicy, LimitPolicy, RetryPolicy};
pub use policy::{Excess, ResultPolicy, ToolOverride, Validation};
pub use policy::{GuardPolicy, GuardPolicyBuilder, GuardPolicyError};
pub use stats::{GuardCounts, GuardStats, ToolGuardStats};
