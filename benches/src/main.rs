//! How fast? `benches [QUESTION] [--json]`: one file per question, all of them without one.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "figures go to whoever asks for them")]

mod cache;
mod call;
mod counted;
mod estate;
mod guard;
mod row;
mod select;
mod turns;

use std::error::Error;

use row::Row;

/// What a measurement returns.
type Outcome<T> = Result<T, Box<dyn Error>>;
type Measure = fn() -> Result<Vec<Row>, Box<dyn Error>>;

/// What can be asked, and what answers it.
const QUESTIONS: [(&str, Measure); 5] = [
    ("call", call::run),
    ("cache", cache::run),
    ("guard", guard::run),
    ("estate", estate::run),
    ("select", select::run),
];

fn main() -> Result<(), Box<dyn Error>> {
    let (options, asked): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|arg| arg.starts_with('-'));
    if let Some(unknown) = options.iter().find(|option| *option != "--json") {
        return Err(format!("unknown option `{unknown}`; there is `--json`").into());
    }
    let known = QUESTIONS.map(|(name, _)| name);
    if let Some(unknown) = asked.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(format!("unknown question `{unknown}`; there are: {}", known.join(", ")).into());
    }
    let mut rows = Vec::new();
    for (_, measure) in QUESTIONS.iter().filter(|(name, _)| asked.is_empty() || asked.iter().any(|ask| ask == name)) {
        rows.extend(measure()?);
    }
    match options.is_empty() {
        true => rows.iter().for_each(|row| println!("{}", row.line())),
        false => println!("{}", serde_json::to_string_pretty(&rows)?),
    }
    Ok(())
}
