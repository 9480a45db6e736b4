#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod admitted;
mod deadline;
mod guarded;
mod in_flight;
mod policy;

pub use admitted::AdmittedExecutor;
pub use guarded::GuardedExecutor;
pub use in_flight::InFlight;
pub use policy::{GuardPolicy, GuardPolicyBuilder, GuardPolicyError};
