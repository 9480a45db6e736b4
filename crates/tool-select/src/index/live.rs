//! How do readers see one whole version while cards come and go?

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::store::{CardError, Entry, Index};
use crate::card::ToolCard;

/// An index that changes through `&self` while others search it.
///
/// There are two copies, of which one is shown. A change is made on the other, which is then shown, and is made again on
/// the first one with the next change: so a change costs what the card costs, twice, and memory is twice that of one
/// [`Index`]. Readers wait for nobody. Only if a reader still holds the version before the last is it copied whole.
///
/// # Examples
///
/// ```
/// use tool_select::{LiveIndex, Search, ToolCard};
///
/// let live = LiveIndex::default();
/// let before = live.current();
/// live.insert(&ToolCard::new("mail.send").description("Sends a letter."))?;
/// assert!(before.is_empty());
/// assert_eq!(live.current().search(&Search::new("letter")).hits.len(), 1);
/// # Ok::<(), tool_select::CardError>(())
/// ```
#[derive(Debug, Default)]
pub struct LiveIndex {
    shown: RwLock<Arc<Index>>,
    hidden: Mutex<Hidden>,
}

/// The copy that is not shown, and what it has not seen yet.
#[derive(Debug, Default)]
struct Hidden {
    index: Arc<Index>,
    behind: Option<Change>,
}

/// One change.
#[derive(Debug)]
enum Change {
    Put(Entry),
    Remove(String),
}

impl Change {
    fn apply(&self, index: &mut Index) {
        match self {
            Self::Put(entry) => index.put(entry),
            Self::Remove(id) => {
                index.remove(id);
            }
        }
    }
}

impl LiveIndex {
    /// Begins with what an index holds.
    #[must_use]
    pub fn new(index: Index) -> Self {
        let index = Arc::new(index);
        let hidden = Hidden { index: Arc::new(Index::clone(&index)), behind: None };
        Self { shown: RwLock::new(index), hidden: Mutex::new(hidden) }
    }

    /// Returns the version of now: whole, and never changing.
    #[must_use]
    pub fn current(&self) -> Arc<Index> {
        Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes in a card; one of the same id gives way.
    ///
    /// # Errors
    ///
    /// [`CardError`] if its name or its id is empty.
    pub fn insert(&self, card: &ToolCard) -> Result<(), CardError> {
        self.change(Change::Put(Entry::of(card)?));
        Ok(())
    }

    /// Takes out the card of an id; returns whether there was one.
    pub fn remove(&self, id: &str) -> bool {
        let known = self.current().slot_of(id).is_some();
        if known {
            self.change(Change::Remove(id.to_owned()));
        }
        known
    }

    fn change(&self, change: Change) {
        let mut hidden = self.hidden.lock().unwrap_or_else(PoisonError::into_inner);
        let behind = hidden.behind.take();
        let index = Arc::make_mut(&mut hidden.index);
        if let Some(behind) = behind {
            behind.apply(index);
        }
        change.apply(index);
        let mut shown = self.shown.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::swap(&mut *shown, &mut hidden.index);
        drop(shown);
        hidden.behind = Some(change);
    }
}
