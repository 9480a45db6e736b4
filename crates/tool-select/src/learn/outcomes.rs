//! Which tool served questions like this one?
//!
//! A logistic model of success: the better a tool's text fits and the more of the question's words came with success of
//! that tool before, the likelier it serves. Only what was chosen is learned from, and only whether it served.
//! Source: L. Li et al., "An Unbiased Offline Evaluation of Contextual Bandit Algorithms with Generalized Linear Models"
//! (2012), the logistic case with one sparse vector of weights per action.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};
use tool_core::{ToolName, ToolSpec};

use super::Outcome;
use crate::question::Question;

/// How sure of success a question makes whose best text score is the usual one, and one that matches nothing, in
/// logits; how much one outcome moves. Tuned on half of one public set of questions; only their order matters elsewhere.
const SLOPE: f64 = 2.4;
const INTERCEPT: f64 = -3.5;
const RATE: f64 = 3.0;
/// The most that what was learned may move a tool, in logits: enough to overrule any text, not for good.
const CAP: f64 = 8.0;
/// How fast the usual text score follows.
const USUAL_RATE: f64 = 0.02;
/// The most different words of one question that are looked at.
const MAX_QUESTION_WORDS: usize = 64;

/// Learns, per tenant, which tools serve which questions, from whether the chosen tool succeeded.
///
/// Old evidence fades: a tool's weights halve every [`half_life`](OutcomeLearnerBuilder::half_life) of its outcomes, and
/// are forgotten when its definition changes. Words are kept as hashes. Everything is bounded; what is too much pushes out
/// what says least.
///
/// # Examples
///
/// ```
/// use tool_core::ToolSpec;
/// use tool_select::{Outcome, OutcomeLearner};
///
/// let learner = OutcomeLearner::builder().build()?;
/// let spec = ToolSpec::builder("weather.now", "Returns the weather.").build()?;
/// learner.observe("acme", "do I need an umbrella?", &spec, 0.0, Outcome::Success);
///
/// let learned = learner.learned("acme", "will I want my umbrella tomorrow?");
/// assert!(learned.points(spec.name()) > 0.0);
/// assert_eq!(learner.learned("initech", "an umbrella").points(spec.name()), 0.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct OutcomeLearner {
    settings: OutcomeLearnerBuilder,
    tenants: Mutex<BTreeMap<Arc<str>, Memory>>,
}

/// Collects the bounds of an [`OutcomeLearner`]; setters only store, [`build`](Self::build) checks all.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a builder does nothing until it builds"]
pub struct OutcomeLearnerBuilder {
    half_life: u32,
    max_words: usize,
    max_tools: usize,
    max_tenants: usize,
}

impl Default for OutcomeLearnerBuilder {
    fn default() -> Self {
        Self { half_life: 1000, max_words: 20_000, max_tools: 10_000, max_tenants: 100 }
    }
}

impl OutcomeLearnerBuilder {
    /// Sets after how many of its outcomes a tool's old weights count half; 1,000 until then.
    pub fn half_life(mut self, outcomes: u32) -> Self {
        self.half_life = outcomes;
        self
    }

    /// Sets how many words are remembered per tenant; 20,000 until then.
    pub fn max_words(mut self, words: usize) -> Self {
        self.max_words = words;
        self
    }

    /// Sets how many tools are learned about per tenant; 10,000 until then.
    pub fn max_tools(mut self, tools: usize) -> Self {
        self.max_tools = tools;
        self
    }

    /// Sets how many tenants are learned from; 100 until then. Those who come later are not.
    pub fn max_tenants(mut self, tenants: usize) -> Self {
        self.max_tenants = tenants;
        self
    }

    /// Checks that no bound is zero.
    ///
    /// # Errors
    ///
    /// [`LearnerError`] that names the bound.
    pub fn build(self) -> Result<OutcomeLearner, LearnerError> {
        let bounds = [
            ("half_life", self.half_life as usize),
            ("max_words", self.max_words),
            ("max_tools", self.max_tools),
            ("max_tenants", self.max_tenants),
        ];
        match bounds.into_iter().find(|(_, bound)| *bound == 0) {
            Some((field, _)) => Err(LearnerError(format!("`{field}` is 0, expected at least 1"))),
            None => Ok(OutcomeLearner { settings: self, tenants: Mutex::default() }),
        }
    }
}

/// Says what is wrong with a learner's settings or its saved state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct LearnerError(String);

/// What was learned about one question, in logits per tool.
#[derive(Debug, Clone, Default)]
pub struct Learned {
    by_tool: HashMap<ToolName, f64>,
    per_logit: f64,
}

impl Learned {
    /// Returns what to add to a tool's text score: above zero if the tool served such questions, below if it failed.
    #[must_use]
    pub fn points(&self, tool: &ToolName) -> f64 {
        self.by_tool.get(tool).map_or(0.0, |logits| logits * self.per_logit)
    }

