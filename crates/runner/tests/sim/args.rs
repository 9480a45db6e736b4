//! What is asked of the simulation?

/// The command line: `[--seeds N] [--seed FIRST] [--threads N] [--planted] [--json]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Args {
    pub(crate) seeds: u64,
    pub(crate) first: u64,
    pub(crate) threads: u64,
    pub(crate) defects: Defects,
    pub(crate) format: Format,
}

/// Whether planted defects are tried too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Defects {
    None,
    Planted,
}

/// How the findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Text,
    Json,
}

impl Args {
    /// What `cargo test` runs: a short version.
    const SHORT: Self = Self { seeds: 150, first: 0, threads: 2, defects: Defects::None, format: Format::Text };

    /// Parses the command line; `None` if it is one for a test harness that asks for other tests, or for a list.
    pub(crate) fn parse(words: impl Iterator<Item = String>) -> Result<Option<Self>, String> {
        let mut args = Self::SHORT;
        let mut words = words;
        while let Some(word) = words.next() {
            let mut number = || {
                let value = words.next().ok_or_else(|| format!("`{word}` needs a number"))?;
                value.replace('_', "").parse().map_err(|_| format!("`{word} {value}`: expected a number"))
            };
            match word.as_str() {
                "--seeds" => args.seeds = number()?,
                "--seed" => args.first = number()?,
                "--threads" => args.threads = number()?.max(1),
                "--planted" => args.defects = Defects::Planted,
                "--json" => args.format = Format::Json,
                "--list" => return Ok(None),
                // What the test harness of the other binaries understands.
                word if word.starts_with('-') => {}
                filter if "simulation".contains(filter) => {}
                _ => return Ok(None),
            }
        }
        Ok(Some(args))
    }
}
