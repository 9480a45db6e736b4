//! When would a rule trigger? A pure condition engine: no clock, no store, no network; same inputs, same bytes.

mod aggregate;
mod canonical;
mod compare;
mod condition;
mod evaluate;
mod field;
mod parse;
mod payload;
mod runtime;
mod samples;
mod secrets;
mod shrink;
mod simulate;
mod truth;

pub(crate) use parse::parse;
pub(crate) use simulate::{Inputs, MAX_INPUT_BYTES, simulate};
