//! The estate: its records, its store and its graph.

mod model;

pub use model::{Ci, EstateData, Event, MetricDef, Relation, Rule, Series, Work, WorkKind};
