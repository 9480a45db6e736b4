//! What stands in for the store: a map under one lock, without bounds.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError},
    time::Duration,
};

use crate::{
    CacheKey, CachePolicy, Rejection,
    entry::{Credit, Shared},
    eviction::{Ring, Victim, Victims},
    stats::SharedCounts,
    sync::{Mutex, MutexGuard},
};

pub(crate) struct Store<V>(Mutex<BTreeMap<CacheKey, Shared<V>>>);

impl<V> Store<V> {
    pub(crate) fn new(_policy: &CachePolicy, _counts: &SharedCounts) -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<CacheKey, Shared<V>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn shards(&self) -> usize {
        1
    }

    pub(crate) fn shard_of(&self, _key: &CacheKey) -> usize {
        0
    }

    pub(crate) fn get(&self, key: &CacheKey) -> Option<Shared<V>> {
        self.lock().get(key).cloned()
    }

    pub(crate) fn peek(&self, key: &CacheKey) -> Option<Shared<V>> {
        self.get(key)
    }

    pub(crate) fn appraise(&self, _cost: Duration, _extra: u64) -> Credit {
        Credit::default()
    }

    pub(crate) fn insert(&self, key: CacheKey, entry: &Shared<V>, dead: &mut Victims<V>) -> Result<(), Rejection> {
        let old = self.lock().insert(key, Arc::clone(entry));
        old.into_iter().for_each(|entry| dead.push(Victim { key, entry, ring: Ring::Cold }));
        Ok(())
    }

    pub(crate) fn replace(&self, key: &CacheKey, dead: &mut Victims<V>) {
        let old = self.remove(key);
        old.into_iter().for_each(|entry| dead.push(Victim { key: *key, entry, ring: Ring::Cold }));
    }

    pub(crate) fn remove(&self, key: &CacheKey) -> Option<Shared<V>> {
        self.lock().remove(key)
    }

    pub(crate) fn discard(&self, key: &CacheKey, entry: &Shared<V>) -> bool {
        let mut held = self.lock();
        held.get(key).is_some_and(|held| Arc::ptr_eq(held, entry)) && held.remove(key).is_some()
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    pub(crate) fn entries(&self) -> Vec<(CacheKey, Shared<V>)> {
        self.lock().iter().map(|(key, entry)| (*key, Arc::clone(entry))).collect()
    }

    pub(crate) fn max_weight(&self) -> u64 {
        u64::MAX
    }
}

impl<V> std::fmt::Debug for Store<V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}
