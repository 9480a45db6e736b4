use std::time::Duration;

use super::*;
use crate::{
    entry::Entry,
    freshness::{Span, Windows},
    group::Groups,
    moment::Moment,
    stats::Counts,
};

const WINDOWS: Windows = Windows {
    while_revalidate: Duration::ZERO,
    if_error: Duration::ZERO,
    hard_ttl: Duration::from_secs(1000),
    early_refresh: 0.0,
};

/// Returns an entry of so many bytes.
fn of_bytes(bytes: u64) -> Shared<()> {
    let span = Span::new(Moment::from_nanos(0), Duration::ZERO, Duration::from_secs(60), &WINDOWS).unwrap();
    Arc::new(Entry::new((), bytes - overhead::<()>(), Groups::default().begin(), span, Duration::ZERO))
}

fn store(entries: usize, bytes: u64) -> Store<()> {
    let policy = CachePolicy::builder().max_entries(entries).max_bytes(bytes).build().unwrap();
    Store::new(&policy, &Arc::new(Counts::default()))
}

fn insert(store: &Store<()>, key: CacheKey, bytes: u64) -> Result<(), Rejection> {
    store.insert(key, &of_bytes(bytes), &mut Victims::default())
}

fn key(number: u64) -> CacheKey {
    CacheKey::new(*blake3::hash(&number.to_le_bytes()).as_bytes())
}

fn held(store: &Store<()>) -> (u64, u64) {
    let stats = store.counts.snapshot();
    let entries = store.entries();
    assert_eq!(stats.entries, entries.len() as u64);
    assert_eq!(stats.bytes, entries.iter().map(|(_, entry)| entry.bytes()).sum::<u64>());
    (stats.entries, stats.bytes)
}

#[test]
fn largest_entry_is_kept() {
    for (entries, bytes) in [(1, 50_000), (2, 50_000), (1000, 50_000), (1000, 16 << 20), (100_000, 64 << 20)] {
        let store = store(entries, bytes);
        insert(&store, key(1), store.max_weight()).unwrap();
        assert!(store.peek(&key(1)).is_some(), "{entries} {bytes}");
        assert_eq!(insert(&store, key(2), store.max_weight() + 1), Err(Rejection::TooLarge));
        assert!(store.max_weight() >= bytes / 100 * 93, "{entries} {bytes}: {}", store.max_weight());
    }
}

#[test]
fn oversize_answer_drops_the_older_one() {
    let store = store(10, 50_000);
    insert(&store, key(1), 1000).unwrap();
    insert(&store, key(1), store.max_weight() + 1).unwrap_err();
    assert!(store.peek(&key(1)).is_none());
    assert_eq!(held(&store), (0, 0));
}

#[test]
fn bounds_hold_with_entries_of_every_size() {
    let bound = 16 << 20;
    let store = store(1000, bound);
    let mut seed = 7u64;
    for number in 0..4000 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        // Sizes from 400 bytes to 15 MiB, each power as often as the others.
        let bytes = 400 << ((seed >> 33) % 16);
        insert(&store, key(seed >> 50), bytes).unwrap();
        let stats = store.counts.snapshot();
        assert!(stats.entries <= 1000 && stats.bytes <= bound, "{number}: {stats:?}");
        if number % 7 == 0 {
            store.remove(&key((seed >> 40) % 16_384));
        }
        if number % 100 == 0 {
            held(&store);
        }
    }
    store.clear();
    assert_eq!(held(&store), (0, 0));
}

#[test]
fn small_entries_take_the_room_of_large_ones_back() {
    let store = store(1000, 16 << 20);
    insert(&store, key(0), 14 << 20).unwrap();
    for number in 1..100 {
        insert(&store, key(number), 16_000).unwrap();
    }
    assert!(store.peek(&key(0)).is_some());
    insert(&store, key(101), 3 << 20).unwrap();
    assert!(store.peek(&key(0)).is_none() && store.peek(&key(101)).is_some());
    store.remove(&key(101));
    for number in 200..10_000 {
        insert(&store, key(number), 500).unwrap();
    }
    assert!(held(&store).0 >= 950, "{:?}", held(&store));
}

#[test]
fn shards_leave_room() {
    let shards = |entries, bytes| store(entries, bytes).shards();
    assert_eq!(shards(1000, 64 << 20), 4);
    assert_eq!(shards(100_000, 1 << 30), 16);
    assert_eq!(shards(40, 64 << 20), 1);
    assert_eq!(shards(1000, 1 << 20), 1);
}

/// Returns the share of requests, in percent, that find their key.
fn hit_ratio(entries: usize, requests: impl Iterator<Item = u64>) -> f64 {
    let store = store(entries, 1 << 30);
    let (mut hits, mut all) = (0.0, 0.0);
    for request in requests {
        all += 100.0;
        match store.get(&key(request)) {
            Some(_) => hits += 100.0,
            None => insert(&store, key(request), 500).unwrap(),
        }
    }
    100.0 * hits / all
}

#[test]
fn loop_around_the_capacity_is_mostly_hit() {
    // LRU finds nothing here.
    let ratio = hit_ratio(1000, (0..100_000).map(|request| request % 1100));
    assert!(ratio > 80.0, "{ratio}");
    assert!(hit_ratio(4, (0..10_000).map(|request| request % 5)) > 40.0);
}

#[test]
fn request_that_comes_back_once_is_found() {
    // LRU finds every second one; what keeps to frequent ones alone finds nothing.
    let requests = (0..60_000u64).flat_map(|new| [Some(new), new.checked_sub(250)]).flatten();
    let ratio = hit_ratio(1000, requests);
    assert!(ratio > 46.0, "{ratio}");
}

#[test]
fn dear_entry_outlives_cheap_ones() {
    let insert = |store: &Store<()>, number, cost| {
        let span = Span::new(Moment::from_nanos(0), Duration::ZERO, Duration::from_secs(60), &WINDOWS).unwrap();
        let mut entry = Entry::new((), 0, Groups::default().begin(), span, cost);
        entry.credit = store.appraise(cost, 0);
        store.insert(key(number), &Arc::new(entry), &mut Victims::default()).unwrap();
    };
    let survives = |cost| {
        let store = store(100, 1 << 20);
        (0..200).for_each(|number| insert(&store, number, Duration::from_millis(1)));
        insert(&store, 1000, cost);
        (200..600).for_each(|number| insert(&store, number, Duration::from_millis(1)));
        let middle = store.peek(&key(1000)).is_some();
        // What is asked for again moves on those who are not.
        (600..40_000).for_each(|number| {
            insert(&store, number, Duration::from_millis(1));
            store.get(&key(number));
        });
        (middle, store.peek(&key(1000)).is_some())
    };
    assert_eq!(survives(Duration::from_millis(1)), (false, false));
    assert_eq!(survives(Duration::from_millis(40)), (true, false), "and leaves in the end");
}

#[test]
fn bounds_hold_while_threads_insert_large_entries() {
    let bound = 16 << 20;
    let store = store(1000, bound);
    assert!(store.shards() > 1);
    let (store, large) = (&store, store.max_oversize());
    std::thread::scope(|scope| {
        for thread in 0..4u64 {
            scope.spawn(move || {
                // Almost all that there may be: two do not fit.
                let entry = of_bytes(large - thread);
                for number in 0..5000 {
                    store.insert(key(thread * 4 + number % 4), &entry, &mut Victims::default()).unwrap();
                    assert!(store.cache.capacity() <= bound);
                }
            });
        }
    });
    assert!(held(store).1 <= bound);
}
