//! How are orders played?

use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use shuttle::{
    Config, Runner,
    scheduler::{PctScheduler, RandomScheduler},
};
use tool_core::testing::ManualClock;

use crate::{Cache, CacheKey, CachePolicy, Item, policy::CachePolicyBuilder, sync::AtomicU64};

/// How many orders are drawn each way: any next step alike, and few changes at unlikely places.
const ORDERS: usize = 800;
const SEED: u64 = 20_261_122;

/// Plays many orders of what threads do.
pub(crate) fn holds_in_every_order(story: impl Fn() + Send + Sync + 'static) {
    let story = Arc::new(story);
    let again = Arc::clone(&story);
    Runner::new(RandomScheduler::new_from_seed(SEED, ORDERS), Config::default()).run(move || story());
    Runner::new(PctScheduler::new_from_seed(SEED, 3, ORDERS), Config::default()).run(move || again());
}

/// Plays the same orders of what is known to be wrong.
#[track_caller]
pub(crate) fn fails_in_some_order(story: impl Fn() + Send + Sync + 'static) {
    let played = catch_unwind(AssertUnwindSafe(|| holds_in_every_order(story)));
    assert!(played.is_err(), "the orders that are played do not show the defect");
}

/// A cache of what loads read from a register.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) cache: Cache<u64, &'static str>,
    pub(crate) truth: Arc<AtomicU64>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(CachePolicy::builder())
    }

    pub(crate) fn with(policy: CachePolicyBuilder) -> Self {
        let cache = Cache::with_clock(policy.build().unwrap(), Arc::new(ManualClock::new()));
        Self { cache, truth: Arc::new(AtomicU64::new(0)) }
    }

    pub(crate) fn key(&self, number: u64) -> CacheKey {
        self.cache.keys("numbers").of(&number).unwrap()
    }

    /// Asks for the truth, through the cache.
    pub(crate) async fn ask(&self, key: CacheKey) -> u64 {
        let truth = Arc::clone(&self.truth);
        *self.cache.get_or_load(&key, move || read(truth)).await.unwrap()
    }
}

/// Reads, and answers a while later.
pub(crate) async fn read(truth: Arc<AtomicU64>) -> Result<Item<u64>, &'static str> {
    let seen = truth.load(std::sync::atomic::Ordering::SeqCst);
    shuttle::future::yield_now().await;
    Ok(Item::new(seen).tag("numbers"))
}

/// Polls a future once.
pub(crate) fn poll_once<F: Future + ?Sized>(future: &mut Pin<Box<F>>) -> Poll<F::Output> {
    future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}
