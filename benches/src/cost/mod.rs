//! What is it worth to know what a load costs?

mod saved;
mod trace;

pub use saved::saved;
pub use trace::{Cost, CostTrace};
