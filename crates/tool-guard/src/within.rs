//! Does work end before its time is over?

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::Poll,
    time::Instant,
};

use tokio::{
    task::coop::unconstrained,
    time::{Sleep, sleep},
};
use tool_core::Clock;

/// Waits for work until a moment; `None` if that comes first.
///
/// The timer is made when the work first has to wait: work that is ready at once never pays for one. It is polled past
/// tokio's budget of a task, so that work that is always busy does not outrun it.
pub(crate) async fn within<F: Future>(mut work: Pin<&mut F>, until: Instant, clock: &dyn Clock) -> Option<F::Output> {
    let mut timer = pin!(None::<tokio::task::coop::Unconstrained<Sleep>>);
    poll_fn(|cx| {
        if let Poll::Ready(output) = work.as_mut().poll(cx) {
            return Poll::Ready(Some(output));
        }
        if timer.is_none() {
            timer.set(Some(unconstrained(sleep(until.saturating_duration_since(clock.now())))));
        }
        match timer.as_mut().as_pin_mut() {
            Some(timer) => timer.poll(cx).map(|()| None),
            None => Poll::Pending,
        }
    })
    .await
}
