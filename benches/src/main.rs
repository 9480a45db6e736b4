//! How fast?
#![forbid(unsafe_code)]

fn main() {}
