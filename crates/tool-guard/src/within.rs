//! Does work end before its time is over?

use std::{
    future::{Future, poll_fn},
    mem,
    pin::{Pin, pin},
    task::Poll,
    time::Instant,
};

use tokio::{task::coop::unconstrained, time::sleep};
use tool_core::Clock;

/// Waits for work until a moment; `None` if that comes first.
///
/// The timer is made when the work first has to wait: work that is ready at once never pays for one.
pub(crate) async fn within<F: Future>(mut work: Pin<&mut F>, until: Instant, clock: &dyn Clock) -> Option<F::Output> {
    match at_once(work.as_mut()).await {
        Poll::Ready(output) => Some(output),
        Poll::Pending => rest_within(work, until, clock).await,
    }
}

/// Polls work once. Who gets `Pending` goes on in the same poll with [`rest_within`].
pub(crate) async fn at_once<F: Future>(mut work: Pin<&mut F>) -> Poll<F::Output> {
    poll_fn(|cx| Poll::Ready(work.as_mut().poll(cx))).await
}

/// Waits until a moment for work that was just polled by [`at_once`]; `None` if the moment comes first.
///
/// The timer is polled past tokio's budget of a task, so that work that is always busy does not outrun it.
pub(crate) async fn rest_within<F: Future>(
    mut work: Pin<&mut F>,
    until: Instant,
    clock: &dyn Clock,
) -> Option<F::Output> {
    let mut timer = pin!(unconstrained(sleep(until.saturating_duration_since(clock.now()))));
    let mut polled = true;
    poll_fn(|cx| {
        if !mem::take(&mut polled)
            && let Poll::Ready(output) = work.as_mut().poll(cx)
        {
            return Poll::Ready(Some(output));
        }
        timer.as_mut().poll(cx).map(|()| None)
    })
    .await
}
