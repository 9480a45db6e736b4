//! Which rules hold that the compiler does not know?

mod banned;
mod check;
mod edges;
mod errors_doc;
mod forbid;
mod integration;
mod licences;
mod packages;
mod readme;
mod sizes;
mod source;
mod top_level;
mod tree;
mod violation;

pub(crate) use check::run;
