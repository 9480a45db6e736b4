//! How much memory does a layer take? `footprint LAYER` prints one JSON document.
//!
//! A program of its own, since its allocator counts, which would slow what is timed.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "figures go to whoever asks for them")]

mod cache;
mod guard;

use std::error::Error;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let document = match std::env::args().nth(1).as_deref() {
        Some("cache") => cache::document()?,
        Some("guard") => guard::document()?,
        _ => return Err("name a layer: `cache` or `guard`".into()),
    };
    println!("{document}");
    Ok(())
}
