#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod estate;
mod rca;

pub use estate::{Ci, EstateData, Event, MetricDef, Relation, Rule, Series, Work, WorkKind};
pub use rca::MetricRole;
