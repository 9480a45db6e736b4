//! Which of two futures does a call take?

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

pin_project! {
    /// One of two futures: choosing costs a branch per poll, and the answer is not moved on its way.
    #[project = Chosen]
    pub(crate) enum Either<A, B> {
        First { #[pin] future: A },
        Second { #[pin] future: B },
    }
}

impl<A: Future, B: Future<Output = A::Output>> Future for Either<A, B> {
    type Output = A::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<A::Output> {
        match self.project() {
            Chosen::First { future } => future.poll(cx),
            Chosen::Second { future } => future.poll(cx),
        }
    }
}