    /// Returns what was learned of a tool as a share of the most that can be, -1 to 1.
    pub(crate) fn share(&self, tool: &ToolName) -> f64 {
        self.by_tool.get(tool).map_or(0.0, |logits| logits / CAP)
    }

    /// Returns the tools that something was learned about, in no order.
    pub fn tools(&self) -> impl Iterator<Item = &ToolName> {
        self.by_tool.keys()
    }

    /// Returns whether nothing was learned about such questions.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_tool.is_empty()
    }
}

impl OutcomeLearner {
    /// Begins a learner; every bound has a default.
    pub fn builder() -> OutcomeLearnerBuilder {
        OutcomeLearnerBuilder::default()
    }

    /// Returns what a tenant's outcomes say about a question.
    #[must_use]
    pub fn learned(&self, tenant: &str, question: &str) -> Learned {
        self.tenants().get(tenant).map(|memory| memory.learned(&features(question))).unwrap_or_default()
    }

    /// Learns how a tool did on a question; `text_score` is what its text alone scored.
    ///
    /// Only of tools that were chosen, and only whether they served: that a tool was chosen says nothing.
    pub fn observe(&self, tenant: &str, question: &str, tool: &ToolSpec, text_score: f64, outcome: Outcome) {
        let mut tenants = self.tenants();
        if !tenants.contains_key(tenant) && tenants.len() >= self.settings.max_tenants {
            return;
        }
        let memory = tenants.entry(Arc::from(tenant)).or_default();
        memory.observe(&features(question), tool, text_score, outcome, &self.settings);
    }

    /// Returns everything learned as JSON, for [`restore`](Self::restore): hashes of words and numbers, no text.
    ///
    /// # Errors
    ///
    /// [`LearnerError`] if a number has no JSON form.
    pub fn save(&self) -> Result<String, LearnerError> {
        let saved = Saved { version: VERSION, tenants: self.tenants().clone() };
        serde_json::to_string(&saved).map_err(|error| LearnerError(error.to_string()))
    }

    /// Takes over what [`save`](Self::save) returned, in place of what was learned here.
    ///
    /// # Errors
    ///
    /// [`LearnerError`] if it is of another version or damaged; what was learned here stays then.
    pub fn restore(&self, saved: &str) -> Result<(), LearnerError> {
        let saved: Saved = serde_json::from_str(saved)
            .map_err(|error| LearnerError(format!("what was learned cannot be read: {error}")))?;
        if saved.version != VERSION {
            let what = format!("what was learned has version {}, expected {VERSION}", saved.version);
            return Err(LearnerError(what));
        }
        if let Some((tenant, _)) = saved.tenants.iter().find(|(_, memory)| !memory.is_sound()) {
            return Err(LearnerError(format!("what was learned for {tenant} does not hold together")));
        }
        *self.tenants() = saved.tenants;
        Ok(())
    }

    fn tenants(&self) -> MutexGuard<'_, BTreeMap<Arc<str>, Memory>> {
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for OutcomeLearner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutcomeLearner").field("tenants", &self.tenants().len()).finish_non_exhaustive()
    }
}

const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Saved {
    version: u32,
    tenants: BTreeMap<Arc<str>, Memory>,
}

/// What one tenant's outcomes taught.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Memory {
    questions: f64,
    /// The text score that is usual for a chosen tool.
    usual: f64,
    words: HashMap<u64, Word>,
    tools: Vec<Known>,
}

/// A word of questions.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Word {
    /// In how many questions it came.
    seen: f64,
    /// Its weight for each tool, before the tool's scale.
    weights: HashMap<u32, f64>,
}

/// A tool that was chosen before.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Known {
    tool: ToolName,
    fingerprint: [u8; 32],
    /// By how much its weights have faded.
    scale: f64,
}

impl Default for Memory {
    fn default() -> Self {
        Self { questions: 0.0, usual: 1.0, words: HashMap::new(), tools: Vec::new() }
    }
}

impl Memory {
    fn learned(&self, features: &[u64]) -> Learned {
        let mut sums: HashMap<u32, f64> = HashMap::new();
        for (word, share) in self.weighed(features) {
            for (tool, weight) in self.words.get(&word).into_iter().flat_map(|word| &word.weights) {
                *sums.entry(*tool).or_default() += weight * share;
            }
        }
        let named = |(tool, sum): (u32, f64)| {
            let known = self.tools.get(tool as usize)?;
            Some((known.tool.clone(), (sum * known.scale).clamp(-CAP, CAP)))
        };
        Learned { by_tool: sums.into_iter().filter_map(named).collect(), per_logit: self.usual / SLOPE }
    }

