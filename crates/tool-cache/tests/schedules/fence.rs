//! Does anybody read what was invalidated?

use std::sync::atomic::Ordering::SeqCst;

use shuttle::{future::block_on, thread};

use crate::{
    CacheKey,
    play::{World, fails_in_some_order, holds_in_every_order, read},
};

/// How a writer makes the cache forget.
type Strike = fn(&World, CacheKey);
/// How a reader asks.
type Ask = fn(&World, CacheKey) -> u64;

fn ask(world: &World, key: CacheKey) -> u64 {
    block_on(world.ask(key))
}

/// A reader loads while a writer writes, strikes and reads: what it reads is what it wrote, then and later.
fn write_while_loading(ask: Ask, strike: Strike) {
    let world = World::new();
    let key = world.key(1);
    let reader = thread::spawn({
        let world = world.clone();
        move || (ask(&world, key), ask(&world, key))
    });
    world.truth.store(1, SeqCst);
    strike(&world, key);
    assert_eq!(ask(&world, key), 1, "read after its own write");
    let (first, second) = reader.join().unwrap();
    assert!(first <= second, "time went backwards");
    assert!(world.cache.get(&key).is_none_or(|found| *found == 1), "what was invalidated came back");
}

fn by_key(world: &World, key: CacheKey) {
    world.cache.invalidate(&key);
}

#[test]
fn invalidated_key_is_never_read() {
    holds_in_every_order(|| write_while_loading(ask, by_key));
}

#[test]
fn invalidated_tag_is_never_read() {
    // The load says only at its end that it carries the tag.
    holds_in_every_order(|| write_while_loading(ask, |world, _| world.cache.invalidate_tag("numbers")));
}

#[test]
fn cleared_cache_is_never_read() {
    holds_in_every_order(|| write_while_loading(ask, |world, _| world.cache.clear()));
}

#[test]
fn value_that_is_set_is_read() {
    holds_in_every_order(|| write_while_loading(ask, |world, key| world.cache.insert(&key, 1).unwrap()));
}

#[test]
fn removal_that_misses_loads_is_found_out() {
    // As `retain` does it: what is held goes, what is being loaded comes.
    fails_in_some_order(|| {
        write_while_loading(ask, |world, key| {
            world.cache.engine.store.remove(&key);
        });
    });
}

#[test]
fn load_beside_the_cache_is_found_out() {
    // Looks, loads, inserts: the insertion began after the invalidation, the load before.
    fn beside(world: &World, key: CacheKey) -> u64 {
        if let Some(found) = world.cache.get(&key) {
            return *found;
        }
        let item = block_on(read(world.truth.clone())).unwrap();
        let seen = item.value;
        world.cache.insert(&key, item).unwrap();
        seen
    }
    fails_in_some_order(|| write_while_loading(beside, by_key));
}

#[test]
fn two_writers_leave_the_last_truth() {
    holds_in_every_order(|| {
        let world = World::new();
        let key = world.key(1);
        let write = |strike: Strike| {
            let world = world.clone();
            thread::spawn(move || {
                let wrote = world.truth.fetch_add(1, SeqCst) + 1;
                strike(&world, key);
                assert!(ask(&world, key) >= wrote);
            })
        };
        let writers = [write(by_key), write(|world, _| world.cache.invalidate_tag("numbers"))];
        let reader = thread::spawn({
            let world = world.clone();
            move || ask(&world, key)
        });
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        reader.join().unwrap();
        assert_eq!(ask(&world, key), 2);
    });
}
