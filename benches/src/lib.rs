//! The README's examples, compiled and run as doctests; and what several of the programs here are fed with.
#![forbid(unsafe_code)]
#![doc = include_str!("../../README.md")]

pub mod cost;
pub mod dice;
pub mod question;
pub mod subject;
pub mod upstream;
