//! What the program promises to who types or scripts it: answers, exit codes, streams, errors, state.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod advice;
mod alerts;
mod answers;
mod ask;
mod compositions;
mod config;
mod data_sets;
mod desk;
mod estates;
mod imports;
mod investigation;
mod looks;
mod names;
mod params;
mod state;
mod streams;
mod times;
mod village;
