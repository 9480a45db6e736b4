//! Which documents may be seen?

use super::store::{Index, Totals};

/// The part of an index that a caller may see, made once and good until the index changes.
///
/// What is hidden has no influence: averages and rarities are those of the visible documents alone, so that an answer is
/// bit for bit that of an index without the hidden ones.
#[derive(Debug, Clone)]
pub struct View {
    bits: Vec<u64>,
    pub(super) totals: Totals,
}

impl View {
    /// Asks once for each id whether it may be seen.
    pub fn new(index: &Index, mut may_see: impl FnMut(&str) -> bool) -> Self {
        let mut view = Self { bits: vec![0; index.slots.len().div_ceil(64)], totals: Totals::default() };
        for (at, slot) in index.slots.iter().enumerate() {
            if slot.as_ref().is_some_and(|slot| may_see(&slot.id)) {
                view.bits[at / 64] |= 1 << (at % 64);
                view.totals.add(&index.lengths[at]);
            }
        }
        view
    }

    #[inline]
    pub(super) fn shows(&self, slot: u32) -> bool {
        self.bits.get(slot as usize / 64).is_some_and(|bits| bits >> (slot % 64) & 1 == 1)
    }
}
