//! Which calls are inside, without a lock?

use std::{
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

/// 64 places, and more behind them once those are taken: as many as were ever inside at once.
///
/// Apart from its neighbours in memory, by the two cache lines that processors fetch at once.
#[derive(Debug)]
#[repr(align(128))]
struct Block {
    /// One bit for each place that is taken.
    taken: AtomicU64,
    places: [Place; 64],
    more: OnceLock<Box<Self>>,
}

/// A call inside: which tool, since when; 0 where that is not written yet.
#[derive(Debug, Default)]
struct Place {
    tool: AtomicU32,
    since: AtomicU64,
}

/// A taken place, to be given back with [`leave`](Self::leave).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken<'a> {
    block: &'a Block,
    place: usize,
}

impl Default for Slots {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Block::new()))
    }
}

impl Slots {
    /// Takes a place: one atomic write that other threads could wait for.
    ///
    /// Sequentially consistent, as is giving back: whoever shuts a gate and then looks sees every call that did not see
    /// it shut.
    pub(crate) fn take(&self, tool: usize, since: u64) -> Taken<'_> {
        let taken = self.0[stripe()].take();
        let place = &taken.block.places[taken.place];
        place.tool.store(u32::try_from(tool).unwrap_or(u32::MAX), Ordering::Relaxed);
        place.since.store(since.max(1), Ordering::Release);
        taken
    }

    /// Returns how many places are taken.
    pub(crate) fn count(&self) -> u64 {
        self.blocks().map(|block| u64::from(block.taken.load(Ordering::SeqCst).count_ones())).sum()
    }

    /// Lists the calls inside: the number of the tool, and since when.
    pub(crate) fn list(&self) -> impl Iterator<Item = (usize, u64)> {
        self.blocks().flat_map(|block| {
            let taken = block.taken.load(Ordering::SeqCst);
            let places = block.places.iter().enumerate().filter(move |(at, _)| taken >> at & 1 == 1);
            places.filter_map(|(_, place)| {
                let since = place.since.load(Ordering::Acquire);
                (since != 0).then(|| (place.tool.load(Ordering::Relaxed) as usize, since))
            })
        })
    }

    fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.0.iter().flat_map(Block::chain)
    }
}

impl Block {
    fn new() -> Self {
        Self { taken: AtomicU64::new(0), places: std::array::from_fn(|_| Place::default()), more: OnceLock::new() }
    }

    fn chain(&self) -> impl Iterator<Item = &Self> {
        iter::successors(Some(self), |block| block.more.get().map(|more| &**more))
    }

    fn take(&self) -> Taken<'_> {
        let mut block = self;
        loop {
            if let Some(place) = block.take_here() {
                return Taken { block, place };
            }
            block = block.more.get_or_init(|| Box::new(Self::new()));
        }
    }

    fn take_here(&self) -> Option<usize> {
        let mut taken = self.taken.load(Ordering::Relaxed);
        while taken != u64::MAX {
            let place = taken.trailing_ones();
            let before = self.taken.fetch_or(1 << place, Ordering::SeqCst);
            if before >> place & 1 == 0 {
                return Some(place as usize);
            }
            taken = before;
        }
        None
    }
}

impl Taken<'_> {
    /// Gives the place back.
    pub(crate) fn leave(self) {
        self.block.places[self.place].since.store(0, Ordering::Relaxed);
        self.block.taken.fetch_and(!(1 << self.place), Ordering::SeqCst);
    }
}

fn stripe() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static OWN: usize = NEXT.fetch_add(1, Ordering::Relaxed) % STRIPES;
    }
    OWN.with(|own| *own)
}

#[cfg(test)]
mod tests;
