//! How does the documented directory of CSV files become an estate? (`docs/ESTATE.md` describes the files.)

mod attributes;
mod cis;
mod directory;
mod events;
mod index;
mod metrics;
mod relations;
mod rules;
mod work;

pub use directory::import_csv;
