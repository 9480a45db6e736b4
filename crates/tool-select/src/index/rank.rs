//! Which documents may be among the best, and what is each one's exact score?

use std::cmp::Reverse;

use super::{
    lists::Posting,
    scratch::Scratch,
    store::Index,
    strength::{K1, Strengths, rarity},
    view::View,
};
use crate::{card::FIELDS, question::Question, terms::Counts};

/// What a first pass may be off by, as a share: far more than the rounding of 32-bit sums over some hundred terms.
const SLACK: f32 = 1e-4;

/// From how many postings on it is worth to look which documents still can be among the best.
const LONG: usize = 256;

/// A request against one index: what is asked for that the visible documents have.
pub(super) struct Plan<'i> {
    index: &'i Index,
    view: Option<&'i View>,
    strengths: Strengths<f64>,
    pub(super) asks: Vec<PlannedAsk>,
}

/// One thing asked for, and the terms that answer it.
pub(super) struct PlannedAsk {
    /// Its place in the question.
    pub(super) at: usize,
    /// Its weight in the question times how rare it is.
    pub(super) weight: f64,
    terms: Vec<(u32, f64)>,
}

impl<'i> Plan<'i> {
    pub(super) fn new(index: &'i Index, view: Option<&'i View>, question: &Question) -> Self {
        let totals = view.map_or(&index.totals, |view| &view.totals);
        let mut plan = Self { index, view, strengths: Strengths::of(totals), asks: Vec::new() };
        for (at, ask) in question.asks.iter().enumerate() {
            let (mut terms, mut most) = (Vec::new(), 0);
            for (term, weight) in &ask.terms {
                let Some(number) = index.lists.number(term) else { continue };
                let having = plan.having(number);
                if having > 0 {
                    terms.push((number, *weight));
                    most = most.max(having);
                }
            }
            // Of words that mean the same, the commonest says how rare the meaning is.
            if !terms.is_empty() {
                plan.asks.push(PlannedAsk { at, weight: ask.weight * rarity(most, totals.documents), terms });
            }
        }
        plan
    }

    /// Returns how many visible documents have a term.
    fn having(&self, number: u32) -> u64 {
        let postings = self.index.lists.postings(number);
        match self.view {
            None => postings.len() as u64,
            Some(view) => postings.iter().filter(|posting| view.shows(posting.slot)).count() as u64,
        }
    }

    /// Returns every document that may be among the best so many, and maybe some more.
    pub(super) fn candidates(&self, top: usize) -> Vec<u32> {
        super::scratch::with(self.index.slots.len(), |scratch| {
            match self.view {
                None => self.sum_up(scratch, top, |_| true),
                Some(view) => self.sum_up(scratch, top, |slot| view.shows(slot)),
            }
            let least = least_of_best(scratch, top) * (1.0 - SLACK);
            let Scratch { points, touched, .. } = scratch;
            let mut found = Vec::new();
            for slot in touched.drain(..) {
                let points = &mut points[slot as usize];
                if *points >= least {
                    found.push(slot);
                }
                *points = 0.0;
            }
            found
        })
    }

    /// Adds up points, from what can count most to what can count least.
    ///
    /// Once all that is left cannot lift a document from nothing to the best, only documents that still can get there are
    /// added to.
    ///
    /// Source: Turtle and Flood, "Query Evaluation: Strategies and Optimizations" (1995): term at a time, max score.
    fn sum_up(&self, scratch: &mut Scratch, top: usize, shows: impl Fn(u32) -> bool) {
        let strengths = self.strengths.rough();
        let mut asks: Vec<&PlannedAsk> = self.asks.iter().collect();
        asks.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        let mut left: f32 = asks.iter().map(|ask| scale(ask)).sum();
        for ask in asks {
            // To look is worth it only where there is much to be saved.
            let long =
                ask.terms.iter().map(|(number, _)| self.index.lists.postings(*number).len()).sum::<usize>() > LONG;
            let least = if long { least_of_best(scratch, top) } else { 0.0 };
            let needed = least * (1.0 - SLACK) - left * (1.0 + SLACK);
            let shown = |points: f32, slot: u32| points >= needed && (points > 0.0 || needed <= 0.0) && shows(slot);
            match ask.terms.as_slice() {
                [term] => self.sum_up_one(ask, *term, &strengths, scratch, shown),
                _ => self.sum_up_several(ask, &strengths, scratch, shown),
            }
            left -= scale(ask);
        }
    }

