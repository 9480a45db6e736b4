//! What does it cost to invalidate a tag?

use benches::subject::{Subject, TAG};
use tool_cache::{CachePolicy, ToolResultCache};
use tool_core::ToolOutput;

use super::turns::{median, timed};
use crate::Outcome;
use crate::row::Row;

const ENTRIES: usize = 100_000;
const REPEATS: usize = 5;

/// Measures the invalidation of as many live entries, filled in anew each time.
pub(super) fn run() -> Outcome<Vec<Row>> {
    let policy = CachePolicy::builder().max_entries(ENTRIES * 2).max_bytes(1 << 30).build()?;
    let (subject, cache) = (Subject::new()?, ToolResultCache::new(policy));
    let mut times = Vec::new();
    for _ in 0..REPEATS {
        for number in 0..ENTRIES {
            cache.set(&subject.call(number)?, &ToolOutput::json(&number)?, None)?;
        }
        expect(&subject, &cache, ENTRIES)?;
        times.push(timed(|| cache.invalidate_tag(TAG)).as_secs_f64() * 1e6);
        expect(&subject, &cache, 0)?;
    }
    Ok(vec![Row::new("cache", "invalidate a tag over 100,000 entries", "us", median(times)).at_most(5.0)])
}

fn expect(subject: &Subject, cache: &ToolResultCache, expected: usize) -> Outcome<()> {
    let mut live = 0;
    for number in 0..ENTRIES {
        live += usize::from(cache.contains(&subject.call(number)?));
    }
    if live == expected { Ok(()) } else { Err(format!("{live} entries are live, expected {expected}").into()) }
}
