//! Does the best that was found fit at all?

use super::rank::Plan;
use crate::{
    Fit,
    card::Field,
    question::{AskKind, Question},
};

/// The least share of what is asked for that a tool must have.
///
/// Source: chosen on the development half of public requests, for at most 5 % of the answerable ones refused, over
/// catalogues of one to a thousand tools; see the project's `docs/QUALITY.md`.
const LEAST_COVERAGE: f64 = 0.115;
/// What a word counts that stands in parameters alone: those are full of examples.
const IN_PARAMS: f64 = 0.5;

/// Returns the share of what a request asks for that a document has, 0 to 1.
///
/// Every word counts by its weight in the request, not by how rare it is in the catalogue: in a catalogue of three tools
/// nothing is rare.
pub(super) fn coverage(plan: &Plan<'_>, question: &Question, slot: u32) -> f64 {
    let counts = |kind: AskKind| matches!(kind, AskKind::Word | AskKind::Weak);
    let asked: f64 = question.asks.iter().filter(|ask| counts(ask.kind)).map(|ask| ask.weight).sum();
    let mut covered = 0.0;
    for planned in &plan.asks {
        let ask = &question.asks[planned.at];
        if counts(ask.kind) {
            let best = plan.terms_in(planned, slot).map(|(weight, counts)| {
                let outside = [Field::Name, Field::Description, Field::Namespace];
                let told = outside.into_iter().any(|field| counts[field as usize] > 0);
                if told { weight } else { weight * IN_PARAMS }
            });
            covered += ask.weight * best.fold(0.0, f64::max);
        }
    }
    if asked > 0.0 { covered / asked } else { 0.0 }
}

/// Says whether a tool that covers so much fits.
pub(super) fn fit(coverage: f64) -> Fit {
    if coverage >= LEAST_COVERAGE { Fit::Fits } else { Fit::NoneFits }
}

#[cfg(test)]
mod tests;