    /// Returns each word with its share of the question: rarer words count more, all together 1 in square.
    fn weighed(&self, features: &[u64]) -> Vec<(u64, f64)> {
        let rarity = |word: &u64| {
            let seen = self.words.get(word).map_or(0.0, |word| word.seen);
            (*word, (1.0 + (self.questions + 10.0) / (seen + 1.0)).ln())
        };
        let weighed: Vec<(u64, f64)> = features.iter().map(rarity).collect();
        let norm = weighed.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
        weighed.into_iter().map(|(word, weight)| (word, weight / norm)).collect()
    }

    fn observe(
        &mut self,
        features: &[u64],
        tool: &ToolSpec,
        text_score: f64,
        outcome: Outcome,
        settings: &OutcomeLearnerBuilder,
    ) {
        let Some(index) = self.known(tool, settings) else { return };
        let text_score = if text_score.is_finite() { text_score.max(0.0) } else { 0.0 };
        if text_score > 0.0 {
            let rate = if self.questions == 0.0 { 1.0 } else { USUAL_RATE };
            self.usual += rate * (text_score - self.usual);
        }
        let learned = self.learned(features).by_tool.get(tool.name()).copied().unwrap_or_default();
        let expected = logistic(SLOPE * text_score / self.usual + INTERCEPT + learned);
        let weighed = self.weighed(features);
        let Some(known) = self.tools.get_mut(index as usize) else { return };
        known.scale *= 0.5_f64.powf(1.0 / f64::from(settings.half_life));
        let step = RATE * (outcome.reward() - expected) / known.scale;
        if known.scale < 1e-6 {
            self.rescale(index);
        }
        self.questions += 1.0;
        for (word, share) in weighed {
            let word = self.words.entry(word).or_default();
            word.seen += 1.0;
            *word.weights.entry(index).or_default() += step * share;
        }
        self.forget_surplus_words(settings.max_words);
    }

    /// Finds a tool, or makes room for it; what was learned of another definition of it is forgotten.
    fn known(&mut self, tool: &ToolSpec, settings: &OutcomeLearnerBuilder) -> Option<u32> {
        match self.tools.iter().position(|known| known.tool == *tool.name()) {
            Some(at) => {
                let index = u32::try_from(at).ok()?;
                if self.tools[at].fingerprint != *tool.fingerprint() {
                    for word in self.words.values_mut() {
                        word.weights.remove(&index);
                    }
                    self.tools[at].fingerprint = *tool.fingerprint();
                    self.tools[at].scale = 1.0;
                }
                Some(index)
            }
            None if self.tools.len() >= settings.max_tools => None,
            None => {
                self.tools.push(Known { tool: tool.name().clone(), fingerprint: *tool.fingerprint(), scale: 1.0 });
                u32::try_from(self.tools.len() - 1).ok()
            }
        }
    }

    /// Puts a tool's scale into its weights, before it gets too small to divide by.
    fn rescale(&mut self, index: u32) {
        let scale = std::mem::replace(&mut self.tools[index as usize].scale, 1.0);
        self.words.values_mut().filter_map(|word| word.weights.get_mut(&index)).for_each(|weight| *weight *= scale);
    }

    /// Forgets, once there are too many, the tenth of the words whose weights say least.
    fn forget_surplus_words(&mut self, most: usize) {
        if self.words.len() <= most {
            return;
        }
        let tools = &self.tools;
        let says = |word: &Word| {
            let scaled =
                |(tool, weight): (&u32, &f64)| weight * tools.get(*tool as usize).map_or(0.0, |tool| tool.scale);
            word.weights.iter().map(scaled).fold(0.0_f64, |most, weight| most.max(weight.abs()))
        };
        let mut by_worth: Vec<(f64, u64)> = self.words.iter().map(|(hash, word)| (says(word), *hash)).collect();
        by_worth.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let surplus = self.words.len() - most + most / 10;
        for (_, hash) in by_worth.into_iter().take(surplus) {
            self.words.remove(&hash);
        }
    }

    /// Returns whether numbers are numbers and weights belong to tools: what is read from a file may be anything.
    fn is_sound(&self) -> bool {
        let tools = self.tools.iter().all(|tool| tool.scale.is_finite() && tool.scale > 0.0);
        let weight = |(tool, weight): (&u32, &f64)| (*tool as usize) < self.tools.len() && weight.is_finite();
        let words = self.words.values().all(|word| word.seen >= 0.0 && word.weights.iter().all(weight));
        tools && words && self.usual.is_finite() && self.usual > 0.0 && self.questions >= 0.0
    }
}

fn logistic(logits: f64) -> f64 {
    1.0 / (1.0 + (-logits).exp())
}

/// Returns the different words of a question, hashed.
fn features(question: &str) -> Vec<u64> {
    let words = Question::of(question).into_words().take(MAX_QUESTION_WORDS);
    words.map(|word| hash(word.as_bytes())).collect()
}

/// FNV-1a: the same in every process, as what is saved needs. Source: G. Fowler, L. Noll, K.-P. Vo (1991).
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests;
