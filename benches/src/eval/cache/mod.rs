//! How often does the cache answer, beside other policies and the best that there is?

mod cost;
mod document;
mod keys;
mod lru;
mod manifest;
mod opt;
mod ours;
mod packed;
mod rivals;
mod synthetic;
mod table;
mod trace;
mod weighed;

use document::{Document, Score};
use trace::Trace;

use crate::cli::Cache;
use crate::error::Result;

/// Replays every trace that the options name over every policy, and prints the hit ratios.
///
/// # Errors
///
/// If there is nothing to replay, or a trace cannot be read.
pub(crate) fn run(options: &Cache) -> Result<()> {
    let document = judge(options)?;
    match options.json {
        true => println!("{}", serde_json::to_string_pretty(&document)?),
        false => print!("{}", table::show(&document)),
    }
    Ok(())
}

fn judge(options: &Cache) -> Result<Document> {
    let mut traces = Vec::new();
    if let Some(data) = &options.data {
        for listed in manifest::read(data)? {
            let trace = Trace::new(keys::read(&data.join(&listed.file), listed.format)?);
            for capacity in &listed.capacities {
                traces.push(Score::of(&listed.name, &trace, *capacity)?);
            }
        }
    }
    if options.synthetic {
        for (name, keys) in synthetic::all() {
            traces.push(Score::of(name, &Trace::new(keys), synthetic::CAPACITY)?);
        }
    }
    if traces.is_empty() {
        return Err("nothing to replay; name a folder with --data DIR, or ask for --synthetic".into());
    }
    Ok(Document { traces, cost: cost::judge()? })
}
