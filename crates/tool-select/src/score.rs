//! How good is one tool for one request?

use std::borrow::Cow;

use tool_core::{Profile, ToolSignals};

use crate::{Basis, Contribution, Weights};

/// All that the score of a tool is made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Inputs {
    pub(crate) profile: Profile,
    /// What the layers report.
    pub(crate) reported: ToolSignals,
    /// What the caller stated.
    pub(crate) stated: ToolSignals,
    /// The intent bonus, 0 to 1.
    pub(crate) bonus: f64,
    /// The share of the asked fields that the result has, 0 to 1.
    pub(crate) coverage: f64,
}

/// What a cached answer is worth, as the original has it.
const CACHED_VALUE: f64 = 0.5;

/// Returns what each factor contributes, in a fixed order; the score is their sum.
///
/// `accuracy`, `1 / (1 + seconds)`, half the chance that the answer is cached, `1 - load`, intent bonus and coverage,
/// each between 0 and 1 and times its weight; accuracy is the share of runs that succeed where that is known. What the layers report goes before what the caller stated, and that
/// before the profile. Source: the original design's selection formula, without its strategy bonus.
pub(crate) fn contributions(inputs: &Inputs, weights: &Weights) -> Vec<Contribution> {
    let Inputs { profile, reported, stated, bonus, coverage } = *inputs;
    let (load, load_basis) = known(share(reported.load), share(stated.load), (0.0, Basis::Assumed));
    let (cached, cached_basis) = known(share(reported.cached), share(stated.cached), (0.0, Basis::Assumed));
    let (time, time_basis) = known(reported.latency, stated.latency, (profile.base_time, Basis::Profile));
    let mut all = Vec::with_capacity(6);
    let mut add = |name: &'static str, value: f64, weight: f64, basis| {
        let points = value * weight;
        all.push(Contribution { name: Cow::Borrowed(name), value, weight, points, basis, fields: Vec::new() });
    };
    let (accuracy, accuracy_basis) =
        known(share(reported.health), share(stated.health), (profile.accuracy, Basis::Profile));
    add("accuracy", accuracy, weights.accuracy, accuracy_basis);
    add("time", 1.0 / (1.0 + time.as_secs_f64()), weights.time, time_basis);
    add("cached", CACHED_VALUE * cached, weights.cached, cached_basis);
    add("load", 1.0 - load, weights.load, load_basis);
    add("intent", bonus, weights.intent, Basis::Intent);
    if weights.coverage > 0.0 {
        add("coverage", coverage, weights.coverage, Basis::Request);
    }
    all
}

/// Sums what was contributed, in the order of the list.
pub(crate) fn sum(contributions: &[Contribution]) -> f64 {
    contributions.iter().map(|contribution| contribution.points).sum()
}

fn known<T>(reported: Option<T>, stated: Option<T>, otherwise: (T, Basis)) -> (T, Basis) {
    match (reported, stated) {
        (Some(value), _) => (value, Basis::Reported),
        (None, Some(value)) => (value, Basis::Request),
        (None, None) => otherwise,
    }
}

/// Clamps to 0 to 1; does not believe what is no finite number.
fn share(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite()).map(|value| value.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests;
