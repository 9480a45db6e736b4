//! A hit allocates nothing; and what counts it, for each thread.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

use serde_json::json;
use tool_core::{Origin, ToolExecutor};

use crate::support::{World, at_once, reads};

/// Counts the allocations of each thread by itself, so that tests beside do not disturb.
struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
    static LIVE: Cell<i64> = const { Cell::new(0) };
}

fn count() -> usize {
    COUNT.with(Cell::get)
}

/// Returns how many bytes this thread has allocated and not freed; another's that it frees are taken off.
pub(crate) fn live() -> i64 {
    LIVE.with(Cell::get)
}

fn note() {
    // A thread that ends allocates uncounted.
    let _ = COUNT.try_with(|count| count.set(count.get() + 1));
}

fn note_live(more: usize, less: usize) {
    let change = i64::try_from(more).unwrap_or(i64::MAX) - i64::try_from(less).unwrap_or(i64::MAX);
    let _ = LIVE.try_with(|live| live.set(live.get() + change));
}

#[expect(unsafe_code, reason = "an allocator is unsafe to write; this one passes on to the system's")]
// SAFETY: every request goes to `System` as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note();
        note_live(layout.size(), 0);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        note_live(0, layout.size());
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note();
        note_live(size, layout.size());
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[tokio::test]
async fn hit_allocates_nothing() {
    let world = World::new();
    world.counting(reads("ci.search"));
    let call = || world.call("ci.search", json!({"keywords": ["db", "orders"], "limit": 50, "min_score": 0.25}));
    world.executor.execute(call()).await.unwrap();
    // Warms this thread.
    at_once(world.executor.execute(call())).unwrap();

    let fresh = call();
    let before = count();
    let output = at_once(world.executor.execute(fresh)).unwrap();
    assert_eq!(count() - before, 0);
    assert_eq!(output.report.origin, Origin::Hit);
}

#[test]
fn counter_counts() {
    let before = count();
    drop(std::hint::black_box(Box::new(1)));
    assert_eq!(count() - before, 1);
}
