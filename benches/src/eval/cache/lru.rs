//! How often does least-recently-used hit?

use super::trace::Trace;

/// The end of the list, and the place of what is not in it.
const NONE: u32 = u32::MAX;

/// Returns the hits of a cache that evicts what was asked for longest ago.
pub(super) fn hits(trace: &Trace, capacity: usize) -> usize {
    let mut list = Recency::new(trace.distinct);
    let mut hits = 0;
    for key in &trace.numbers {
        if list.holds(*key) {
            hits += 1;
            list.remove(*key);
        } else if list.len == capacity {
            list.remove(list.oldest);
        }
        list.push(*key);
    }
    hits
}

/// The keys that are held, by last use: a doubly linked list through two tables.
struct Recency {
    older: Vec<u32>,
    younger: Vec<u32>,
    held: Vec<bool>,
    oldest: u32,
    youngest: u32,
    len: usize,
}

impl Recency {
    fn new(keys: usize) -> Self {
        let table = vec![NONE; keys];
        Self { older: table.clone(), younger: table, held: vec![false; keys], oldest: NONE, youngest: NONE, len: 0 }
    }

    fn holds(&self, key: u32) -> bool {
        self.held[key as usize]
    }

    fn push(&mut self, key: u32) {
        self.older[key as usize] = self.youngest;
        self.younger[key as usize] = NONE;
        match self.youngest {
            NONE => self.oldest = key,
            before => self.younger[before as usize] = key,
        }
        self.youngest = key;
        self.held[key as usize] = true;
        self.len += 1;
    }

    fn remove(&mut self, key: u32) {
        let (older, younger) = (self.older[key as usize], self.younger[key as usize]);
        match older {
            NONE => self.oldest = younger,
            older => self.younger[older as usize] = younger,
        }
        match younger {
            NONE => self.youngest = older,
            younger => self.older[younger as usize] = older,
        }
        self.held[key as usize] = false;
        self.len -= 1;
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
        // a b a: one; c evicts b; b evicts a; a evicts c.
        check("abacba", 2, 1);
        // The fourth of a loop of four is always the one that was evicted for the third.
        check("abcdabcdabcd", 3, 0);
        check("abcdabcdabcd", 4, 8);
        check("aaaa", 1, 3);
        check("abab", 1, 0);
        // Silberschatz, Galvin, Gagne, "Operating System Concepts", 9.4.4: 12 faults of 20 with three frames.
        check("70120304230321201701", 3, 8);
    }

    proptest! {
        #[test]
        fn hits_are_those_of_a_plain_list(keys in vec(0_u64..12, 0..200), capacity in 1_usize..8) {
            let mut list: Vec<u64> = Vec::new();
            let mut expected = 0;
            for key in &keys {
                match list.iter().position(|held| held == key) {
                    Some(at) => {
                        expected += 1;
                        list.remove(at);
                    }
                    None if list.len() == capacity => drop(list.remove(0)),
                    None => {}
                }
                list.push(*key);
            }
            prop_assert_eq!(hits(&Trace::new(keys), capacity), expected);
        }
    }
}
