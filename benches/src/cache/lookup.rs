//! What does a look-up cost, the key given?
//!
//! Ours checks lifetime and invalidation, keeps statistics and hands out the age; quick_cache and moka are bare.

use std::sync::Arc;

use tool_cache::{Cache, CacheKey, CachePolicy};

use super::turns::{BATCH, medians, per_call};
use crate::Outcome;
use crate::row::Row;

const QUESTIONS: usize = 500;
const ROUNDS: usize = 4000;

/// Measures hits on all three.
pub(super) fn run() -> Outcome<Vec<Row>> {
    let cache: Cache<Arc<str>> = Cache::new(CachePolicy::default());
    let size = cache.policy().max_entries();
    let raw: quick_cache::sync::Cache<[u8; 32], Arc<str>> = quick_cache::sync::Cache::new(size);
    let moka: moka::sync::Cache<[u8; 32], Arc<str>> = moka::sync::Cache::new(size as u64);
    let keys = cache.keys("bench");
    for number in 0..QUESTIONS {
        let (key, value) = (keys.of(&number)?, Arc::<str>::from(number.to_string()));
        cache.insert(&key, Arc::clone(&value))?;
        raw.insert(*key.as_bytes(), Arc::clone(&value));
        moka.insert(*key.as_bytes(), value);
    }
    moka.run_pending_tasks();
    let mut hits = 0;
    let mut ours = |fresh: &Vec<CacheKey>| {
        per_call(fresh, |key| {
            let found = cache.get(key);
            hits += usize::from(found.is_some());
            found
        })
    };
    let mut bare = |fresh: &Vec<CacheKey>| per_call(fresh, |key| raw.get(key.as_bytes()));
    let mut mokas = |fresh: &Vec<CacheKey>| per_call(fresh, |key| moka.get(key.as_bytes()));
    let prepare = |round: usize| {
        let fresh = (0..BATCH).map(|at| keys.of(&((round * BATCH + at * 7) % QUESTIONS)));
        Ok(fresh.collect::<Result<_, _>>()?)
    };
    let [ours, bare, mokas] = medians(ROUNDS, prepare, &mut [&mut ours, &mut bare, &mut mokas])?;
    if hits != ROUNDS * BATCH {
        return Err(format!("{hits} of {} look-ups were hits", ROUNDS * BATCH).into());
    }
    Ok(vec![
        Row::new("cache", "look-up, key given", "ns", ours).beside("quick_cache", bare).at_most(2.5),
        Row::new("cache", "look-up, key given, beside moka", "ns", ours).beside("moka", mokas).at_most(0.5),
    ])
}
