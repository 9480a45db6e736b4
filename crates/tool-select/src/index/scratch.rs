//! Where does a search keep its sums?

use std::{cell::RefCell, cmp::Reverse, collections::BinaryHeap};

/// Sums per document and what is needed to clear them: kept by each thread between searches, so that a search allocates
/// for its answer only.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// Points so far.
    pub(super) points: Vec<f32>,
    /// Strength of what is being asked for, where several terms answer it.
    pub(super) strengths: Vec<f32>,
    /// The documents that have points.
    pub(super) touched: Vec<u32>,
    /// The documents that have a strength.
    pub(super) strong: Vec<u32>,
    /// The bits of the best points, the least on top.
    pub(super) best: BinaryHeap<Reverse<u32>>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Lends the thread's sums, large enough for so many documents and all zero.
pub(super) fn with<R>(documents: usize, use_it: impl FnOnce(&mut Scratch) -> R) -> R {
    SCRATCH.with(|scratch| match scratch.try_borrow_mut() {
        Ok(mut scratch) => {
            if scratch.points.len() < documents {
                scratch.points.resize(documents, 0.0);
                scratch.strengths.resize(documents, 0.0);
            }
            use_it(&mut scratch)
        }
        // Only if a search ran inside a search.
        Err(_) => {
            use_it(&mut Scratch { points: vec![0.0; documents], strengths: vec![0.0; documents], ..Scratch::default() })
        }
    })
}
