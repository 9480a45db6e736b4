//! Is a tool left alone for a while? The judgement, what it is judged by, and the gate before the calls.

mod gate;
mod group;
mod machine;
mod window;

pub(crate) use gate::{Admission, Breaker};
pub(crate) use group::Groups;
pub(crate) use machine::Verdict;
pub use machine::{BreakerForce, BreakerStatus};
