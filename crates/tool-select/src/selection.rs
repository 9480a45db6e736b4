//! What fits, and why?

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use tool_core::{BreakerState, ToolHandle, ToolName};

use crate::{FieldPoints, SelectionStrategy, text::TextFound};

/// Whether anything fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "something fits or nothing does")]
pub enum Fit {
    /// At least one tool does.
    Fits,
    /// No tool does.
    NoneFits,
}

/// The tools that fit a request, best first, and those that do not, each with the reason.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Selection {
    /// Whether anything fits.
    pub fit: Fit,
    /// What the caller cared for.
    pub strategy: SelectionStrategy,
    /// The tools that fit: highest score first, equal scores by name, open breakers last. If none fits, the nearest by
    /// text.
    pub ranked: Vec<RankedTool>,
    /// The candidates that were not ranked, by name.
    pub excluded: Vec<Excluded>,
    /// Of a selection by text, the share of what is asked for that the best tool has, 0 to 1: too little, and none fits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<f64>,
    /// The words of the request that no tool has, each once, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unmatched: Vec<String>,
    /// How many further words, repeats included, were not looked at, because there were too many.
    #[serde(skip_serializing_if = "is_zero")]
    pub ignored_words: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl Selection {
    /// Sorts what fits and what does not.
    pub(crate) fn new(strategy: SelectionStrategy, mut ranked: Vec<RankedTool>, mut excluded: Vec<Excluded>) -> Self {
        ranked.sort_by(RankedTool::before);
        excluded.sort_by(|a, b| a.tool.cmp(&b.tool));
        let fit = if ranked.is_empty() { Fit::NoneFits } else { Fit::Fits };
        Self { fit, strategy, ranked, excluded, coverage: None, unmatched: Vec::new(), ignored_words: 0 }
    }

    /// Takes over what a text found, which is in order.
    pub(crate) fn of_text(strategy: SelectionStrategy, found: TextFound, excluded: Vec<Excluded>) -> Self {
        let TextFound { fit, coverage, ranked, unmatched, ignored_words } = found;
        Self {
            fit,
            coverage: Some(coverage),
            ranked,
            unmatched,
            ignored_words,
            ..Self::new(strategy, Vec::new(), excluded)
        }
    }

    /// Returns the tool that fits best.
    #[must_use]
    pub fn best(&self) -> Option<&RankedTool> {
        match self.fit {
            Fit::Fits => self.ranked.first(),
            Fit::NoneFits => None,
        }
    }
}

/// A tool that fits.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct RankedTool {
    /// The tool, ready to be called.
    #[serde(serialize_with = "name")]
    pub tool: ToolHandle,
    /// The sum of the contributions, in their order; of a selection by intent at most 1.
    pub score: f64,
    /// Whether the request is the tool's very name: such a tool stands before all others.
    pub exact_name: bool,
    /// Whether the catalogue wants it first in every search.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub pinned: bool,
    /// What its circuit breaker lets through, where one is known: an open one puts it behind all that are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breaker: Option<BreakerState>,
    /// What each factor, or each word, adds to the score.
    pub contributions: Vec<Contribution>,
}

fn name<S: Serializer>(tool: &ToolHandle, serializer: S) -> Result<S::Ok, S::Error> {
    tool.spec().name().serialize(serializer)
}

impl RankedTool {
    /// Returns the part of the score that the tool's own text is worth: what an [`OutcomeLearner`](crate::OutcomeLearner)
    /// is told beside the outcome.
    #[must_use]
    pub fn text_score(&self) -> f64 {
        self.contributions.iter().filter(|part| part.basis == Basis::Text).map(|part| part.points).sum()
    }

    /// Orders by exact name and pin, then by open breakers, then by score, then by name: a total order, the same for the
    /// same input.
    pub(crate) fn before(&self, other: &Self) -> std::cmp::Ordering {
        let is_open = |tool: &Self| tool.breaker == Some(BreakerState::Open);
        (other.exact_name, other.pinned)
            .cmp(&(self.exact_name, self.pinned))
            .then_with(|| is_open(self).cmp(&is_open(other)))
            .then_with(|| other.score.total_cmp(&self.score))
            .then_with(|| self.tool.spec().name().cmp(other.tool.spec().name()))
    }
}

/// What one factor, or one word, adds to a score.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Contribution {
    /// The factor (`accuracy`, `time`, `cached`, `load`, `intent`, `coverage`, `learned`), or the word.
    pub name: Cow<'static, str>,
    /// The factor's value, 0 to 1; of a word, how strongly the tool has it.
    pub value: f64,
    /// How much it counts; of a word, how rare it is among the tools.
    pub weight: f64,
    /// Value times weight; of a word, the sum of the fields' points.
    pub points: f64,
    /// Of a word, where its points come from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldPoints>,
    /// Where the value comes from.
    pub basis: Basis,
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Basis {
    /// A layer reports it.
    Reported,
    /// The request states it.
    Request,
    /// The tool's author declares it.
    Profile,
    /// The table of intents has it.
    Intent,
    /// The tool's name, description and parameters say so.
    Text,
    /// What earlier choices brought says so.
    Learned,
    /// Nobody knows; nothing is assumed of it.
    Assumed,
}

/// A candidate that was not ranked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Excluded {
    /// The tool.
    pub tool: ToolName,
    /// Why.
    #[serde(flatten)]
    pub reason: Exclusion,
}

/// Why a candidate was not ranked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Exclusion {
    /// The policy does not let the caller call it.
    Denied {
        /// What the policy says.
        why: String,
    },
    /// It needs parameters that there are no values for.
    MissingParams {
        /// Which.
        params: Vec<String>,
    },
    /// The table of intents names it, but there is no such tool.
    Unknown,
}
