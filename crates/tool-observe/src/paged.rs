//! How is something found by a dense number, without a lock?

use std::{fmt, sync::OnceLock};

/// The first page has 32 places, each further one twice as many: 28 pages hold every `u32`.
const PAGES: usize = 28;
const FIRST: usize = 32;

/// A growing array whose elements never move: readers take no lock, and growth disturbs nobody.
pub(crate) struct Paged<T> {
    pages: [OnceLock<Box<[T]>>; PAGES],
}

/// Returns page and place of an element.
fn place(index: usize) -> (usize, usize) {
    let shifted = index + FIRST;
    let page = (shifted.ilog2() - FIRST.ilog2()) as usize;
    (page, shifted - (FIRST << page))
}

impl<T: Default> Paged<T> {
    pub(crate) fn new() -> Self {
        Self { pages: [const { OnceLock::new() }; PAGES] }
    }

    /// Returns an element, made when it is first asked for.
    pub(crate) fn at(&self, index: usize) -> &T {
        let (page, offset) = place(index);
        &self.pages[page].get_or_init(|| (0..FIRST << page).map(|_| T::default()).collect())[offset]
    }

    /// Returns an element if its page was made.
    pub(crate) fn peek(&self, index: usize) -> Option<&T> {
        let (page, offset) = place(index);
        self.pages[page].get().map(|page| &page[offset])
    }
}

impl<T> fmt::Debug for Paged<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pages = self.pages.iter().filter(|page| page.get().is_some()).count();
        f.debug_struct("Paged").field("pages", &pages).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn places_are_consecutive() {
        let mut expected = (0, 0);
        for index in 0..10_000 {
            assert_eq!(place(index), expected, "index {index}");
            expected.1 += 1;
            if expected.1 == FIRST << expected.0 {
                expected = (expected.0 + 1, 0);
            }
        }
    }

    #[test]
    fn every_number_has_a_page() {
        assert_eq!(place(u32::MAX as usize).0, PAGES - 1);
    }

    #[test]
    fn elements_keep_their_place() {
        let paged = Paged::<AtomicUsize>::new();
        for index in 0..1000 {
            paged.at(index).store(index, Ordering::Relaxed);
        }
        assert!((0..1000).all(|index| paged.at(index).load(Ordering::Relaxed) == index));
    }

    #[test]
    fn peeking_makes_nothing() {
        let paged = Paged::<AtomicUsize>::new();
        assert!(paged.peek(5).is_none());
        paged.at(0);
        assert!(paged.peek(5).is_some() && paged.peek(40).is_none());
    }
}
