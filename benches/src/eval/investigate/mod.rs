//! Does `investigate` name the right cause, and keep quiet when there is none?
//!
//! Every case is answered by the composition that the command line runs, through a whole runner. What answers
//! ([`desk`]) never sees a right answer: those are read by [`gold`], after the answer is in.

mod demo;
mod desk;
mod document;
mod each;
mod folders;
mod gold;
mod json;
mod nezha;
mod petshop;
mod scenario;
mod score;
mod table;
mod windows;

use document::Document;

use crate::cli::{Format, Investigate};
use crate::error::Result;

/// Judges every case that the options name, and prints the figures.
///
/// # Errors
///
/// If the data is not laid out as published, an option is missing, or a window of the normal period gets no answer. A
/// case without an answer is told, and counts as a miss.
pub(crate) fn run(options: &Investigate) -> Result<()> {
    let document = match (options.format, &options.data) {
        (Format::Petshop, Some(data)) => petshop::judge(data, options.baseline.as_deref(), windows::WINDOWS)?,
        (Format::Nezha, Some(data)) => nezha::judge(data)?,
        (Format::Demo, _) => demo::judge(options.seed, options.seeds.ok_or("--format demo needs --seeds N")?)?,
        (Format::Petshop | Format::Nezha, None) => return Err("this format needs --data DIR".into()),
    };
    print(&document, options.json)
}

fn print(document: &Document, json: bool) -> Result<()> {
    if json {
        println!("{}", serde_json::to_string_pretty(document)?);
    } else {
        print!("{}", table::show(document));
    }
    Ok(())
}