    fn sum_up_one(
        &self,
        ask: &PlannedAsk,
        (number, weight): (u32, f64),
        strengths: &Strengths<f32>,
        scratch: &mut Scratch,
        shown: impl Fn(f32, u32) -> bool,
    ) {
        let (scale, weight) = (scale(ask), rough(weight));
        for Posting { slot, counts } in self.index.lists.postings(number) {
            if shown(scratch.points[*slot as usize], *slot) {
                let lengths = &self.index.lengths[*slot as usize];
                add(scratch, *slot, scale, weight * strengths.of_all(counts, lengths));
            }
        }
    }

    /// The same for what several terms answer: strengths first, then points, because strength saturates once.
    fn sum_up_several(
        &self,
        ask: &PlannedAsk,
        strengths: &Strengths<f32>,
        scratch: &mut Scratch,
        shown: impl Fn(f32, u32) -> bool,
    ) {
        for (number, weight) in &ask.terms {
            let weight = rough(*weight);
            for Posting { slot, counts } in self.index.lists.postings(*number) {
                if !shown(scratch.points[*slot as usize], *slot) {
                    continue;
                }
                let sum = &mut scratch.strengths[*slot as usize];
                if *sum == 0.0 {
                    scratch.strong.push(*slot);
                }
                *sum += weight * strengths.of_all(counts, &self.index.lengths[*slot as usize]);
            }
        }
        let scale = scale(ask);
        while let Some(slot) = scratch.strong.pop() {
            let strength = std::mem::take(&mut scratch.strengths[slot as usize]);
            add(scratch, slot, scale, strength);
        }
    }

    /// Hands over what each thing asked for adds to a document, by field: the score is the sum in this order.
    pub(super) fn each(&self, slot: u32, mut take: impl FnMut(&PlannedAsk, [f64; FIELDS])) {
        let lengths = &self.index.lengths[slot as usize];
        for ask in &self.asks {
            let mut strengths = [0.0; FIELDS];
            for (weight, counts) in self.terms_in(ask, slot) {
                for (field, strength) in strengths.iter_mut().enumerate() {
                    *strength += weight * self.strengths.of_field(field, counts, lengths);
                }
            }
            let strength = sum(&strengths);
            if strength > 0.0 {
                let scale = ask.weight * (K1 + 1.0) / (K1 + strength);
                take(ask, strengths.map(|strength| scale * strength));
            }
        }
    }

    /// Returns what a document has of one thing asked for: each term's weight and counts.
    pub(super) fn terms_in<'p>(&'p self, ask: &'p PlannedAsk, slot: u32) -> impl Iterator<Item = (f64, &'p Counts)> {
        let document = self.index.slots[slot as usize].as_ref();
        let has = move |number: u32| counts_of(&document?.terms, number);
        ask.terms.iter().filter_map(move |(number, weight)| Some((*weight, has(*number)?)))
    }

    /// Returns a document's score.
    pub(super) fn score(&self, slot: u32) -> f64 {
        let mut score = 0.0;
        self.each(slot, |_, points| score += sum(&points));
        score
    }
}

fn counts_of(terms: &[(u32, Counts)], number: u32) -> Option<&Counts> {
    terms.binary_search_by_key(&number, |(known, _)| *known).ok().map(|at| &terms[at].1)
}

/// Adds values in their order.
pub(super) fn sum(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |sum, value| sum + value)
}

/// Returns more than what something asked for can add to any document.
fn scale(ask: &PlannedAsk) -> f32 {
    rough(ask.weight * (K1 + 1.0))
}

#[inline]
fn add(scratch: &mut Scratch, slot: u32, scale: f32, strength: f32) {
    let points = &mut scratch.points[slot as usize];
    if *points == 0.0 {
        scratch.touched.push(slot);
    }
    *points += scale * strength / (rough(K1) + strength);
}

#[expect(clippy::cast_possible_truncation, reason = "a first pass; what it finds is scored exactly")]
const fn rough(value: f64) -> f32 {
    value as f32
}

/// Returns the points of the last of the best so many; less than any points if there are not so many.
fn least_of_best(scratch: &mut Scratch, top: usize) -> f32 {
    let Scratch { points, touched, best, .. } = scratch;
    best.clear();
    for slot in touched.iter() {
        // Of numbers that are not negative, the bits are in the order of the numbers.
        let points = points[*slot as usize].to_bits();
        if best.len() < top {
            best.push(Reverse(points));
        } else if let Some(mut least) = best.peek_mut()
            && points > least.0
        {
            *least = Reverse(points);
        }
    }
    match best.peek() {
        Some(Reverse(least)) if best.len() == top => f32::from_bits(*least),
        Some(_) => 0.0,
        None => f32::INFINITY,
    }
}
