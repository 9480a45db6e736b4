//! What becomes of a fault, one test each? `docs/RELIABILITY.md` has the table.

mod answers;
mod crowds;
mod json;
mod lab;
mod time;
mod tools;
mod upstreams;
