//! The demo estate: a deterministic simulator of a shop in which something goes wrong.
//!
//! The same seed gives the same bytes on every platform. The truth is returned beside the estate, never in it.

mod alarm;
mod alert;
mod calendar;
mod change;
mod dice;
mod force;
mod generate;
mod grid;
mod incident;
mod kind;
mod links;
mod metric;
mod nodes;
mod noise;
mod past;
mod physics;
mod records;
mod rules;
mod shop;
mod upkeep;
mod usual;

pub use generate::{DEMO_SEED, DemoEstate, Incident, IncidentAlert, demo};
pub use kind::IncidentKind;

#[cfg(test)]
mod tests;
