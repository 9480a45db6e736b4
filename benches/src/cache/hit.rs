//! What does a whole hit cost, from a call to its answer?

use benches::subject::Subject;
use quick_cache::sync::Cache;
use tool_cache::{CachePolicy, ToolResultCache};
use tool_core::{Clock, Payload, SystemClock, ToolCall, ToolOutput};

use super::turns::{BATCH, medians, per_call};
use crate::Outcome;
use crate::row::Row;

/// How many different questions are cached.
const QUESTIONS: usize = 500;
const ROUNDS: usize = 3000;

/// Measures hits of fresh calls; the peer makes the same key, looks it up in a bare quick_cache of the same size, and
/// reads the clock.
pub(super) fn run() -> Outcome<Vec<Row>> {
    let (subject, cache) = (Subject::new()?, ToolResultCache::new(CachePolicy::default()));
    let raw: Cache<[u8; 32], Payload> = Cache::new(cache.policy().max_entries());
    let clock = SystemClock::new();
    for number in 0..QUESTIONS {
        let (call, answer) = (subject.call(number)?, ToolOutput::json(&number)?);
        raw.insert(*cache.set(&call, &answer, None)?.as_bytes(), answer.payload);
    }
    let mut hits = 0;
    let mut ours = |calls: &Vec<ToolCall>| {
        per_call(calls, |call| {
            let answer = cache.get(call);
            hits += usize::from(answer.is_some());
            answer
        })
    };
    let mut parts =
        |calls: &Vec<ToolCall>| per_call(calls, |call| (raw.get(cache.generate_key(call).as_bytes()), clock.now()));
    let prepare = |round: usize| {
        let fresh = (0..BATCH).map(|at| subject.call((round * BATCH + at * 7) % QUESTIONS));
        Ok(fresh.collect::<Result<_, _>>()?)
    };
    let [ours, parts] = medians(ROUNDS, prepare, &mut [&mut ours, &mut parts])?;
    if hits != ROUNDS * BATCH {
        return Err(format!("{hits} of {} calls were hits", ROUNDS * BATCH).into());
    }
    Ok(vec![Row::new("cache", "full hit", "ns", ours).beside("key + raw get + clock", parts).at_most(1.3)])
}
