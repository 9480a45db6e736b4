//! What does a search ask, and what does it answer?

use std::{cmp::Ordering, sync::Arc};

use super::{
    fit,
    rank::{Plan, sum},
    store::Index,
    view::View,
};
use crate::{
    Fit,
    card::{FIELDS, Field},
    question::{AskKind, Question},
};

/// How many tools are found if nothing else is said.
const TOP: usize = 10;

/// A text to search for.
///
/// # Examples
///
/// ```
/// use tool_select::Search;
///
/// let search = Search::new("who is on call?").top(3).pin("duty.now");
/// assert_eq!(search.ignored_words(), 0);
/// ```
#[derive(Debug, Clone)]
pub struct Search {
    pub(crate) question: Question,
    top: usize,
    pins: Vec<String>,
    explained: bool,
}

impl Search {
    /// Reads a text: the best ten are asked for.
    ///
    /// At most 128 different words are looked at.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { question: Question::of(text), top: TOP, pins: Vec::new(), explained: false }
    }

    /// Sets how many tools are asked for, pinned ones included.
    #[must_use]
    pub fn top(mut self, top: usize) -> Self {
        self.top = top;
        self
    }

    /// Wants a tool before all others but that of the very name, whatever its score; one that may not be seen stays
    /// hidden.
    #[must_use]
    pub fn pin(mut self, id: impl Into<String>) -> Self {
        self.pins.push(id.into());
        self
    }

    /// Wants each tool's score explained.
    #[must_use]
    pub fn explained(mut self) -> Self {
        self.explained = true;
        self
    }

    /// Returns how many words, repeats included, were not looked at, because there were too many.
    #[must_use]
    pub fn ignored_words(&self) -> usize {
        self.question.ignored
    }
}

/// What a search found, best first.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Found {
    /// Whether the best by score has enough of what is asked for, or the text is a tool's very name.
    pub fit: Fit,
    /// The share of what is asked for that the best by score has, 0 to 1: what [`fit`](Self::fit) goes by.
    pub coverage: f64,
    /// How far the best score is before the next, as a share of the best, 0 to 1.
    pub margin: f64,
    /// The tools: exact names, then pins, then the highest scores; equals by id.
    pub hits: Vec<Hit>,
    /// The words of the request that no visible tool has, each once, in their order.
    pub unmatched: Vec<String>,
}

/// A tool that was found.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Hit {
    id: Arc<str>,
    /// How well it fits: 0 or more.
    pub score: f64,
    /// Whether the text is its very name.
    pub exact_name: bool,
    /// Whether it was pinned.
    pub pinned: bool,
    /// What adds up to the score, in the order in which it is summed; empty unless [`Search::explained`].
    pub words: Vec<WordPoints>,
    slot: u32,
}

impl Hit {
    /// Returns what the tool is found as: its id, or its name if it has none.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    fn order(&self, other: &Self) -> Ordering {
        (other.exact_name.cmp(&self.exact_name))
            .then(other.pinned.cmp(&self.pinned))
            .then(other.score.total_cmp(&self.score))
            .then_with(|| self.id.cmp(&other.id))
    }
}

/// What one word, or another thing asked for, adds to a score.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct WordPoints {
    /// The word as it stands in the request, two neighbours, or the shape of a value.
    pub word: String,
    /// How strongly the tool has it, saturated: 0 to 3.2.
    pub value: f64,
    /// How much it counts: its weight in the request times how rare it is among the visible tools.
    pub weight: f64,
    /// The sum of the fields' points, in their order.
    pub points: f64,
    /// Where the points come from.
    pub fields: Vec<FieldPoints>,
}

/// What a word adds by standing in one field.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct FieldPoints {
    /// The field.
    pub field: Field,
    /// Its points.
    pub points: f64,
}

impl Index {
    /// Searches all cards.
    #[must_use]
    pub fn search(&self, search: &Search) -> Found {
        self.find(search, None)
    }

    /// Searches the cards that a view shows, as if there were no others.
    #[must_use]
    pub fn search_in(&self, view: &View, search: &Search) -> Found {
        self.find(search, Some(view))
    }

    fn find(&self, search: &Search, view: Option<&View>) -> Found {
        let plan = Plan::new(self, view, &search.question);
        let visible = |slot: &u32| view.is_none_or(|view| view.shows(*slot));
        let exact = self.by_key.get(&search.question.name_key).map_or(&[][..], Vec::as_slice);
        let pins: Vec<u32> = search.pins.iter().filter_map(|id| self.slot_of(id)).collect();
        let mut slots = plan.candidates(search.top);
        slots.extend(exact.iter().chain(&pins).filter(|slot| visible(slot)));
        slots.sort_unstable();
        slots.dedup();
        let hit = |slot: u32| {
            let id = Arc::clone(&self.slots[slot as usize].as_ref()?.id);
            let (exact_name, pinned) = (exact.contains(&slot), pins.contains(&slot));
            Some(Hit { id, score: plan.score(slot), exact_name, pinned, words: Vec::new(), slot })
        };
        let mut hits: Vec<Hit> = slots.into_iter().filter_map(hit).collect();
        hits.sort_unstable_by(Hit::order);
        hits.truncate(search.top);
        if search.explained {
            hits.iter_mut().for_each(|hit| hit.words = explain(&plan, &search.question, hit.slot));
        }
        let (coverage, margin) = standing(&plan, &search.question, &hits);
        let named = hits.first().is_some_and(|hit| hit.exact_name);
        let fit = if named { Fit::Fits } else { fit::fit(coverage) };
        Found { fit, coverage, margin, hits, unmatched: unmatched(&search.question, &plan) }
    }
}

/// Returns how much the best by score covers, and how far it is before the next.
fn standing(plan: &Plan<'_>, question: &Question, hits: &[Hit]) -> (f64, f64) {
    let mut by_score: Vec<&Hit> = hits.iter().filter(|hit| hit.score > 0.0).collect();
    by_score.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
    let Some(best) = by_score.first() else { return (0.0, 0.0) };
    let next = by_score.get(1).map_or(0.0, |next| next.score);
    (fit::coverage(plan, question, best.slot), (best.score - next) / best.score)
}

/// Returns what adds up to a document's score, in the order in which it is summed.
fn explain(plan: &Plan<'_>, question: &Question, slot: u32) -> Vec<WordPoints> {
    let mut words = Vec::new();
    plan.each(slot, |ask, points| {
        let total = sum(&points);
        words.push(WordPoints {
            word: question.asks[ask.at].shown.clone(),
            value: total / ask.weight,
            weight: ask.weight,
            points: total,
            fields: fields(&points),
        });
    });
    words
}

fn fields(points: &[f64; FIELDS]) -> Vec<FieldPoints> {
    let all = Field::ALL.into_iter().zip(*points).map(|(field, points)| FieldPoints { field, points });
    all.filter(|part| part.points > 0.0).collect()
}

/// Returns the words that nothing answers; not the shapes of values, nor neighbours that are none elsewhere.
fn unmatched(question: &Question, plan: &Plan<'_>) -> Vec<String> {
    let mut answered = plan.asks.iter().map(|ask| ask.at).peekable();
    let mut unmatched = Vec::new();
    for (at, ask) in question.asks.iter().enumerate() {
        if answered.next_if_eq(&at).is_none() && ask.kind == AskKind::Word {
            unmatched.push(ask.shown.clone());
        }
    }
    unmatched
}
