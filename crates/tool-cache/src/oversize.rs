//! Where do entries go that are larger than a shard?
//!
//! Each shard of the store bounds its own part, so that no shard has room for an entry larger than it. Those few are
//! kept here, by last use, and the store's bound is lowered by what they weigh.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use crate::{CacheKey, entry::Shared};

/// The entries that are too large for a shard; at most one for each shard that they take the place of.
#[derive(Debug)]
pub(crate) struct Oversize<V> {
    count: AtomicUsize,
    held: Mutex<Held<V>>,
}

/// What is held, last used last.
#[derive(Debug)]
pub(crate) struct Held<V> {
    entries: Vec<(CacheKey, Shared<V>)>,
}

impl<V> Default for Oversize<V> {
    fn default() -> Self {
        Self { count: AtomicUsize::new(0), held: Mutex::new(Held { entries: Vec::new() }) }
    }
}

impl<V> Oversize<V> {
    /// Returns whether there is none: one load, for the many look-ups that find nothing anywhere.
    pub(crate) fn is_empty(&self) -> bool {
        self.count.load(Ordering::Acquire) == 0
    }

    /// Changes what is held.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Held<V>) -> T) -> T {
        let mut held = self.lock();
        let result = change(&mut held);
        self.count.store(held.entries.len(), Ordering::Release);
        result
    }

    /// Returns an entry and notes its use.
    pub(crate) fn get(&self, key: &CacheKey) -> Option<Shared<V>> {
        let mut held = self.lock();
        let found = held.take_if(key, |_| true)?;
        held.push(*key, found.clone());
        Some(found)
    }

    pub(crate) fn peek(&self, key: &CacheKey) -> Option<Shared<V>> {
        self.lock().entries.iter().find(|(own, _)| own == key).map(|(_, entry)| entry.clone())
    }

    pub(crate) fn entries(&self) -> Vec<(CacheKey, Shared<V>)> {
        self.lock().entries.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Held<V>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<V> Held<V> {
    pub(crate) fn push(&mut self, key: CacheKey, entry: Shared<V>) {
        self.entries.push((key, entry));
    }

    pub(crate) fn take_if(&mut self, key: &CacheKey, is_it: impl Fn(&Shared<V>) -> bool) -> Option<Shared<V>> {
        let at = self.entries.iter().position(|(own, entry)| own == key && is_it(entry))?;
        Some(self.entries.remove(at).1)
    }

    /// Removes the entry that was not used for longest.
    pub(crate) fn pop(&mut self) -> Option<(CacheKey, Shared<V>)> {
        (!self.entries.is_empty()).then(|| self.entries.remove(0))
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.entries.iter().map(|(_, entry)| entry.bytes()).sum()
    }
}
