//! Does a text find the right tools, and nothing where nothing fits?
//!
//! Each folder is a set: a catalogue and requests with the tools that are right for them. One setting serves all sets.
//! What ranks ([`judge`]) sees texts only; right answers are read afterwards, by [`metrics`].

mod data;
mod document;
mod judge;
mod learn;
mod metrics;
mod plain;
mod table;

use crate::cli::Select;
use crate::error::Result;

/// Judges every set that the options name, and prints the figures.
///
/// # Errors
///
/// If a folder holds no set, or a file is not laid out as documented.
pub(crate) fn run(options: &Select) -> Result<()> {
    let sets = data::read(&options.data)?;
    let judged = sets.iter().map(|set| judge::judge(set, options.half)).collect::<Result<Vec<_>>>()?;
    let mut document = document::Document::new(judged);
    if options.learn {
        let streams = sets.iter().map(|set| judge::stream(set, options.half)).collect::<Result<Vec<_>>>()?;
        document.learned = streams.into_iter().flatten().collect();
    }
    if options.json {
        println!("{}", serde_json::to_string_pretty(&document)?);
    } else {
        print!("{}", table::show(&document));
    }
    Ok(())
}
