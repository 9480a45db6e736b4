//! Was this answer invalidated since its load began?
//!
//! One clock counts invalidations. A load remembers what it read there before it began; each mark (a tool, a tag, a
//! tenant, everything) remembers when it was last invalidated. An answer is dead if its load began earlier than one of
//! its marks. So an invalidation costs one store, whatever the cache holds, and a hit one load for each of its marks.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, atomic::Ordering},
};

use crate::sync::{AtomicU64, Mutex};

/// How many marks there are before those that nobody holds are forgotten.
const LEAST: usize = 1024;

/// When something was last invalidated.
#[derive(Debug)]
pub(crate) struct Mark {
    pub(crate) name: Box<str>,
    at: AtomicU64,
}

/// Counts invalidations.
#[derive(Debug, Default)]
pub(crate) struct EpochClock(AtomicU64);

impl EpochClock {
    /// Returns the time for a load that begins now; its marks must have been looked up before.
    pub(crate) fn now(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }

    fn tick(&self) -> u64 {
        self.0.fetch_add(1, Ordering::AcqRel) + 1
    }
}

impl Mark {
    pub(crate) fn new(name: &str, at: u64) -> Arc<Self> {
        Arc::new(Self { name: name.into(), at: AtomicU64::new(at) })
    }

    /// Returns whether a load that began at `epoch` began after the last invalidation.
    pub(crate) fn allows(&self, epoch: u64) -> bool {
        epoch >= self.at.load(Ordering::Acquire)
    }

    /// Makes stale what began before.
    pub(crate) fn strike(&self, clock: &EpochClock) {
        // Never back: of two at once the later one holds.
        self.at.fetch_max(clock.tick(), Ordering::AcqRel);
    }
}

/// The marks of one kind, by name.
#[derive(Debug)]
pub(crate) struct Marks(Mutex<Table>);

#[derive(Debug)]
struct Table {
    marks: HashMap<Box<str>, Arc<Mark>>,
    /// The latest invalidation of a mark that was forgotten: what began before may have missed it.
    floor: u64,
    least: usize,
    forget_at: usize,
}

impl Default for Marks {
    fn default() -> Self {
        Self::forgetting_at(LEAST)
    }
}

impl Marks {
    /// Returns no marks yet; those that nobody holds are forgotten once there are `least`.
    pub(crate) fn forgetting_at(least: usize) -> Self {
        Self(Mutex::new(Table { marks: HashMap::new(), floor: 0, least, forget_at: least }))
    }

    /// Returns the mark of a name.
    pub(crate) fn get(&self, name: &str) -> Arc<Mark> {
        let mut table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mark) = table.marks.get(name) {
            return Arc::clone(mark);
        }
        if table.marks.len() >= table.forget_at {
            table.forget();
        }
        let mark = Mark::new(name, table.floor);
        table.marks.insert(name.into(), Arc::clone(&mark));
        mark
    }

    /// Makes stale what carries a name and began before; what begins with it later too, were it older.
    pub(crate) fn strike(&self, name: &str, clock: &EpochClock) {
        // Made if it is not there: a load that runs may learn only at its end that it carries the name.
        self.get(name).strike(clock);
    }
}

impl Table {
    /// Forgets what nobody holds; nothing can be resurrected that nobody holds, and what runs is held to the floor.
    fn forget(&mut self) {
        let mut floor = self.floor;
        self.marks.retain(|_, mark| {
            let held = Arc::strong_count(mark) > 1;
            if !held {
                floor = floor.max(mark.at.load(Ordering::Acquire));
            }
            held
        });
        self.floor = floor;
        self.forget_at = (self.marks.len() * 2).max(self.least);
    }
}
