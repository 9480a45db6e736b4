use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use proptest::prelude::*;

use super::*;

fn limiter(size: u32, queue: u32) -> Limiter {
    Limiter::new(LimitPolicy::fixed(size).queue(queue)).unwrap()
}

fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn first_in_line_is_served_first() {
    let limiter = limiter(1, 2);
    let running = limiter.try_take().unwrap();
    let (mut first, mut second) = (pin!(limiter.take()), pin!(limiter.take()));
    assert!(poll(first.as_mut()).is_pending() && poll(second.as_mut()).is_pending());
    drop(running);
    assert!(limiter.try_take().is_none(), "nobody is served before who waits");
    assert!(poll(second.as_mut()).is_pending());
    assert!(poll(first.as_mut()).is_ready());
}

#[test]
fn full_queue_refuses_at_once() {
    let limiter = limiter(1, 1);
    let _running = limiter.try_take().unwrap();
    let mut waiting = Box::pin(limiter.take());
    assert!(poll(waiting.as_mut()).is_pending());
    assert!(matches!(poll(pin!(limiter.take())), Poll::Ready(Err(QueueFull))));
    drop(waiting);
    assert_eq!(limiter.waiting(), 0);
}

#[test]
fn dropped_waiter_passes_its_turn_on() {
    let limiter = limiter(1, 2);
    let running = limiter.try_take().unwrap();
    let (mut first, mut second) = (Box::pin(limiter.take()), pin!(limiter.take()));
    assert!(poll(first.as_mut()).is_pending() && poll(second.as_mut()).is_pending());
    drop(running);
    // The permit is on its way to the first, who goes.
    drop(first);
    assert!(poll(second.as_mut()).is_ready());
}

#[test]
fn shrunken_limit_takes_permits_back_as_they_come() {
    let limiter = limiter(4, 0);
    let mut running: Vec<_> = (0..4).map(|_| limiter.try_take().unwrap()).collect();
    limiter.resize(2);
    running.truncate(2);
    assert!(limiter.try_take().is_none());
    running.truncate(1);
    running.push(limiter.try_take().unwrap());
    assert!(limiter.try_take().is_none());
    limiter.resize(3);
    assert!(limiter.try_take().is_some());
}

#[derive(Debug, Clone, Copy)]
enum Op {
    Take,
    Drop(usize),
    Resize(u32),
}

proptest! {
    /// The model is two numbers: how many run, and how many may.
    #[test]
    fn limit_holds_through_any_resizing(ops in proptest::collection::vec(
        prop_oneof![3 => Just(Op::Take), 2 => (0usize..8).prop_map(Op::Drop), 1 => (1u32..8).prop_map(Op::Resize)], 1..200,
    )) {
        let limiter = limiter(3, 0);
        let (mut running, mut size) = (Vec::new(), 3);
        for op in ops {
            match op {
                Op::Take => {
                    let taken = limiter.try_take();
                    prop_assert_eq!(taken.is_some(), running.len() < size);
                    running.extend(taken);
                }
                Op::Drop(at) => if !running.is_empty() { running.swap_remove(at % running.len()); },
                Op::Resize(to) => { limiter.resize(to); size = to as usize; }
            }
            prop_assert_eq!(limiter.in_flight() as usize, running.len());
        }
    }
}
