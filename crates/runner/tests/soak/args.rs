//! What is asked of the soak?

/// The command line: `[--calls N] [--json]`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Args {
    pub(crate) calls: u64,
    pub(crate) format: Format,
}

/// How the findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Text,
    Json,
}

impl Args {
    /// What `cargo test` runs: a short version, which shows that it works and nothing about memory.
    const SHORT: Self = Self { calls: 5_000, format: Format::Text };

    /// Parses the command line; `None` if it is one for a test harness that asks for other tests, or for a list.
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Option<Self>, String> {
        let mut args = Self::SHORT;
        while let Some(word) = words.next() {
            match word.as_str() {
                "--calls" => {
                    let value = words.next().ok_or("`--calls` needs a number")?;
                    let calls = value.replace('_', "").parse().ok().filter(|calls| *calls >= 10);
                    args.calls = calls.ok_or_else(|| format!("`--calls {value}`: expected a number of at least 10"))?;
                }
                "--json" => args.format = Format::Json,
                "--list" => return Ok(None),
                // What the test harness of the other binaries understands.
                word if word.starts_with('-') => {}
                filter if "soak".contains(filter) => {}
                _ => return Ok(None),
            }
        }
        Ok(Some(args))
    }
}
