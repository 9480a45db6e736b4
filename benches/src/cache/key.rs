//! What does the key of a call cost?
//!
//! Ours: the encoding of the parameters of a `ToolCall` and one keyed hash. Peers: BLAKE3 of the same bytes, encoded
//! beforehand; and the canonical JSON of RFC 8785 with BLAKE3 over it.

use benches::question::{encoded, params};
use benches::subject::Subject;
use tool_cache::{CachePolicy, ToolResultCache};
use tool_core::{Params, ToolCall};

use super::turns::{BATCH, medians, per_call};
use crate::Outcome;
use crate::row::Row;

const ROUNDS: usize = 3000;

/// What one round asks.
struct Round {
    calls: Vec<ToolCall>,
    params: Vec<Params>,
    encoded: Vec<Vec<u8>>,
}

/// Measures keys of 111 bytes of parameters.
pub(super) fn run() -> Outcome<Vec<Row>> {
    let (subject, cache) = (Subject::new()?, ToolResultCache::new(CachePolicy::default()));
    let mut ours = |round: &Round| per_call(&round.calls, |call| cache.generate_key(call));
    let mut blake3 = |round: &Round| per_call(&round.encoded, |bytes| blake3::hash(bytes));
    let mut canonical = |round: &Round| per_call(&round.params, canonical);
    let [ours, blake3, canonical] =
        medians(ROUNDS, |round| prepare(&subject, round), &mut [&mut ours, &mut blake3, &mut canonical])?;
    Ok(vec![
        Row::new("cache", "key", "ns", ours).beside("blake3 of the same bytes", blake3).at_most(1.6),
        Row::new("cache", "key beside JCS", "ns", ours)
            .beside("serde_json_canonicalizer + blake3", canonical)
            .at_most(0.15),
    ])
}

fn prepare(subject: &Subject, round: usize) -> Outcome<Round> {
    let numbers = || (0..BATCH).map(|at| (round * BATCH + at) % 1_000_000);
    let calls = numbers().map(|number| subject.call(number)).collect::<Result<_, _>>()?;
    let params: Vec<Params> = numbers().map(params).collect::<Result<_, _>>()?;
    let encoded = params.iter().map(encoded).collect();
    Ok(Round { calls, params, encoded })
}

fn canonical(params: &Params) -> Option<blake3::Hash> {
    let text = serde_json_canonicalizer::to_vec(params.as_value()).ok()?;
    Some(blake3::hash(&text))
}
