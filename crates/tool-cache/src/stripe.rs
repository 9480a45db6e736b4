//! How do threads count without waiting for each other?

use std::{
    cell::Cell,
    sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
};

/// How many lines of memory a count is spread over; threads beyond it share one.
const STRIPES: usize = 16;

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

thread_local! {
    /// Which stripe is this thread's; [`STRIPES`] until it has one.
    static OWN: Cell<usize> = const { Cell::new(STRIPES) };
}

/// Gives this thread a stripe.
#[cold]
fn take_turn() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let own = NEXT.fetch_add(1, Relaxed) % STRIPES;
    // A thread that ends has none any more, and counts where it may.
    let _ = OWN.try_with(|cell| cell.set(own));
    own
}

impl Stripes {
    /// Returns the counts of this thread.
    #[inline]
    pub(crate) fn own(&self) -> &Stripe {
        let own = OWN.try_with(Cell::get).unwrap_or(0);
        self.0.get(own).unwrap_or_else(|| &self.0[take_turn()])
    }

    /// Returns one count over all threads.
    pub(crate) fn sum(&self, count: impl Fn(&Stripe) -> &AtomicU64) -> u64 {
        self.0.iter().map(|stripe| count(stripe).load(Relaxed)).fold(0, u64::wrapping_add)
    }
}
