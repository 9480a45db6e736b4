//! Which calls are inside, without a lock?

use std::{
    cell::Cell,
    iter,
    sync::{
        OnceLock,
        atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering},
    },
};

/// The calls inside, in stripes: a thread takes its own, so that threads do not meet.
#[derive(Debug)]
pub(crate) struct Slots([Block; STRIPES]);

/// Enough for the threads of a small machine.
const STRIPES: usize = 16;
const PLACES: usize = 64;

/// 64 places, and more behind them once those are taken: as many as were ever inside at once.
///
/// Apart from its neighbours in memory, by the two cache lines that processors fetch at once.
#[derive(Debug)]
#[repr(align(128))]
struct Block {
    places: [Place; PLACES],
    more: OnceLock<Box<Self>>,
}

/// A place for one call.
#[derive(Debug)]
struct Place {
    /// Where it is in its block.
    at: usize,
    /// The number of the tool and one; 0 where nobody is.
    tool: AtomicU32,
    /// Since when; 0 where that is not written yet.
    since: AtomicU64,
}

/// A taken place, to be given back with [`leave`](Self::leave).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken<'a>(&'a Place);

impl Default for Slots {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Block::new()))
    }
}

impl Slots {
    /// Takes a place: one atomic exchange, of memory that the thread most often has to itself.
    ///
    /// Sequentially consistent: whoever shuts a gate and then looks sees every call that did not see it shut.
    pub(crate) fn take(&self, tool: usize, since: u64) -> Taken<'_> {
        let tool = u32::try_from(tool).unwrap_or(u32::MAX).saturating_add(1);
        let taken = self.0[stripe()].take(tool);
        taken.0.since.store(since.max(1), Ordering::Release);
        taken
    }

    /// Returns how many places are taken.
    pub(crate) fn count(&self) -> u64 {
        self.taken().count() as u64
    }

    /// Lists the calls inside: the number of the tool, and since when.
    pub(crate) fn list(&self) -> impl Iterator<Item = (usize, u64)> {
        let since = |place: &Place| place.since.load(Ordering::Acquire);
        self.taken().map(move |(tool, place)| (tool as usize - 1, since(place))).filter(|(_, since)| *since != 0)
    }

    fn taken(&self) -> impl Iterator<Item = (u32, &Place)> {
        let places = self.0.iter().flat_map(Block::chain).flat_map(|block| &block.places);
        places.map(|place| (place.tool.load(Ordering::SeqCst), place)).filter(|(tool, _)| *tool != 0)
    }
}

impl Block {
    fn new() -> Self {
        Self { places: std::array::from_fn(Place::new), more: OnceLock::new() }
    }

    fn chain(&self) -> impl Iterator<Item = &Self> {
        iter::successors(Some(self), |block| block.more.get().map(|more| &**more))
    }

    fn take(&self, tool: u32) -> Taken<'_> {
        let mut block = self;
        loop {
            if let Some(place) = block.take_here(tool) {
                return Taken(place);
            }
            block = block.more.get_or_init(|| Box::new(Self::new()));
        }
    }

    /// Looks first where the thread left last.
    fn take_here(&self, tool: u32) -> Option<&Place> {
        let first = HINT.get() % PLACES;
        if self.places[first].take(tool) {
            return Some(&self.places[first]);
        }
        self.take_any(first, tool)
    }

    #[cold]
    fn take_any(&self, first: usize, tool: u32) -> Option<&Place> {
        let places = (first + 1..first + PLACES).map(|at| &self.places[at % PLACES]);
        let place = places.into_iter().find(|place| place.take(tool))?;
        HINT.set(place.at + 1);
        Some(place)
    }
}

impl Place {
    fn new(at: usize) -> Self {
        Self { at, tool: AtomicU32::new(0), since: AtomicU64::new(0) }
    }

    fn take(&self, tool: u32) -> bool {
        self.tool.load(Ordering::Relaxed) == 0
            && self.tool.compare_exchange(0, tool, Ordering::SeqCst, Ordering::Relaxed).is_ok()
    }
}

impl Taken<'_> {
    /// Gives the place back: two plain writes.
    pub(crate) fn leave(self) {
        self.0.since.store(0, Ordering::Relaxed);
        self.0.tool.store(0, Ordering::Release);
        HINT.set(self.0.at);
    }
}

thread_local! {
    /// The stripe of the thread, once it has one.
    static STRIPE: Cell<Option<usize>> = const { Cell::new(None) };
    /// Where a place is likely to be free.
    static HINT: Cell<usize> = const { Cell::new(0) };
}

fn stripe() -> usize {
    STRIPE.get().unwrap_or_else(next_stripe)
}

#[cold]
fn next_stripe() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let own = NEXT.fetch_add(1, Ordering::Relaxed) % STRIPES;
    STRIPE.set(Some(own));
    own
}

#[cfg(test)]
mod tests;
