//! How much more do two threads get through than one?

use std::sync::{Arc, Barrier};

use tool_cache::{Cache, CacheKey, CachePolicy};
use tool_core::{Clock, SystemClock};

use super::turns::median;
use crate::Outcome;
use crate::row::Row;

/// How many different keys are asked for; all fit.
const KEYS: usize = 800;
const CALLS: usize = 50_000;
const ROUNDS: usize = 31;

/// Measures 95 % look-ups and 5 % insertions by one thread and by two, ours and a bare quick_cache in turns.
pub(super) fn run() -> Outcome<Vec<Row>> {
    let cache: Cache<Arc<str>> = Cache::new(CachePolicy::default());
    let raw: quick_cache::sync::Cache<[u8; 32], Arc<str>> = quick_cache::sync::Cache::new(cache.policy().max_entries());
    let (keys, value) = (cache.keys("bench"), Arc::<str>::from("value"));
    let keys: Vec<CacheKey> = (0..KEYS).map(|number| keys.of(&number)).collect::<Result<_, _>>()?;
    let ours = |at: usize, key: &CacheKey| match at % 20 {
        0 => drop(cache.insert(key, Arc::clone(&value))),
        _ => drop(std::hint::black_box(cache.get(key))),
    };
    let bare = |at: usize, key: &CacheKey| match at % 20 {
        0 => raw.insert(*key.as_bytes(), Arc::clone(&value)),
        _ => drop(std::hint::black_box(raw.get(key.as_bytes()))),
    };
    let (mut our_scaling, mut bare_scaling) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        our_scaling.push(2.0 * rate(1, &keys, &ours) / rate(2, &keys, &ours));
        bare_scaling.push(2.0 * rate(1, &keys, &bare) / rate(2, &keys, &bare));
    }
    let (ours, bare) = (median(our_scaling), median(bare_scaling));
    Ok(vec![Row::new("cache", "two threads by one, 95 % reads", "x", ours).beside("quick_cache", bare).at_least(0.9)])
}

/// Returns how long each of so many threads takes for its calls, in seconds: from their common start to the last end.
fn rate(threads: usize, keys: &[CacheKey], call: &(impl Fn(usize, &CacheKey) + Sync)) -> f64 {
    let (start, clock) = (Barrier::new(threads), SystemClock::new());
    let work = |thread: usize| {
        start.wait();
        let started = clock.now();
        // A stride without a common divisor with the number of keys: each thread passes over all, from its own place.
        (0..CALLS).for_each(|at| call(at, &keys[(at * 7 + thread * KEYS / 2) % KEYS]));
        (started, clock.now())
    };
    let spans: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|thread| scope.spawn(move || work(thread))).collect();
        running.into_iter().flat_map(|thread| thread.join()).collect()
    });
    let began = spans.iter().map(|(began, _)| *began).min();
    let ended = spans.iter().map(|(_, ended)| *ended).max();
    began.zip(ended).map_or(f64::NAN, |(began, ended)| (ended - began).as_secs_f64())
}
