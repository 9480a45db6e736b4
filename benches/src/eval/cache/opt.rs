//! How often could any cache hit that knows the future?
//!
//! On a miss the key is kept instead of the one that is asked for again last, itself included: it may be passed by.
//!
//! Source: L. A. Belady, "A Study of Replacement Algorithms for a Virtual-Storage Computer", IBM Systems Journal 5(2),
//! 1966; R. L. Mattson et al., "Evaluation Techniques for Storage Hierarchies", IBM Systems Journal 9(2), 1970.

use std::collections::BinaryHeap;

use super::trace::Trace;

/// When a key is asked for that is not asked for again.
const NEVER: u32 = u32::MAX;
/// The next use of a key that is not held: no request asks for its own key at its own place.
const ABSENT: u32 = 0;

/// Returns the most hits that a cache of this capacity can have.
pub(super) fn hits(trace: &Trace, capacity: usize) -> usize {
    let mut held = Held { next: vec![ABSENT; trace.distinct], by_next: BinaryHeap::new(), len: 0 };
    let mut hits = 0;
    for (key, next) in trace.numbers.iter().zip(next_uses(trace)) {
        if held.next[*key as usize] != ABSENT {
            hits += 1;
            held.set(*key, next);
        } else if held.len < capacity || held.make_room(next) {
            held.len += 1;
            held.set(*key, next);
        }
    }
    hits
}

/// Returns for each request the place of the next one for the same key.
fn next_uses(trace: &Trace) -> Vec<u32> {
    let mut seen = vec![NEVER; trace.distinct];
    let mut next = vec![NEVER; trace.numbers.len()];
    for (at, key) in trace.numbers.iter().enumerate().rev() {
        let place = u32::try_from(at).unwrap_or(NEVER);
        next[at] = std::mem::replace(&mut seen[*key as usize], place);
    }
    next
}

/// What is held.
struct Held {
    /// The next use of each key.
    next: Vec<u32>,
    /// Uses and their keys, the last first; those of keys whose next use is another are out of date.
    by_next: BinaryHeap<(u32, u32)>,
    len: usize,
}

impl Held {
    fn set(&mut self, key: u32, next: u32) {
        self.next[key as usize] = next;
        self.by_next.push((next, key));
    }

    /// Evicts what is asked for later than at `next`, the latest; returns whether there was anything.
    fn make_room(&mut self, next: u32) -> bool {
        while let Some((use_at, key)) = self.by_next.peek().copied() {
            let current = self.next[key as usize] == use_at;
            if current && use_at <= next {
                return false;
            }
            self.by_next.pop();
            if current {
                self.next[key as usize] = ABSENT;
                self.len -= 1;
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    #[track_caller]
    fn check(requests: &str, capacity: usize, expected: usize) {
        assert_eq!(hits(&Trace::new(requests.bytes().map(u64::from).collect()), capacity), expected);
    }

    #[test]
    fn hand_worked_cases() {
        // Of a loop of four, three stay and the fourth is passed by: 3 hits each round after the first.
        check("abcdabcdabcd", 3, 6);
        check("abab", 1, 1);
        // x, y and z are never asked again and pass by.
        check("axayaza", 1, 3);
    }

    /// Returns the most hits by trying everything that a cache could do.
    fn best(keys: &[u64], held: &[u64], capacity: usize) -> usize {
        let Some((key, rest)) = keys.split_first() else { return 0 };
        if held.contains(key) {
            return 1 + best(rest, held, capacity);
        }
        let mut most = best(rest, held, capacity);
        let with = |kept: Vec<u64>| best(rest, &[kept, vec![*key]].concat(), capacity);
        if held.len() < capacity {
            most = most.max(with(held.to_vec()));
        }
        for victim in held {
            most = most.max(with(held.iter().filter(|other| *other != victim).copied().collect()));
        }
        most
    }

    proptest! {
        #[test]
        fn nothing_does_better(keys in vec(0_u64..5, 0..11), capacity in 1_usize..4) {
            let expected = best(&keys, &[], capacity);
            prop_assert_eq!(hits(&Trace::new(keys), capacity), expected);
        }
    }
}
