//! Should this choice try something else, and how likely was it?

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use tool_core::{Effect, ToolHandle};

/// Chooses the best candidate, or now and then another safe one, and says how likely the choice was.
///
/// Off by default. It never explores a tool that writes or composes, and looks at the first few candidates alone.
/// Source: epsilon-greedy, R. Sutton and A. Barto, "Reinforcement Learning", second edition, section 2.2.
///
/// # Examples
///
/// ```
/// use tool_select::Explorer;
///
/// assert!(Explorer::new(0.1, 3, 7).is_ok());
/// assert_eq!(Explorer::new(0.9, 3, 7).unwrap_err().to_string(), "`epsilon` is 0.9, expected 0 to 0.5");
/// ```
#[derive(Debug)]
pub struct Explorer {
    epsilon: f64,
    among: usize,
    state: AtomicU64,
}

/// What was chosen, and how likely that was.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Choice {
    /// Which candidate.
    pub index: usize,
    /// How likely it was to be chosen, over 0 and at most 1.
    pub propensity: f64,
}

/// Says which setting of an [`Explorer`] is out of its bounds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ExplorerError(String);

impl Explorer {
    /// Returns an explorer that always chooses the best.
    #[must_use]
    pub fn off() -> Self {
        Self { epsilon: 0.0, among: 1, state: AtomicU64::new(0) }
    }

    /// Returns an explorer that with probability `epsilon` (0 to 0.5) chooses evenly among the safe ones of the first
    /// `among` candidates (at least 1); the same seed gives the same choices.
    ///
    /// # Errors
    ///
    /// [`ExplorerError`] that names what is out of its bounds.
    pub fn new(epsilon: f64, among: usize, seed: u64) -> Result<Self, ExplorerError> {
        if !(0.0..=0.5).contains(&epsilon) {
            return Err(ExplorerError(format!("`epsilon` is {epsilon}, expected 0 to 0.5")));
        }
        if among == 0 {
            return Err(ExplorerError("`among` is 0, expected at least 1".to_owned()));
        }
        Ok(Self { epsilon, among, state: AtomicU64::new(seed) })
    }

    /// Chooses among candidates, best first; `None` if there are none.
    pub fn choose<'t>(&self, ranked: impl IntoIterator<Item = &'t ToolHandle>) -> Option<Choice> {
        let ranked: Vec<&ToolHandle> = ranked.into_iter().take(self.among).collect();
        ranked.first()?;
        let safe = |tool: &ToolHandle| matches!(tool.spec().effect(), Effect::Pure | Effect::Reads);
        let others: Vec<usize> = (0..ranked.len()).filter(|at| safe(ranked[*at])).collect();
        // A best candidate that writes is chosen or not as it would be without exploration.
        if self.epsilon == 0.0 || others.len() < 2 || others[0] != 0 {
            return Some(Choice { index: 0, propensity: 1.0 });
        }
        #[expect(clippy::cast_precision_loss, reason = "a handful of candidates")]
        let each = self.epsilon / others.len() as f64;
        let share = self.share();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the share is within 0 to epsilon")]
        let index = if share < self.epsilon { others[((share / each) as usize).min(others.len() - 1)] } else { 0 };
        let propensity = if index == 0 { 1.0 - self.epsilon + each } else { each };
        Some(Choice { index, propensity })
    }

    /// Returns the next number from 0 to 1. Source: S. Vigna, `splitmix64`.
    fn share(&self) -> f64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.state.fetch_add(STEP, Relaxed).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
        let share = ((z ^ (z >> 31)) >> 11) as f64;
        share / 9_007_199_254_740_992.0
    }
}

impl Default for Explorer {
    fn default() -> Self {
        Self::off()
    }
}

#[cfg(test)]
mod tests;
