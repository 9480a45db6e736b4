//! How do I work on it?
#![forbid(unsafe_code)]

fn main() {}
