//! The README's examples, compiled and run as doctests.
#![forbid(unsafe_code)]
#![doc = include_str!("../../README.md")]
