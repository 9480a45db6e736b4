//! A hit allocates nothing on its whole way.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    pin::pin,
    task::{Context, Poll, Waker},
};

use runner::tool_core::{Origin, ToolCall, ToolExecutor, ToolResult};
use serde_json::json;

use crate::bench::{Bench, context, params};

/// Counts the allocations of each thread by itself, so that tests beside do not disturb.
struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

fn count() -> usize {
    COUNT.with(Cell::get)
}

fn note() {
    // A thread that ends allocates uncounted.
    let _ = COUNT.try_with(|count| count.set(count.get() + 1));
}

#[expect(unsafe_code, reason = "an allocator is unsafe to write; this one passes on to the system's")]
// SAFETY: every request goes to `System` as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note();
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note();
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Answers a call that needs no waiting, with nothing of a runtime in between.
fn at_once(bench: &Bench, call: ToolCall) -> ToolResult {
    match pin!(bench.runner.pipeline().execute(call)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("the answer takes waiting"),
    }
}

#[tokio::test]
async fn hit_allocates_nothing_on_its_whole_way() {
    let bench = Bench::new("[observe]\nmax_traces = 10\n");
    bench.call("test.echo", json!({"n": 1})).await.unwrap();
    let handle = bench.runner.registry().resolve("test.echo").unwrap();
    let call = || handle.call(params(json!({"n": 1})), context());
    // Fills the ring and warms this thread.
    for _ in 0..20 {
        at_once(&bench, call()).unwrap();
    }

    let fresh: Vec<ToolCall> = (0..50).map(|_| call()).collect();
    let mut origins = Vec::with_capacity(fresh.len());
    let before = count();
    for call in fresh {
        origins.push(at_once(&bench, call).unwrap().report.origin);
    }
    assert_eq!(count() - before, 0);
    assert_eq!(origins, [Origin::Hit; 50]);
}

#[test]
fn counter_counts() {
    let before = count();
    drop(std::hint::black_box(Box::new(1)));
    assert_eq!(count() - before, 1);
}
