//! Who waits how long when many ask the same at once?
//!
//! In real time, on two threads: a load sleeps, and callers are compared with what one load takes by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use benches::subject::Subject;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;
use tool_cache::{CachePolicy, CachedExecutor, ToolResultCache};
use tool_core::{Clock, ErrorKind, SystemClock, ToolCall, ToolError, ToolExecutor, ToolOutput, ToolResult};

use super::turns::median;
use crate::Outcome;
use crate::row::Row;

const LOAD: Duration = Duration::from_millis(50);
const REPEATS: usize = 9;

/// Measures a herd on a missing key, and one on a key whose load fails.
pub(super) fn run() -> Outcome<Vec<Row>> {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_time().build()?;
    let missing = measure(&runtime, 1000, Ending::Well)?;
    let failing = measure(&runtime, 32, Ending::Badly)?;
    Ok(vec![
        Row::new("cache", "1,000 callers, missing key: loads", "", missing.loads).at_most(1.0),
        Row::new("cache", "1,000 callers, missing key: slowest", "ms", missing.slowest)
            .beside("one load", missing.load)
            .at_most(1.1),
        Row::new("cache", "32 callers, failing key: loads", "", failing.loads).at_most(1.0),
        Row::new("cache", "32 callers, failing key: slowest", "ms", failing.slowest)
            .beside("one load", failing.load)
            .at_most(1.1),
    ])
}

/// How a load ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Well,
    Badly,
}

/// What herds saw: the most loads of any, and medians in milliseconds.
struct Herd {
    loads: f64,
    slowest: f64,
    load: f64,
}

/// Lets a herd and one call by itself, without a cache, take turns.
fn measure(runtime: &Runtime, callers: usize, ending: Ending) -> Outcome<Herd> {
    let subject = Subject::new()?;
    let (mut loads, mut slowest, mut load) = (0, Vec::new(), Vec::new());
    for repeat in 0..REPEATS {
        let alone = Arc::new(Upstream { ending, loads: AtomicU64::new(0) });
        load.push(runtime.block_on(herd(&alone, vec![subject.call(repeat)?]))?);
        let upstream = Arc::new(Upstream { ending, loads: AtomicU64::new(0) });
        let cache = Arc::new(ToolResultCache::new(CachePolicy::default()));
        let executor = Arc::new(CachedExecutor::new(Arc::clone(&upstream), cache));
        let calls = (0..callers).map(|_| subject.call(repeat)).collect::<Result<_, _>>()?;
        slowest.push(runtime.block_on(herd(&executor, calls))?);
        loads = loads.max(upstream.loads.load(Relaxed));
    }
    Ok(Herd { loads: loads as f64, slowest: median(slowest), load: median(load) })
}

/// Asks everything at once; returns how long the slowest caller waited, in milliseconds.
async fn herd<E: ToolExecutor + 'static>(executor: &Arc<E>, calls: Vec<ToolCall>) -> Outcome<f64> {
    let mut callers = JoinSet::new();
    for call in calls {
        let executor = Arc::clone(executor);
        callers.spawn(async move {
            let started = SystemClock::new().now();
            // Either ending is an answer.
            let _ = executor.execute(call).await;
            SystemClock::new().now() - started
        });
    }
    let mut slowest = Duration::ZERO;
    while let Some(waited) = callers.join_next().await {
        slowest = slowest.max(waited?);
    }
    Ok(slowest.as_secs_f64() * 1e3)
}

/// What is asked of behind the cache.
struct Upstream {
    ending: Ending,
    loads: AtomicU64,
}

impl ToolExecutor for Upstream {
    async fn execute(&self, _: ToolCall) -> ToolResult {
        self.loads.fetch_add(1, Relaxed);
        tokio::time::sleep(LOAD).await;
        match self.ending {
            Ending::Well => ToolOutput::json(&1),
            Ending::Badly => Err(ToolError::new(ErrorKind::Unavailable, "the upstream is down")),
        }
    }
}
