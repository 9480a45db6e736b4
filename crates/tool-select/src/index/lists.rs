//! Which documents have a term, and how often?

use std::{collections::HashMap, sync::Arc};

use crate::terms::Counts;

/// One document that has a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Posting {
    pub(super) slot: u32,
    pub(super) counts: Counts,
}

/// The documents of each term; a term without documents is not kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Lists {
    numbers: HashMap<Arc<str>, u32>,
    lists: Vec<List>,
    free: Vec<u32>,
}

#[derive(Debug, Clone, Default)]
struct List {
    term: Arc<str>,
    /// By slot.
    postings: Vec<Posting>,
}

impl Lists {
    /// Returns a term's number, which stays while any document has the term.
    pub(super) fn number(&self, term: &str) -> Option<u32> {
        self.numbers.get(term).copied()
    }

    /// Returns the documents of a term, by slot.
    pub(super) fn postings(&self, number: u32) -> &[Posting] {
        &self.lists[number as usize].postings
    }

    /// Returns how many terms there are.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Adds a document to a term and returns the term's number.
    pub(super) fn add(&mut self, term: &str, posting: Posting) -> u32 {
        let number = self.number(term).unwrap_or_else(|| self.begin(term));
        let postings = &mut self.lists[number as usize].postings;
        let at = postings.partition_point(|known| known.slot < posting.slot);
        postings.insert(at, posting);
        number
    }

    fn begin(&mut self, term: &str) -> u32 {
        let term: Arc<str> = term.into();
        let list = List { term: Arc::clone(&term), postings: Vec::new() };
        let number = match self.free.pop() {
            Some(number) => {
                self.lists[number as usize] = list;
                number
            }
            None => {
                self.lists.push(list);
                u32::try_from(self.lists.len() - 1).unwrap_or(u32::MAX)
            }
        };
        self.numbers.insert(term, number);
        number
    }

    /// Takes a document from a term, and forgets the term with its last one.
    pub(super) fn remove(&mut self, number: u32, slot: u32) {
        let list = &mut self.lists[number as usize];
        if let Ok(at) = list.postings.binary_search_by_key(&slot, |posting| posting.slot) {
            list.postings.remove(at);
        }
        if list.postings.is_empty() {
            self.numbers.remove(&list.term);
            *list = List::default();
            self.free.push(number);
        }
    }
}
