//! What a person types: the program `runner`.
#![forbid(unsafe_code)]

fn main() {}
