//! How would another policy have done on what was logged?
//!
//! Sources: D. Horvitz and D. Thompson (1952) for inverse propensity scores; A. Swaminathan and T. Joachims, "The
//! Self-Normalized Estimator for Counterfactual Learning" (2015); M. Dudík, J. Langford and L. Li, "Doubly Robust Policy
//! Evaluation and Learning" (2011); A. Kong (1992) for the effective sample size.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;
use tool_core::ToolName;

use super::Decision;

/// Estimates how a policy would have done from choices that another policy made and logged.
///
/// # Examples
///
/// ```
/// use tool_select::{CandidateScore, Decision, Evaluator, Verdict};
///
/// // The log chose evenly between two tools, of which only the second ever succeeds.
/// let (a, b): (tool_core::ToolName, tool_core::ToolName) = ("t.a".parse()?, "t.b".parse()?);
/// let candidates = vec![CandidateScore::new(a.clone(), 0.9), CandidateScore::new(b.clone(), 0.1)];
/// let logged = |chosen: &tool_core::ToolName, reward| Decision::new(candidates.clone(), chosen.clone(), 0.5, reward);
/// let log: Vec<Decision> = (0..400).map(|n| if n % 2 == 0 { logged(&a, 0.0) } else { logged(&b, 1.0) }).collect();
///
/// let always_second = |_: &Decision| vec![0.0, 1.0];
/// let evaluation = Evaluator::new().evaluate(&log, always_second)?;
/// assert_eq!((evaluation.logged.mean, evaluation.snips.mean), (0.5, 1.0));
/// assert_eq!(evaluation.verdict, Verdict::Better);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evaluator {
    max_weight: f64,
    min_effective: f64,
}

/// The weights of a log with one prior of evidence per tool.
const PRIOR: f64 = 1.0;
/// Two-sided 95 % of the normal distribution.
const Z: f64 = 1.96;

impl Evaluator {
    /// Clips weights at 100 and gives a verdict from an effective sample of 100.
    #[must_use]
    pub fn new() -> Self {
        Self { max_weight: 100.0, min_effective: 100.0 }
    }

    /// Sets where weights are clipped; at least 1.
    #[must_use]
    pub fn max_weight(mut self, weight: f64) -> Self {
        self.max_weight = if weight.is_finite() { weight.max(1.0) } else { f64::MAX };
        self
    }

    /// Sets the smallest effective sample that a verdict is given on.
    #[must_use]
    pub fn min_effective(mut self, sample: f64) -> Self {
        self.min_effective = sample;
        self
    }

    /// Estimates the mean reward of `policy`, which gives each candidate of a decision its probability.
    ///
    /// # Errors
    ///
    /// [`EvaluationError`] if the log is empty, a decision is impossible, or the policy's probabilities are not one per
    /// candidate, between 0 and 1, and 1 in sum.
    pub fn evaluate(
        &self,
        log: &[Decision],
        policy: impl Fn(&Decision) -> Vec<f64>,
    ) -> Result<Evaluation, EvaluationError> {
        let rows = log.iter().enumerate().map(|(at, decision)| Row::of(at, decision, &policy));
        let rows = rows.collect::<Result<Vec<Row>, _>>()?;
        if rows.is_empty() {
            return Err(EvaluationError { at: None, what: "the log is empty".to_owned() });
        }
        let models = [Model::of(log, 1), Model::of(log, 0)];
        let clipped = rows.iter().filter(|row| row.weight > self.max_weight).count();
        let weights: Vec<f64> = rows.iter().map(|row| row.weight.min(self.max_weight)).collect();
        let (sum, squares) = (weights.iter().sum::<f64>(), weights.iter().map(|weight| weight * weight).sum::<f64>());
        let count = as_f64(rows.len());

        let each =
            |value: &dyn Fn(usize, &Row) -> f64| Estimate::of(rows.iter().enumerate().map(|(at, row)| value(at, row)));
        let logged = each(&|_, row| row.reward);
        let ips = each(&|at, row| weights[at] * row.reward);
        let mean_weight = sum / count;
        let snips = if sum > 0.0 { snips(&rows, &weights, sum) } else { Estimate::NONE };
        let dr = each(&|at, row| {
            let model = &models[at % 2];
            row.expected(&log[at], model) + weights[at] * (row.reward - model.reward(&log[at].chosen))
        });
        let effective = if squares > 0.0 { sum * sum / squares } else { 0.0 };
        let verdict = self.verdict(effective, &logged, &snips, &dr);
        let clipped_share = as_f64(clipped) / count;
        Ok(Evaluation { decisions: rows.len(), logged, ips, snips, dr, effective, mean_weight, clipped_share, verdict })
    }

    /// Both estimators that correct for the weights must agree beyond their errors.
    fn verdict(&self, effective: f64, logged: &Estimate, snips: &Estimate, dr: &Estimate) -> Verdict {
        if effective < self.min_effective {
            return Verdict::TooFewData;
        }
        let beyond = |estimate: &Estimate| {
            let margin = Z * estimate.standard_error.hypot(logged.standard_error);
            let gain = estimate.mean - logged.mean;
            if gain > margin {
                Verdict::Better
            } else if gain < -margin {
                Verdict::Worse
            } else {
                Verdict::NoDifference
            }
        };
        if beyond(snips) == beyond(dr) { beyond(dr) } else { Verdict::NoDifference }
    }
}

