//! Which of several equal tools brings the most successes per time?
//!
//! Who sits at one counter cares for successes per hour, not for a weighted sum of success and speed: by the
//! renewal-reward theorem that is the chance of success divided by the mean time of a run. Both drift, so later runs count
//! more, and a tool that was not tried for a while gets the benefit of the doubt.
//! Sources: A. Garivier and E. Moulines, "On Upper-Confidence Bound Policies for Switching Bandit Problems" (2011), for the
//! discounted bound; S. Ross, "Stochastic Processes", section 3.6, for renewal reward.

use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tool_core::{ToolHandle, ToolId};

use crate::Outcome;

/// How wide the benefit of the doubt is, for the chance of success and for the logarithm of the time.
const DOUBT: f64 = 0.2;
/// No run counts as shorter, or the fastest failure would be worth more than any success.
const SHORTEST: f64 = 1e-6;

/// Ranks tools that answer the same questions by successes per time, from what their runs brought, forgetting by and by.
///
/// One of it serves one group of equal tools. Choosing looks at each tool once, under a lock that nothing else waits for
/// long; nothing is drawn by chance, so the same history gives the same choice.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use tool_core::{Effect, ToolOutput, ToolRegistry, ToolSpec, tool_fn};
/// use tool_select::{Outcome, ServiceRates};
///
/// let registry = ToolRegistry::new();
/// for name in ["ocr.quick", "ocr.sure"] {
///     let spec = ToolSpec::builder(name, "Reads a page.").effect(Effect::Reads).group("ocr").build()?;
///     registry.register(tool_fn(spec, |_| async { ToolOutput::json(&()) }))?;
/// }
/// let (tools, rates) = (registry.tools(), ServiceRates::new());
/// for n in 0..100 {
///     // Half of the answers in a quarter of the time: twice the successes per hour.
///     let quick = if n % 2 == 0 { Outcome::Success } else { Outcome::Failure };
///     rates.observe(tools[0].id(), quick, Duration::from_millis(25));
///     rates.observe(tools[1].id(), Outcome::Success, Duration::from_millis(100));
/// }
/// assert_eq!(rates.choose(&tools).unwrap().spec().name().as_str(), "ocr.quick");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ServiceRates {
    discount: f64,
    group: Mutex<Group>,
}

/// Says that a memory is too short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("`memory` is {0} runs, expected at least 2")]
pub struct ServiceRatesError(u32);

/// The tools of a group; weights grow by the discount instead of all else shrinking.
#[derive(Debug)]
struct Group {
    arms: HashMap<ToolId, Arm>,
    current: f64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Arm {
    runs: f64,
    successes: f64,
    seconds: f64,
}

impl ServiceRates {
    /// Returns rates that remember about the last 500 runs of the group.
    #[must_use]
    pub fn new() -> Self {
        Self { discount: 1.0 - 1.0 / 500.0, group: Mutex::new(Group { arms: HashMap::new(), current: 1.0 }) }
    }

    /// Sets about how many runs of the group are remembered: the shorter, the sooner a change is noticed and the less
    /// sure a choice is.
    ///
    /// # Errors
    ///
    /// [`ServiceRatesError`] if it is less than two runs.
    pub fn with_memory(self, runs: u32) -> Result<Self, ServiceRatesError> {
        if runs < 2 {
            return Err(ServiceRatesError(runs));
        }
        Ok(Self { discount: 1.0 - 1.0 / f64::from(runs), ..self })
    }

    /// Chooses the tool with the highest rate that its runs do not rule out; one without runs first; of equal ones the
    /// first. `None` if there are none.
    #[must_use]
    pub fn choose<'t>(&self, tools: &'t [ToolHandle]) -> Option<&'t ToolHandle> {
        let group = self.group();
        let runs: f64 = tools.iter().filter_map(|tool| group.arms.get(&tool.id())).map(|arm| arm.runs).sum();
        let doubt = (runs / group.current).ln_1p();
        let rate =
            |tool: &ToolHandle| group.arms.get(&tool.id()).map_or(f64::INFINITY, |arm| arm.bound(doubt, group.current));
        let better = |best: (f64, &'t ToolHandle), tool: &'t ToolHandle| match rate(tool) {
            rate if rate > best.0 => (rate, tool),
            _ => best,
        };
        let first = tools.first()?;
        Some(tools.iter().skip(1).fold((rate(first), first), better).1)
    }

    /// Learns what a run brought and how long it took.
    pub fn observe(&self, tool: ToolId, outcome: Outcome, elapsed: Duration) {
        let mut group = self.group();
        group.current /= self.discount;
        let weight = group.current;
        let arm = group.arms.entry(tool).or_default();
        arm.runs += weight;
        arm.successes += weight * outcome.reward();
        arm.seconds += weight * elapsed.as_secs_f64().max(SHORTEST);
        group.renormalise();
    }

    /// Returns the successes per second that a tool brings now, if it ever ran.
    #[must_use]
    pub fn rate(&self, tool: ToolId) -> Option<f64> {
        self.group().arms.get(&tool).map(|arm| arm.successes / arm.seconds)
    }

    fn group(&self) -> MutexGuard<'_, Group> {
        self.group.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Arm {
    /// Returns the highest rate that the runs do not rule out; `current` is what a run of now weighs.
    fn bound(&self, doubt: f64, current: f64) -> f64 {
        let width = DOUBT * (doubt * current / self.runs).sqrt();
        let chance = (self.successes / self.runs + width).min(1.0);
        chance / (self.seconds / self.runs * (-width).exp())
    }
}

impl Group {
    /// Divides all weights before they outgrow what a number tells apart; an arm that faded away is as if it never ran.
    fn renormalise(&mut self) {
        if self.current < 1e12 {
            return;
        }
        let fade = 1.0 / self.current;
        self.current = 1.0;
        self.arms.retain(|_, arm| {
            (arm.runs, arm.successes, arm.seconds) = (arm.runs * fade, arm.successes * fade, arm.seconds * fade);
            arm.runs > 1e-9
        });
    }
}

impl Default for ServiceRates {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ServiceRates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceRates").field("discount", &self.discount).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
