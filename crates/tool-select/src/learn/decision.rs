//! What was chosen among what, how likely, and what did it bring?

use std::io::BufRead;

use serde::{Deserialize, Serialize};
use tool_core::ToolName;

/// One logged choice: enough to judge afterwards how another policy would have done.
///
/// One line of JSON each in a log. The request itself is not in it.
///
/// # Examples
///
/// ```
/// use tool_select::Decision;
///
/// let log = r#"{"candidates": [{"tool": "ci.get", "score": 0.7}, {"tool": "ci.search", "score": 0.6}],
///              "chosen": "ci.get", "propensity": 0.95, "reward": 1.0}"#.replace('\n', " ");
/// let decisions = Decision::read_log(log.as_bytes())?;
/// assert_eq!(decisions[0].chosen.as_str(), "ci.get");
///
/// let error = Decision::read_log(log.replace("0.95", "0").as_bytes()).unwrap_err();
/// assert_eq!(error.to_string(), "line 1: `propensity` is 0, expected more than 0 and at most 1");
/// # Ok::<(), tool_select::DecisionError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Decision {
    /// What there was to choose from, best first.
    pub candidates: Vec<CandidateScore>,
    /// What was chosen.
    pub chosen: ToolName,
    /// How likely that was when it was chosen, over 0 and at most 1.
    pub propensity: f64,
    /// What it brought, 0 to 1.
    pub reward: f64,
}

/// A candidate of a logged choice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct CandidateScore {
    /// The tool.
    pub tool: ToolName,
    /// The score that it was ranked by.
    pub score: f64,
    /// What each factor was worth, 0 to 1, by name: with it, other weights can be judged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub factors: Vec<(String, f64)>,
}

/// What a choice brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "it served or it did not")]
pub enum Outcome {
    /// The tool's answer served.
    Success,
    /// It failed, or its answer did not serve.
    Failure,
}

impl Outcome {
    /// Returns 1 for a success, 0 for a failure.
    #[must_use]
    pub fn reward(self) -> f64 {
        match self {
            Self::Success => 1.0,
            Self::Failure => 0.0,
        }
    }
}

impl CandidateScore {
    /// States a candidate.
    #[must_use]
    pub fn new(tool: ToolName, score: f64) -> Self {
        Self { tool, score, factors: Vec::new() }
    }

    /// Adds what each factor was worth.
    #[must_use]
    pub fn with_factors(mut self, factors: Vec<(String, f64)>) -> Self {
        self.factors = factors;
        self
    }
}

impl Decision {
    /// The most decisions that a log may hold.
    pub const MAX_LOG: usize = 1_000_000;

    /// States a choice; [`check`](Self::check) says whether it is one.
    #[must_use]
    pub fn new(candidates: Vec<CandidateScore>, chosen: ToolName, propensity: f64, reward: f64) -> Self {
        Self { candidates, chosen, propensity, reward }
    }

    /// Returns which candidate was chosen.
    pub(crate) fn chosen_index(&self) -> Option<usize> {
        self.candidates.iter().position(|candidate| candidate.tool == self.chosen)
    }

    /// Checks that the choice is one of the candidates and that every number is possible.
    ///
    /// # Errors
    ///
    /// [`DecisionError`] that names the field, its value and what was expected.
    pub fn check(&self) -> Result<(), DecisionError> {
        let fail = |what: String| Err(DecisionError { line: None, what });
        if !(self.propensity > 0.0 && self.propensity <= 1.0) {
            return fail(format!("`propensity` is {}, expected more than 0 and at most 1", self.propensity));
        }
        if !(0.0..=1.0).contains(&self.reward) {
            return fail(format!("`reward` is {}, expected 0 to 1", self.reward));
        }
        if let Some(odd) = self.candidates.iter().find(|candidate| !candidate.score.is_finite()) {
            return fail(format!("`score` of {} is {}, expected a finite number", odd.tool, odd.score));
        }
        if self.chosen_index().is_none() {
            return fail(format!(
                "`chosen` is {}, which is none of the {} candidates",
                self.chosen,
                self.candidates.len()
            ));
        }
        Ok(())
    }

    /// Reads a log: one decision per line; empty lines are skipped.
    ///
    /// # Errors
    ///
    /// [`DecisionError`] that names the line and what is wrong with it; a log of more than
    /// [`MAX_LOG`](Self::MAX_LOG) decisions is refused.
    pub fn read_log(log: impl BufRead) -> Result<Vec<Self>, DecisionError> {
        let mut decisions = Vec::new();
        for (at, line) in log.lines().enumerate() {
            let on_line = |what: String| DecisionError { line: Some(at + 1), what };
            let line = line.map_err(|error| on_line(format!("cannot be read: {error}")))?;
            if line.trim().is_empty() {
                continue;
            }
            if decisions.len() == Self::MAX_LOG {
                return Err(on_line(format!("the log has more than {} decisions", Self::MAX_LOG)));
            }
            let decision: Self = serde_json::from_str(&line).map_err(|error| on_line(error.to_string()))?;
            decision.check().map_err(|error| on_line(error.what))?;
            decisions.push(decision);
        }
        Ok(decisions)
    }
}

/// Says what is wrong with a logged choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionError {
    line: Option<usize>,
    what: String,
}

impl DecisionError {
    /// Returns the line of the log, counted from 1, if it came from one.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.line
    }
}

impl std::fmt::Display for DecisionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

impl std::error::Error for DecisionError {}
