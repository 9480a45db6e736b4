//! Who waits while a hot key is past its time?
//!
//! In virtual time: a caller that waits is one whose answer takes any.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use tokio::task::JoinSet;
use tool_cache::{Cache, CachePolicy, Item};
use tool_core::testing::TokioClock;

use crate::Outcome;
use crate::row::Row;

const TTL: Duration = Duration::from_secs(60);
const LOAD: Duration = Duration::from_millis(50);
/// How many ask, and how often each, from a second before the time is over until one after.
const CALLERS: usize = 100;
const EVERY: Duration = Duration::from_millis(7);

/// Measures the callers that wait, and the loads after the first.
pub(super) fn run() -> Outcome<Vec<Row>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
    let (waited, loads) = runtime.block_on(cross())?;
    Ok(vec![
        Row::new("cache", "hot key across expiry: callers that wait", "", waited as f64).at_most(0.0),
        Row::new("cache", "hot key across expiry: loads", "", loads as f64).at_most(1.0),
    ])
}

async fn cross() -> Outcome<(u64, u64)> {
    let policy = CachePolicy::builder().default_ttl(TTL).stale_while_revalidate(TTL).build()?;
    let cache: Cache<u32> = Cache::with_clock(policy, Arc::new(TokioClock::new()));
    let key = cache.keys("bench").of("hot")?;
    cache.get_or_load(&key, || async { Ok(Item::new(1)) }).await?;
    tokio::time::sleep(TTL - Duration::from_secs(1)).await;
    let (waited, loads) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let (cache, waited, loads) = (cache.clone(), Arc::clone(&waited), Arc::clone(&loads));
        callers.spawn(async move {
            let end = tokio::time::Instant::now() + Duration::from_secs(2);
            while tokio::time::Instant::now() < end {
                let (asked, loads) = (tokio::time::Instant::now(), Arc::clone(&loads));
                let load = || async move {
                    loads.fetch_add(1, Relaxed);
                    tokio::time::sleep(LOAD).await;
                    Ok(Item::new(2))
                };
                // Its loader cannot fail.
                let _ = cache.get_or_load(&key, load).await;
                waited.fetch_add(u64::from(asked.elapsed() > Duration::ZERO), Relaxed);
                tokio::time::sleep(EVERY).await;
            }
        });
    }
    while let Some(caller) = callers.join_next().await {
        caller?;
    }
    match cache.get(&key).map(|found| *found) {
        // The load that is allowed was made, too.
        Some(2) => Ok((waited.load(Relaxed), loads.load(Relaxed))),
        other => Err(format!("the hot key is {other:?} in the end, expected the new value").into()),
    }
}