impl Default for Evaluator {
    fn default() -> Self {
        Self::new()
    }
}

/// What an evaluation found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Evaluation {
    /// How many decisions the log has.
    pub decisions: usize,
    /// The mean reward of the policy that wrote the log.
    pub logged: Estimate,
    /// By inverse propensity: unbiased, wide.
    pub ips: Estimate,
    /// Self-normalised: a little biased, narrower.
    pub snips: Estimate,
    /// Doubly robust: right if either the propensities or the mean rewards per tool are.
    pub dr: Estimate,
    /// How many decisions of the log count, in effect: (Σw)² ÷ Σw².
    pub effective: f64,
    /// The mean weight: 1 in expectation; far from it, the logged propensities are wrong.
    pub mean_weight: f64,
    /// The share of decisions whose weight was clipped.
    pub clipped_share: f64,
    /// What follows.
    pub verdict: Verdict,
}

/// A mean reward and how firm it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// What follows from an evaluation, at 95 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// The policy would have done better than the one that was logged.
    Better,
    /// It would have done worse.
    Worse,
    /// The log shows no difference.
    NoDifference,
    /// Too few decisions of the log count.
    TooFewData,
}

impl Verdict {
    /// Returns the verdict's name in snake case, as JSON has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::NoDifference => "no_difference",
            Self::TooFewData => "too_few_data",
        }
    }
}

impl Estimate {
    const NONE: Self = Self { mean: 0.0, standard_error: f64::INFINITY };

    fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let count = as_f64(values.clone().count());
        let mean = values.clone().sum::<f64>() / count;
        let variance = values.map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
        Self { mean, standard_error: (variance / count).sqrt() }
    }
}

/// The ratio of two means and, by the delta method, its error.
fn snips(rows: &[Row], weights: &[f64], sum: f64) -> Estimate {
    let weighted = || rows.iter().zip(weights);
    let mean = weighted().map(|(row, weight)| weight * row.reward).sum::<f64>() / sum;
    let spread: f64 = weighted().map(|(row, weight)| (weight * (row.reward - mean)).powi(2)).sum();
    Estimate { mean, standard_error: spread.sqrt() / sum }
}

/// One decision, seen by the policy.
struct Row {
    reward: f64,
    /// How much likelier the policy makes the logged choice than it was.
    weight: f64,
    probabilities: Vec<f64>,
}

impl Row {
    fn of(at: usize, decision: &Decision, policy: impl Fn(&Decision) -> Vec<f64>) -> Result<Self, EvaluationError> {
        let fail = |what: String| EvaluationError { at: Some(at), what };
        decision.check().map_err(|error| fail(error.to_string()))?;
        let probabilities = policy(decision);
        let sum: f64 = probabilities.iter().sum();
        let possible = probabilities.iter().all(|share| (0.0..=1.0).contains(share)) && (sum - 1.0).abs() < 1e-6;
        if !possible || probabilities.len() != decision.candidates.len() {
            let expected = "one probability from 0 to 1 per candidate, 1 in sum";
            return Err(fail(format!("the policy gives {probabilities:?}, expected {expected}")));
        }
        let chosen = decision.chosen_index().and_then(|index| probabilities.get(index)).copied().unwrap_or_default();
        Ok(Self { reward: decision.reward, weight: chosen / decision.propensity, probabilities })
    }

    /// The reward that the model expects of the policy's choice.
    fn expected(&self, decision: &Decision, model: &Model) -> f64 {
        let tools = decision.candidates.iter().map(|candidate| model.reward(&candidate.tool));
        tools.zip(&self.probabilities).map(|(reward, share)| reward * share).sum()
    }
}

/// The mean reward of each tool over every second decision: what the other half is judged with, so that no decision
/// speaks for itself.
struct Model {
    overall: f64,
    of: BTreeMap<ToolName, (f64, f64)>,
}

impl Model {
    fn of(log: &[Decision], parity: usize) -> Self {
        let half = || log.iter().skip(parity).step_by(2);
        let count = as_f64(half().count()).max(1.0);
        let overall = half().map(|decision| decision.reward).sum::<f64>() / count;
        let mut of: BTreeMap<ToolName, (f64, f64)> = BTreeMap::new();
        for decision in half() {
            let (sum, count) = of.entry(decision.chosen.clone()).or_default();
            *sum += decision.reward;
            *count += 1.0;
        }
        Self { overall, of }
    }

    fn reward(&self, tool: &ToolName) -> f64 {
        let (sum, count) = self.of.get(tool).copied().unwrap_or_default();
        (sum + PRIOR * self.overall) / (count + PRIOR)
    }
}

fn as_f64(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

/// Says why a policy cannot be judged on a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvaluationError {
    at: Option<usize>,
    what: String,
}

impl fmt::Display for EvaluationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some(at) => write!(f, "decision {}: {}", at + 1, self.what),
            None => f.write_str(&self.what),
        }
    }
}

impl std::error::Error for EvaluationError {}

#[cfg(test)]
mod tests;
