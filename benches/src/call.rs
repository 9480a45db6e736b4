//! What does a call cost on its whole way?
//!
//! `hit`: a cached call through the whole pipeline, beside what any cache of this kind pays: BLAKE3 of the same encoded
//! parameters and a bare quick_cache look-up. `miss`: a call whose question is new, beside the bare tool. `bare`: the
//! tool through the registry alone.
//!
//! Parameters of about 110 bytes are made afresh for every call. What the caller makes itself — parameters, context, the
//! `ToolCall` — stands outside the measured time on all sides, as does the encoding that the peer hashes; the pipeline
//! encodes within. Sides take turns batch by batch, and each figure is a median over batches.

use std::{error::Error, hint::black_box, sync::Arc, time::Duration};

use benches::question::{encoded, params};
use quick_cache::sync::Cache;
use runner::{Pipeline, Runner};
use serde_json::json;
use tool_core::{
    CallContext, Clock, Effect, Params, Scope, SystemClock, Tool, ToolCall, ToolExecutor, ToolHandle, ToolOutput,
    ToolRegistry, ToolSpec, tool_fn,
};

use crate::row::Row;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// How many different questions are cached.
const QUESTIONS: usize = 500;
const BATCH: usize = 64;
const ROUNDS: usize = 4000;
/// What a hit may cost beside its peer.
const BOUND: f64 = 3.0;

/// Measures every case.
///
/// # Errors
///
/// Whatever the runner or the tool fails with.
pub(crate) fn run() -> Outcome<Vec<Row>> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let (hit, peer) = hits().await?;
        let (miss, bare) = misses().await?;
        Ok(vec![
            Row::new("call", "hit", "ns", hit).beside("blake3 + quick_cache", peer).at_most(BOUND),
            Row::new("call", "miss", "ns", miss).beside("bare tool", bare),
            Row::new("call", "bare", "ns", bare),
        ])
    })
}

/// Measures cached calls and their peer.
async fn hits() -> Outcome<(f64, f64)> {
    let runner = Runner::builder().tool(tool()?).build()?;
    let handle = runner.registry().resolve("metric.aggregate")?;
    let peer: Cache<[u8; 32], Arc<str>> = Cache::new(1000);
    for number in 0..QUESTIONS {
        let output = runner.pipeline().execute(handle.call(params(number)?, CallContext::new("acme", "ann"))).await?;
        peer.insert(*blake3::hash(&encoded(&params(number)?)).as_bytes(), output.payload.to_text());
    }
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let fresh = batch(|at| (round * BATCH + at * 7) % QUESTIONS)?;
        let encoded: Vec<Vec<u8>> = fresh.iter().map(encoded).collect();
        // Who goes first alternates: neither side always finds the caches warm.
        if round % 2 == 0 {
            theirs.push(look_up(&peer, &encoded));
        }
        ours.push(answer(&**runner.pipeline(), &handle, &fresh).await?);
        if round % 2 == 1 {
            theirs.push(look_up(&peer, &encoded));
        }
    }
    let stats = runner.cache().stats();
    if (stats.misses, stats.hits) != (QUESTIONS as u64, (ROUNDS * BATCH) as u64) {
        return Err(format!("not every measured call was a hit: {stats:?}").into());
    }
    Ok((median(ours), median(theirs)))
}

/// Measures calls with new questions, and the tool without the layers.
async fn misses() -> Outcome<(f64, f64)> {
    let runner = Runner::builder().tool(tool()?).build()?;
    let handle = runner.registry().resolve("metric.aggregate")?;
    let pipeline: &Pipeline = runner.pipeline();
    let registry: &ToolRegistry = runner.registry();
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS / 4 {
        let fresh = batch(|at| round * BATCH + at)?;
        ours.push(answer(pipeline, &handle, &fresh).await?);
        bare.push(answer(registry, &handle, &fresh).await?);
    }
    Ok((median(ours), median(bare)))
}

/// Returns the time of one call, in nanoseconds.
async fn answer(executor: &impl ToolExecutor, handle: &ToolHandle, fresh: &[Params]) -> Outcome<f64> {
    let context = CallContext::new("acme", "ann");
    let calls: Vec<ToolCall> = fresh.iter().map(|params| handle.call(params.clone(), context.clone())).collect();
    let started = SystemClock::new().now();
    for call in calls {
        black_box(executor.execute(black_box(call)).await?);
    }
    Ok(per_call(SystemClock::new().now() - started))
}

/// Returns the time of one hash and one look-up, in nanoseconds.
fn look_up(cache: &Cache<[u8; 32], Arc<str>>, encoded: &[Vec<u8>]) -> f64 {
    let started = SystemClock::new().now();
    for bytes in encoded {
        black_box(cache.get(blake3::hash(black_box(bytes)).as_bytes()));
    }
    per_call(SystemClock::new().now() - started)
}

fn per_call(time: Duration) -> f64 {
    time.as_secs_f64() * 1e9 / BATCH as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn tool() -> Outcome<impl Tool> {
    let spec = ToolSpec::builder("metric.aggregate", "Aggregates a metric.")
        .effect(Effect::Reads)
        .scope(Scope::Tenant)
        .input(json!({"type": "object", "properties": {"limit": {"type": "integer"}}, "required": ["ci_id"]}))
        .build()?;
    Ok(tool_fn(spec, |_| async {
        ToolOutput::json(&json!({"rows": [{"bucket": "10:00", "value": 12.5}], "total": 1}))
    }))
}

fn batch(number: impl Fn(usize) -> usize) -> Outcome<Vec<Params>> {
    (0..BATCH).map(|at| Ok(params(number(at))?)).collect()
}
