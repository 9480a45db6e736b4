//! Which of two runs of one call answers?

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
    time::{Duration, Instant},
};

use tool_core::ToolResult;

use crate::{HedgeAfter, HedgePolicy, budget::Budget, latency::Vitals};

/// Decides for one tool about asking a second time.
#[derive(Debug)]
pub(crate) struct Hedge {
    policy: HedgePolicy,
    budget: Budget,
}

impl Hedge {
    pub(crate) fn new(policy: HedgePolicy, now: Instant) -> Self {
        Self { policy, budget: Budget::new(policy.budget, 0.0, Duration::from_secs(10), now) }
    }

    /// Returns the quantile that must be watched.
    pub(crate) fn quantile(policy: &HedgePolicy) -> Option<f64> {
        match policy.after {
            HedgeAfter::Quantile(share) => Some(share),
            HedgeAfter::Delay(_) => None,
        }
    }

    /// Counts a call, which pays for a share of a hedge.
    pub(crate) fn pay_in(&self, now: Instant) {
        self.budget.pay_in(now);
    }

    /// Takes one hedge out of the budget, if it has one.
    pub(crate) fn draw(&self, now: Instant) -> bool {
        self.budget.draw(now)
    }

    /// Returns how long a call takes before it is asked a second time, if that is known.
    pub(crate) fn delay(&self, vitals: &Vitals) -> Option<Duration> {
        match self.policy.after {
            HedgeAfter::Delay(delay) => Some(delay),
            HedgeAfter::Quantile(_) => vitals.quantile(self.policy.min_calls),
        }
    }
}

/// Which run answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Winner {
    First,
    Second,
}

/// Waits for the first good answer of two runs; for the second failure if there is none.
///
/// `extra` is what the second run needs beyond the first. It is given up as soon as one has failed: only one runs then.
pub(crate) async fn race<P>(
    mut first: Pin<&mut impl Future<Output = ToolResult>>,
    mut second: Pin<&mut impl Future<Output = ToolResult>>,
    extra: P,
) -> (Winner, ToolResult) {
    let (mut first_failed, mut second_failed, mut extra) = (None, None, Some(extra));
    poll_fn(|cx| {
        if first_failed.is_none()
            && let Poll::Ready(result) = first.as_mut().poll(cx)
        {
            match (result, second_failed.is_some()) {
                (Err(error), false) => first_failed = Some(error),
                (result, _) => return Poll::Ready((Winner::First, result)),
            }
        }
        if second_failed.is_none()
            && let Poll::Ready(result) = second.as_mut().poll(cx)
        {
            match (result, first_failed.is_some()) {
                (Err(error), false) => second_failed = Some(error),
                (result, _) => return Poll::Ready((Winner::Second, result)),
            }
        }
        if first_failed.is_some() || second_failed.is_some() {
            extra = None;
        }
        Poll::Pending
    })
    .await
}
