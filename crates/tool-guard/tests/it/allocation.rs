//! What a healthy call costs the allocator.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    pin::pin,
    task::{Context, Poll, Waker},
};

use tool_core::{Effect, ToolCall, ToolExecutor};
use tool_guard::{GuardPolicy, GuardPolicyBuilder, HedgePolicy};

use crate::scripted::{Lab, Run};

/// Counts the allocations of each thread by itself, so that tests beside do not disturb.
struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
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

/// Counts the allocations of a call that needs no waiting, with nothing of a runtime in between.
fn cost(executor: &impl ToolExecutor, call: ToolCall) -> usize {
    let before = COUNT.with(Cell::get);
    let answer = pin!(executor.execute(call)).poll(&mut Context::from_waker(Waker::noop()));
    let cost = COUNT.with(Cell::get) - before;
    assert!(matches!(answer, Poll::Ready(Ok(_))));
    cost
}

#[track_caller]
fn check(policy: GuardPolicyBuilder, expected: usize) {
    let lab = Lab::new(policy, Effect::Reads, vec![Run::Answer]);
    // What is kept for a tool is made at its first call.
    cost(&*lab.guard, lab.call());
    let bare = cost(lab.guard.inner(), lab.call());
    assert_eq!(cost(&*lab.guard, lab.call()) - bare, expected);
}

#[tokio::test(start_paused = true)]
async fn healthy_call_allocates_once_at_most() {
    check(GuardPolicy::builder().enabled(false), 0);
    check(GuardPolicy::builder().retry(None), 0);
    check(GuardPolicy::builder(), 1);
    check(GuardPolicy::builder().hedge(HedgePolicy::default()), 1);
}
