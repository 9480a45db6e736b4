//! What does the index hold?

use std::{collections::HashMap, sync::Arc};

use super::lists::{Lists, Posting};
use crate::{
    card::{FIELDS, ToolCard},
    fold::name_key,
    terms::{Counts, Terms},
};

/// A card cannot be taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a tool without a name or with an empty id cannot be found; expected a character that is no space")]
#[non_exhaustive]
pub struct CardError;

/// The cards of a catalogue, ready to be searched by text; cards come and go one by one.
///
/// A card costs about 30 bytes for each of its different words and pairs of words. Answers depend on the cards alone, not
/// on the order in which they came or on what was there before: only whole numbers are kept between changes.
///
/// # Examples
///
/// ```
/// use tool_select::{Index, Search, ToolCard};
///
/// let mut index = Index::new();
/// index.insert(&ToolCard::new("ci.search").description("Finds servers by keywords."))?;
/// index.insert(&ToolCard::new("mail.send").description("Sends a letter."))?;
/// assert_eq!(index.search(&Search::new("looking for a server")).hits[0].id(), "ci.search");
/// assert!(index.remove("ci.search"));
/// assert!(index.search(&Search::new("looking for a server")).hits.is_empty());
/// # Ok::<(), tool_select::CardError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Index {
    pub(super) lists: Lists,
    /// What is read for every posting, apart from what is read for a hit only.
    pub(super) lengths: Vec<Counts>,
    pub(super) slots: Vec<Option<Slot>>,
    free: Vec<u32>,
    by_id: HashMap<Arc<str>, u32>,
    /// By the form in which names are compared: several tools may share one, and a tool's id may have another.
    pub(super) by_key: HashMap<String, Vec<u32>>,
    pub(super) totals: Totals,
}

/// One card.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    pub(super) id: Arc<str>,
    keys: Vec<String>,
    /// Its terms by number.
    pub(super) terms: Box<[(u32, Counts)]>,
    ignored: usize,
}

/// What was read from a card, ready to be taken in.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) id: Arc<str>,
    keys: Vec<String>,
    terms: Terms,
}

impl Entry {
    pub(super) fn of(card: &ToolCard) -> Result<Self, CardError> {
        if card.name().trim().is_empty() || card.key().trim().is_empty() {
            return Err(CardError);
        }
        let mut keys = vec![name_key(card.name()), name_key(card.key())];
        keys.dedup();
        Ok(Self { id: card.key().into(), keys, terms: Terms::of(card) })
    }
}

/// What is known of a set of documents taken together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Totals {
    pub(super) documents: u64,
    /// How many words each field has over all documents.
    pub(super) lengths: [u64; FIELDS],
}

impl Totals {
    pub(super) fn add(&mut self, lengths: &Counts) {
        self.documents += 1;
        for (total, length) in self.lengths.iter_mut().zip(lengths) {
            *total += u64::from(*length);
        }
    }

    fn remove(&mut self, lengths: &Counts) {
        self.documents -= 1;
        for (total, length) in self.lengths.iter_mut().zip(lengths) {
            *total -= u64::from(*length);
        }
    }
}

impl Index {
    /// Returns an index of nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in a card; one of the same id gives way.
    ///
    /// Costs what the card's own words cost, whatever else there is.
    ///
    /// # Errors
    ///
    /// [`CardError`] if its name or its id is empty.
    pub fn insert(&mut self, card: &ToolCard) -> Result<(), CardError> {
        self.put(&Entry::of(card)?);
        Ok(())
    }

    /// Takes in what was read from a card.
    pub(super) fn put(&mut self, entry: &Entry) {
        self.remove(&entry.id);
        let Entry { id, keys, terms: read } = entry;
        let slot = self.vacant();
        let mut terms: Vec<(u32, Counts)> = read
            .counts
            .iter()
            .map(|(term, counts)| (self.lists.add(term, Posting { slot, counts: *counts }), *counts))
            .collect();
        terms.sort_unstable_by_key(|(number, _)| *number);
        self.by_id.insert(Arc::clone(id), slot);
        for key in keys {
            self.by_key.entry(key.clone()).or_default().push(slot);
        }
        self.totals.add(&read.lengths);
        self.lengths[slot as usize] = read.lengths;
        let slot_of = Slot { id: Arc::clone(id), keys: keys.clone(), terms: terms.into(), ignored: read.ignored };
        self.slots[slot as usize] = Some(slot_of);
    }

    fn vacant(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.lengths.push([0; FIELDS]);
            u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX)
        })
    }

    /// Takes out the card of an id, which is its name unless it has another; returns whether there was one.
    pub fn remove(&mut self, id: &str) -> bool {
        let Some(slot) = self.by_id.remove(id) else { return false };
        let Some(card) = self.slots[slot as usize].take() else { return false };
        for (number, _) in &card.terms {
            self.lists.remove(*number, slot);
        }
        for key in &card.keys {
            if let Some(slots) = self.by_key.get_mut(key) {
                slots.retain(|known| *known != slot);
                if slots.is_empty() {
                    self.by_key.remove(key);
                }
            }
        }
        self.totals.remove(&self.lengths[slot as usize]);
        self.free.push(slot);
        true
    }

    /// Returns how many cards there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Returns whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// Returns how many different words and pairs of words the cards have.
    #[must_use]
    pub fn terms(&self) -> usize {
        self.lists.len()
    }

    /// Returns how many words of all cards were not read: of each field, the first 1,024 are.
    #[must_use]
    pub fn ignored_words(&self) -> usize {
        self.slots.iter().flatten().map(|slot| slot.ignored).sum()
    }

    pub(super) fn slot_of(&self, id: &str) -> Option<u32> {
        self.by_id.get(id).copied()
    }
}
