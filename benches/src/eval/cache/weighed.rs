//! How much time do policies of the books save, where answers have sizes and costs?

use std::collections::{BTreeSet, HashMap};

use benches::cost::CostTrace;

/// Returns the share of load time, in percent, that least-recently-used saves with so many bytes.
pub(super) fn lru_saved(trace: &CostTrace, bytes: usize) -> f64 {
    let mut cache = Priorities::new(bytes);
    let mut asked = 0.0;
    trace.saved(|key, cost| {
        asked += 1.0;
        cache.ask(key, cost.bytes + BOOKKEEPING, |_| asked)
    })
}

/// Returns the share of load time, in percent, that GreedyDual-Size-Frequency saves with so many bytes: evicted is what
/// has the least of `L + frequency * cost / size`, where `L` is that of the last that was evicted.
///
/// Source: L. Cherkasova, "Improving WWW Proxies Performance with Greedy-Dual-Size-Frequency Caching Policy", HP Labs
/// HPL-98-69R1, 1998.
pub(super) fn greedy_dual_saved(trace: &CostTrace, bytes: usize) -> f64 {
    let mut cache = Priorities::new(bytes);
    trace.saved(|key, cost| {
        let floor = cache.floor;
        let bytes = cost.bytes + BOOKKEEPING;
        cache.ask(key, bytes, |uses| floor + f64::from(uses) * cost.load.as_secs_f64() / bytes as f64)
    })
}

/// What an entry takes besides its answer, as much as ours says that it takes.
const BOOKKEEPING: usize = 400;

/// A cache that evicts what has the least priority.
struct Priorities {
    room: usize,
    held: HashMap<usize, Held>,
    /// The bits of priorities, which order as the positive numbers do, and their keys.
    order: BTreeSet<(u64, usize)>,
    /// The priority of the last that was evicted.
    floor: f64,
}

struct Held {
    priority: f64,
    bytes: usize,
    uses: u32,
}

impl Priorities {
    fn new(room: usize) -> Self {
        Self { room, held: HashMap::new(), order: BTreeSet::new(), floor: 0.0 }
    }

    /// Returns whether a key is held; if not, it is taken in. `priority` goes by how often it was asked for while held.
    fn ask(&mut self, key: usize, bytes: usize, priority: impl Fn(u32) -> f64) -> bool {
        let before = self.remove(key);
        let uses = before.as_ref().map_or(0, |held| held.uses) + 1;
        while self.room < bytes && self.evict() {}
        if self.room >= bytes {
            self.room -= bytes;
            let priority = priority(uses);
            self.order.insert((priority.to_bits(), key));
            self.held.insert(key, Held { priority, bytes, uses });
        }
        before.is_some()
    }

    fn remove(&mut self, key: usize) -> Option<Held> {
        let held = self.held.remove(&key)?;
        self.order.remove(&(held.priority.to_bits(), key));
        self.room += held.bytes;
        Some(held)
    }

    fn evict(&mut self) -> bool {
        let Some((_, key)) = self.order.first().copied() else { return false };
        self.floor = self.remove(key).map_or(self.floor, |held| held.priority);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn least_priority_goes_first_until_there_is_room() {
        let mut cache = Priorities::new(10);
        for (key, bytes, priority) in [(1, 4, 3.0), (2, 4, 1.0), (3, 2, 2.0)] {
            assert!(!cache.ask(key, bytes, |_| priority));
        }
        // Five bytes take two evictions: 2 by its priority of 1, then 3.
        assert!(!cache.ask(4, 5, |_| 9.0));
        let mut held: Vec<usize> = cache.held.keys().copied().collect();
        held.sort_unstable();
        assert_eq!((held, cache.room, cache.floor.to_bits()), (vec![1, 4], 1, 2.0_f64.to_bits()));
        assert!(cache.ask(1, 4, f64::from));
        assert_eq!(cache.held[&1].uses, 2);
    }

    #[test]
    fn what_is_larger_than_all_is_passed_by() {
        let mut cache = Priorities::new(10);
        assert!(!cache.ask(1, 11, |_| 1.0));
        assert!(!cache.ask(1, 11, |_| 1.0));
        assert_eq!(cache.room, 10);
    }
}
