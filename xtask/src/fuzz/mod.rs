//! Which bytes break a promise?

mod figures;
mod finding;
mod plan;
mod run;

pub(crate) use run::{Format, run};
