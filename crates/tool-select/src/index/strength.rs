//! How strongly does a document have a term?

use super::store::Totals;
use crate::{card::FIELDS, terms::Counts};

/// How much a word counts by where it stands, in the order of [`Field::ALL`](crate::Field).
pub(super) const FIELD_WEIGHTS: [f64; FIELDS] = [4.0, 1.0, 0.7, 0.7, 0.7];
/// How fast more of the same word stops to count.
pub(super) const K1: f64 = 2.2;
/// How much a field that is longer than the average counts less.
pub(super) const B: f64 = 0.6;

/// How many lengths a field can have.
const LENGTHS: usize = 256;

/// What one standing of a word in a field counts, by the field's length: made once per search.
pub(super) struct Strengths<F> {
    table: [[F; LENGTHS]; FIELDS],
}

impl Strengths<f64> {
    /// Source: Robertson, Zaragoza and Taylor, "Simple BM25 Extension to Multiple Weighted Fields" (2004).
    pub(super) fn of(totals: &Totals) -> Self {
        let mut table = [[0.0; LENGTHS]; FIELDS];
        for (field, row) in table.iter_mut().enumerate() {
            if totals.lengths[field] == 0 {
                continue;
            }
            let average = as_f64(totals.lengths[field]) / as_f64(totals.documents);
            for (length, strength) in row.iter_mut().enumerate() {
                *strength = FIELD_WEIGHTS[field] / (1.0 - B + B * as_f64(length as u64) / average);
            }
        }
        Self { table }
    }

    /// Returns what a term counts in one field.
    pub(super) fn of_field(&self, field: usize, counts: &Counts, lengths: &Counts) -> f64 {
        f64::from(counts[field]) * self.table[field][usize::from(lengths[field])]
    }

    /// Returns the same with less precision, for a first pass over many documents.
    #[expect(clippy::cast_possible_truncation, reason = "less precision is the purpose")]
    pub(super) fn rough(&self) -> Strengths<f32> {
        Strengths { table: self.table.map(|row| row.map(|strength| strength as f32)) }
    }
}

impl Strengths<f32> {
    /// Returns what a term counts in all fields together.
    #[inline]
    pub(super) fn of_all(&self, counts: &Counts, lengths: &Counts) -> f32 {
        let of = |field: usize| f32::from(counts[field]) * self.table[field][usize::from(lengths[field])];
        of(0) + of(1) + (of(2) + of(3)) + of(4)
    }
}

/// Returns how rare a term is that so many of all documents have.
///
/// Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the usual `1 +`
/// that keeps it above zero.
pub(super) fn rarity(having: u64, all: u64) -> f64 {
    let (having, all) = (as_f64(having), as_f64(all));
    (1.0 + (all - having + 0.5) / (having + 0.5)).ln()
}

/// Returns a count as a number; exact up to 2^32, which no count of ours reaches.
pub(super) fn as_f64(count: u64) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}
