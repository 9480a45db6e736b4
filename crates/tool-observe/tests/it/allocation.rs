#![expect(unsafe_code, reason = "a counting allocator cannot be written without")]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

use tool_core::{ToolExecutor, ToolResult};
use tool_observe::ObservePolicy;

use crate::scripted::{Observed, ann, hit};

/// Counts what each thread allocates, so that tests beside this one do not disturb it.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: every request goes to the system's allocator as it is; the count touches no memory that was asked for.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller keeps the contract of `realloc`.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Counts what a hit allocates, once the ring is full and every handle is made.
async fn allocations_of_hits(policy: ObservePolicy) -> u64 {
    let observed = Observed::new(policy, hit());
    let calls: Vec<_> = (0..100).map(|_| observed.call(r#"{"keywords": ["db"], "limit": 5}"#, ann())).collect();
    for call in &calls {
        observed.traced.execute(call.clone()).await.unwrap();
    }
    let before = ALLOCATIONS.with(Cell::get);
    let results: ToolResult = async {
        let mut last = None;
        for call in calls {
            last = Some(observed.traced.execute(call).await);
        }
        last.unwrap()
    }
    .await;
    let after = ALLOCATIONS.with(Cell::get);
    results.unwrap();
    after - before
}

#[tokio::test]
async fn hit_allocates_nothing() {
    assert_eq!(allocations_of_hits(ObservePolicy::builder().max_traces(50).build().unwrap()).await, 0);
}

#[tokio::test]
async fn hit_over_the_params_bound_allocates_nothing() {
    assert_eq!(allocations_of_hits(ObservePolicy::builder().max_params_bytes(10).build().unwrap()).await, 0);
}

#[tokio::test]
async fn allocator_counts() {
    let before = ALLOCATIONS.with(Cell::get);
    drop(std::hint::black_box(Box::new(1)));
    assert_eq!(ALLOCATIONS.with(Cell::get) - before, 1);
}
