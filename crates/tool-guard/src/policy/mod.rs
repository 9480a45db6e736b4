//! What bounds a call, one file per mechanism?

mod breaker;
mod builder;
mod error;
mod guard;
mod hedge;
mod limit;
mod result;
mod retry;
mod rules;

pub use breaker::{BreakerPolicy, BreakerWindow};
pub use builder::GuardPolicyBuilder;
pub use error::GuardPolicyError;
pub use guard::GuardPolicy;
pub use hedge::{HedgeAfter, HedgePolicy};
pub use limit::LimitPolicy;
pub use result::{Excess, ResultPolicy, Validation};
pub use retry::RetryPolicy;
pub use rules::ToolOverride;

pub(crate) use limit::Adaptive;
pub(crate) use rules::Rules;
