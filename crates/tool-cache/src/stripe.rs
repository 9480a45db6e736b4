//! How do threads count without waiting for each other?
//!
//! A thread leases a stripe of its own until it ends, and writes it without an atomic addition, since nobody else does.
//! Threads that find none free share the last one, and add there atomically.

use std::{
    cell::Cell,
    sync::atomic::{
        AtomicU64, AtomicUsize,
        Ordering::{AcqRel, Acquire, Relaxed},
    },
};

/// How many lines of memory a count is spread over.
const STRIPES: usize = 16;
/// The one that threads share which have none of their own.
const SHARED: usize = STRIPES - 1;
/// What a thread has that counted nothing yet.
const NONE: usize = STRIPES;

/// What every look-up counts, on lines of memory that few threads write.
#[derive(Debug, Default)]
pub(crate) struct Stripes([Stripe; STRIPES]);

/// One thread's counts, alone on two lines of memory: processors fetch them in pairs.
#[derive(Debug, Default)]
#[repr(align(128))]
pub(crate) struct Stripe {
    pub(crate) hits: AtomicU64,
    pub(crate) stale: AtomicU64,
    pub(crate) misses: AtomicU64,
    pub(crate) saved_nanos: AtomicU64,
}

/// The stripe to count in, and whether other threads do too.
#[derive(Debug)]
pub(crate) struct Own<'a> {
    stripe: &'a Stripe,
    sharing: Sharing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sharing {
    Alone,
    Shared,
}

impl Own<'_> {
    /// Adds to one of the counts.
    #[inline]
    pub(crate) fn add(&self, which: impl Fn(&Stripe) -> &AtomicU64, more: u64) {
        let counter = which(self.stripe);
        match self.sharing {
            Sharing::Alone => counter.store(counter.load(Relaxed).wrapping_add(more), Relaxed),
            Sharing::Shared => {
                counter.fetch_add(more, Relaxed);
            }
        }
    }
}

impl Stripes {
    /// Returns the counts of this thread.
    #[inline]
    pub(crate) fn own(&self) -> Own<'_> {
        let at = match OWN.try_with(Cell::get).unwrap_or(SHARED) {
            NONE => take(),
            own => own,
        };
        let sharing = if at < SHARED { Sharing::Alone } else { Sharing::Shared };
        Own { stripe: &self.0[at], sharing }
    }

    /// Returns one count over all threads.
    pub(crate) fn sum(&self, count: impl Fn(&Stripe) -> &AtomicU64) -> u64 {
        self.0.iter().map(|stripe| count(stripe).load(Relaxed)).fold(0, u64::wrapping_add)
    }
}

thread_local! {
    /// Which stripe this thread counts in.
    static OWN: Cell<usize> = const { Cell::new(NONE) };
    static LEASE: Lease = Lease::take();
}

/// Gives this thread a stripe.
#[cold]
fn take() -> usize {
    let own = LEASE.try_with(|lease| lease.0).unwrap_or(SHARED);
    // A thread that ends has no cell any more, and shares.
    let _ = OWN.try_with(|cell| cell.set(own));
    own
}

/// Which stripes are leased, a bit each.
static LEASED: AtomicUsize = AtomicUsize::new(0);

/// A stripe that is this thread's until it ends.
struct Lease(usize);

impl Lease {
    fn take() -> Self {
        let lowest = |leased: usize| leased.trailing_ones() as usize;
        let take = |leased| (lowest(leased) < SHARED).then(|| leased | 1 << lowest(leased));
        // Who had it before has counted all that it will.
        Self(LEASED.fetch_update(AcqRel, Acquire, take).map_or(SHARED, lowest))
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        // What is dropped after this may count too.
        let _ = OWN.try_with(|cell| cell.set(SHARED));
        if self.0 < SHARED {
            LEASED.fetch_and(!(1 << self.0), AcqRel);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_count_is_lost() {
        let stripes = Stripes::default();
        // More at a time than there are stripes, and more in turn.
        for _ in 0..3 {
            std::thread::scope(|scope| {
                for _ in 0..2 * STRIPES {
                    scope.spawn(|| (0..1000).for_each(|_| stripes.own().add(|stripe| &stripe.hits, 1)));
                }
            });
        }
        assert_eq!(stripes.sum(|stripe| &stripe.hits), 3 * 2 * STRIPES as u64 * 1000);
    }

    #[test]
    fn thread_that_ended_leaves_its_stripe() {
        let alone = || std::thread::spawn(|| Stripes::default().own().sharing).join().unwrap();
        // One by one, far more than there are stripes: other tests of this process hold some of them meanwhile.
        let alone = (0..20 * STRIPES).filter(|_| alone() == Sharing::Alone).count();
        assert!(alone > STRIPES, "{alone}");
    }
}
