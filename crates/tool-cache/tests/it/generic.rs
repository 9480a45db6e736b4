//! The cache for values of any kind.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::json;
use tokio::sync::Semaphore;
use tool_cache::{Cache, CacheKey, CachePolicy, Item, LoadError, Rejection};
use tool_core::{Origin, testing::ManualClock};

use crate::support::settle;

const SECOND: Duration = Duration::from_secs(1);

fn cache() -> (Cache<u64, &'static str>, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new());
    (Cache::with_clock(CachePolicy::default(), clock.clone()), clock)
}

fn key(cache: &Cache<u64, &'static str>, value: u64) -> CacheKey {
    cache.keys("numbers").of(&value).unwrap()
}

#[test]
fn equal_values_of_one_namespace_share_a_key() {
    let (cache, _) = cache();
    let (a, b) = (cache.keys("a"), cache.keys("b"));
    assert_eq!(a.of(&7).unwrap(), a.of_json(&json!(7.0)));
    assert_ne!(a.of(&7).unwrap(), a.of(&"7").unwrap());
    assert_ne!(a.of(&7).unwrap(), b.of(&7).unwrap());
    let error = a.of(&std::collections::BTreeMap::from([((), 1)])).unwrap_err();
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn item_says_how_long_it_lives() {
    let (cache, clock) = cache();
    cache.insert(&key(&cache, 1), Item::new(1).ttl(2 * SECOND)).unwrap();
    cache.insert(&key(&cache, 2), 2).unwrap();
    assert_eq!(cache.insert(&key(&cache, 3), Item::new(3).ttl(Duration::ZERO)), Err(Rejection::NoLifetime));
    clock.advance(2 * SECOND);
    assert!(cache.get(&key(&cache, 1)).is_none());
    let found = cache.get(&key(&cache, 2)).unwrap();
    assert_eq!((*found, found.age(), found.fresh_for()), (2, 2 * SECOND, 298 * SECOND));
}

#[test]
fn item_says_how_large_it_is() {
    let (cache, _) = cache();
    let bytes = cache.max_entry_bytes();
    assert_eq!(cache.insert(&key(&cache, 1), Item::new(1).bytes(bytes)), Err(Rejection::TooLarge));
    cache.insert(&key(&cache, 1), Item::new(1).bytes(1000)).unwrap();
    assert!(cache.stats().bytes > 1000);
    assert_eq!(cache.stats().rejected.too_large, 1);
}

#[test]
fn each_tag_takes_its_own() {
    let (cache, _) = cache();
    cache.insert(&key(&cache, 1), Item::new(1).tag("odd").tag("small")).unwrap();
    cache.insert(&key(&cache, 2), Item::new(2).tag("small")).unwrap();
    cache.insert(&key(&cache, 3), 3).unwrap();
    let held = || [1, 2, 3].map(|n| cache.contains(&key(&cache, n)));
    cache.invalidate_tag("odd");
    assert_eq!(held(), [false, true, true]);
    cache.insert(&key(&cache, 1), Item::new(1).tag("odd").tag("small")).unwrap();
    cache.invalidate_tag("small");
    assert_eq!(held(), [false, false, true]);
    assert!(cache.invalidate(&key(&cache, 3)) && !cache.invalidate(&key(&cache, 3)));
    cache.insert(&key(&cache, 3), 3).unwrap();
    cache.clear();
    assert_eq!((held(), cache.stats().entries), ([false; 3], 0));
}

/// Loads through a gate; returns what each caller got and how often it was loaded.
async fn together(outcome: Result<u64, &'static str>) -> (Vec<Result<(u64, Origin), LoadError<&'static str>>>, usize) {
    let (cache, _) = cache();
    let (runs, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
    let callers: Vec<_> = (0..32)
        .map(|_| {
            let (cache, runs, gate) = (cache.clone(), Arc::clone(&runs), Arc::clone(&gate));
            tokio::spawn(async move {
                let load = move || async move {
                    runs.fetch_add(1, Ordering::SeqCst);
                    gate.acquire().await.unwrap().forget();
                    outcome.map(Item::new)
                };
                let found = cache.get_or_load(&key(&cache, 1), load).await;
                found.map(|found| (*found, found.origin()))
            })
        })
        .collect();
    settle().await;
    gate.add_permits(1);
    let mut all = Vec::new();
    for caller in callers {
        all.push(caller.await.unwrap());
    }
    (all, runs.load(Ordering::SeqCst))
}

#[tokio::test]
async fn callers_at_once_share_one_load() {
    let (all, runs) = together(Ok(7)).await;
    assert_eq!(runs, 1);
    assert_eq!(all.iter().filter(|found| **found == Ok((7, Origin::Executed))).count(), 1);
    assert_eq!(all.iter().filter(|found| **found == Ok((7, Origin::Shared))).count(), 31);
}

#[tokio::test]
async fn callers_at_once_share_one_error() {
    let (all, runs) = together(Err("no")).await;
    assert_eq!(runs, 1);
    assert!(all.iter().all(|found| *found == Err(LoadError::Failed("no"))));
}

#[tokio::test]
async fn panic_is_an_error_for_who_waits() {
    let (cache, _) = cache();
    let load = || async { panic!("of the loader") };
    assert_eq!(cache.get_or_load(&key(&cache, 1), load).await.unwrap_err(), LoadError::Panicked);
    assert_eq!(*cache.get_or_load(&key(&cache, 1), || async { Ok(Item::new(2)) }).await.unwrap(), 2);
}

#[tokio::test]
async fn recursion_is_an_error() {
    let (cache, _) = cache();
    let (inner, own) = (cache.clone(), key(&cache, 1));
    let load = move || async move {
        let again = inner.get_or_load(&own, || async { Ok(Item::new(1)) }).await;
        assert_eq!(again.unwrap_err(), LoadError::Recursion);
        Ok(Item::new(2))
    };
    assert_eq!(*cache.get_or_load(&own, load).await.unwrap(), 2);
}

#[tokio::test]
async fn tag_struck_during_the_load_strikes_its_value() {
    let (cache, _) = cache();
    let (inner, own) = (cache.clone(), key(&cache, 1));
    let load = move || async move {
        // Nobody knows yet that the value will carry this tag.
        inner.invalidate_tag("prices");
        Ok(Item::new(1).tag("prices"))
    };
    assert_eq!(*cache.get_or_load(&own, load).await.unwrap(), 1);
    assert!(!cache.contains(&own));
    assert_eq!(cache.stats().rejected.outdated, 1);
}

#[tokio::test]
async fn time_saved_is_the_loads_time_for_each_hit() {
    let (cache, clock) = cache();
    let (own, timed) = (key(&cache, 1), Arc::clone(&clock));
    let load = move || async move {
        timed.advance(3 * SECOND);
        Ok(Item::new(1))
    };
    cache.get_or_load(&own, load).await.unwrap();
    for _ in 0..5 {
        cache.get(&own).unwrap();
    }
    assert_eq!((cache.stats().saved, cache.stats().hits), (15 * SECOND, 5));
}
