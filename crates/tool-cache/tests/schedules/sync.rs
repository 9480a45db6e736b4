//! What do threads and tasks meet by, where their order is played?

use std::{
    fmt,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll},
};

pub(crate) use shuttle::{
    future::AbortHandle,
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicU64, AtomicUsize},
    },
};

pub(crate) type Id = shuttle::current::TaskId;

pub(crate) fn try_id() -> Option<Id> {
    shuttle::current::try_get_current_task()
}

/// Runs tasks, as tokio's does: a panic ends its task alone.
pub(crate) struct Handle;

impl Handle {
    pub(crate) fn try_current() -> Result<Self, fmt::Error> {
        Ok(Self)
    }

    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) -> shuttle::future::JoinHandle<()> {
        shuttle::future::spawn(Caught(Some(Box::pin(task))))
    }
}

struct Caught(Option<Pin<Box<dyn Future<Output = ()> + Send>>>);

impl Future for Caught {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Some(task) = &mut self.0 else { return Poll::Ready(()) };
        let polled = catch_unwind(AssertUnwindSafe(|| task.as_mut().poll(context)));
        let polled = polled.unwrap_or(Poll::Ready(()));
        if polled.is_ready() {
            self.0 = None;
        }
        polled
    }
}
