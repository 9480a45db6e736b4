//! May one more call run now, or must it wait for its turn?

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use tokio::sync::Semaphore;

use crate::{LimitPolicy, adaptive::Gradient};

/// Lets a number of calls run at once and a number of others wait, first come first served.
///
/// A free permit costs one atomic exchange. Who waits is served in the order of arrival, and nobody who comes later is
/// served first. A permit is given back when it is dropped, however that comes about.
#[derive(Debug)]
pub(crate) struct Limiter {
    semaphore: Semaphore,
    queue: u32,
    waiting: AtomicU32,
    size: AtomicU32,
    /// Permits that a shrunken limit takes back as they are given back.
    owed: AtomicU32,
    adaptive: Option<Mutex<Gradient>>,
}

/// What a run tells an adaptive limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Load {
    /// It took this long.
    Took(Duration),
    /// It failed by overload.
    Over,
}

/// The right to run; given back when dropped.
#[derive(Debug)]
pub(crate) struct Permit<'a>(&'a Limiter);

/// Says that as many wait already as may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct QueueFull;

impl Limiter {
    /// Makes a limiter, unless the policy sets no limit.
    pub(crate) fn new(policy: LimitPolicy) -> Option<Self> {
        let size = policy.max_in_flight()?;
        #[cfg(planted)]
        let size = size + u32::from(tool_core::planted::active(tool_core::planted::Bug::LimitOffByOne));
        Some(Self {
            semaphore: Semaphore::new(size as usize),
            queue: policy.queue_size(),
            waiting: AtomicU32::new(0),
            size: AtomicU32::new(size),
            owed: AtomicU32::new(0),
            adaptive: policy.bounds().map(|bounds| Mutex::new(Gradient::new(size, bounds))),
        })
    }

    /// Takes a permit if one is free; never before somebody who waits.
    pub(crate) fn try_take(&self) -> Option<Permit<'_>> {
        self.semaphore.try_acquire().ok()?.forget();
        Some(Permit(self))
    }

    /// Waits for a permit, in the queue.
    pub(crate) async fn take(&self) -> Result<Permit<'_>, QueueFull> {
        let _place = self.stand_in_line()?;
        // The semaphore is never closed: it lives as long as the limiter.
        self.semaphore.acquire().await.map_err(|_| QueueFull)?.forget();
        Ok(Permit(self))
    }

    fn stand_in_line(&self) -> Result<Place<'_>, QueueFull> {
        #[cfg(planted)]
        let room = |waiting| {
            (waiting < self.queue || tool_core::planted::active(tool_core::planted::Bug::QueueUnbounded))
                .then_some(waiting + 1)
        };
        #[cfg(not(planted))]
        let room = |waiting| (waiting < self.queue).then_some(waiting + 1);
        match self.waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, room) {
            Ok(_) => Ok(Place(&self.waiting)),
            Err(_) => Err(QueueFull),
        }
    }

    /// Returns how many wait.
    pub(crate) fn waiting(&self) -> u32 {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Returns how many may run at once, as of now.
    pub(crate) fn size(&self) -> u32 {
        self.size.load(Ordering::Relaxed)
    }

    /// Returns whether it wants to be told how runs go.
    pub(crate) fn is_adaptive(&self) -> bool {
        self.adaptive.is_some()
    }

    /// Is told how a run went; an adaptive limit moves by it.
    pub(crate) fn observe(&self, load: Load) {
        let Some(adaptive) = &self.adaptive else { return };
        let mut gradient = adaptive.lock().unwrap_or_else(PoisonError::into_inner);
        let size = match load {
            Load::Took(time) => gradient.observe(time, self.in_flight()),
            Load::Over => gradient.overloaded(),
        };
        // Still under the lock: two that resize at once would hand out permits twice.
        self.resize(size);
    }

    fn in_flight(&self) -> u32 {
        let free = u32::try_from(self.semaphore.available_permits()).unwrap_or(u32::MAX);
        (self.size() + self.owed.load(Ordering::Relaxed)).saturating_sub(free)
    }

    fn resize(&self, size: u32) {
        let before = self.size.swap(size, Ordering::Relaxed);
        if size > before {
            let mut more = size - before;
            let _ = self.owed.fetch_update(Ordering::AcqRel, Ordering::Acquire, |owed| {
                more = (size - before).saturating_sub(owed);
                Some(owed.saturating_sub(size - before))
            });
            self.semaphore.add_permits(more as usize);
        } else if size < before {
            let taken = u32::try_from(self.semaphore.forget_permits((before - size) as usize)).unwrap_or(0);
            self.owed.fetch_add(before - size - taken, Ordering::AcqRel);
        }
    }

    /// Returns whether the limit has shrunk by a permit that is still out; then it is settled.
    fn settle_one(&self) -> bool {
        self.owed.load(Ordering::Relaxed) > 0
            && self.owed.fetch_update(Ordering::AcqRel, Ordering::Acquire, |owed| owed.checked_sub(1)).is_ok()
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        #[cfg(planted)]
        if tool_core::planted::active(tool_core::planted::Bug::PermitNotGivenBack) {
            return;
        }
        if !self.0.settle_one() {
            self.0.semaphore.add_permits(1);
        }
    }
}

/// A place in the queue; given up when dropped.
#[derive(Debug)]
struct Place<'a>(&'a AtomicU32);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests;
