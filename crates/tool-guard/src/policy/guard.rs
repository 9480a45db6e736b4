//! What bounds every call?

use std::time::Duration;

use tool_core::ToolName;

use super::{
    BreakerPolicy, GuardPolicyBuilder, HedgePolicy, LimitPolicy, ResultPolicy, RetryPolicy, Rules, ToolOverride,
};

/// What bounds every call; checked when it is built.
///
/// | setting | default | bound | what it is |
/// |---|---|---|---|
/// | `enabled` | on | | off costs one branch |
/// | `default_timeout` | 30 s | over 0, at most `max_timeout` | the time of a call where neither tool nor step says |
/// | `max_timeout` | 300 s | over 0, at most 1 day | the time that no call exceeds |
/// | `limit` | 64 running, 64 waiting | [`LimitPolicy`] | per tool |
/// | `total` | 1,024 running, 256 waiting | [`LimitPolicy`] | of all tools together |
/// | `retry` | 3 attempts, budget 20 % | [`RetryPolicy`] | |
/// | `breaker` | opens at 50 % of 10 calls in 30 s | [`BreakerPolicy`] | per tool |
/// | `hedge` | off | [`HedgePolicy`] | |
/// | `result` | 4 MiB, 64 levels | [`ResultPolicy`] | |
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use tool_guard::GuardPolicy;
///
/// let policy = GuardPolicy::builder().default_timeout(Duration::from_secs(5)).build()?;
/// assert_eq!(policy.max_timeout(), Duration::from_secs(300));
///
/// let error = GuardPolicy::builder().default_timeout(Duration::ZERO).build().unwrap_err();
/// assert_eq!(error.to_string(), "`default_timeout` is 0ns, but must be more than zero");
/// # Ok::<(), tool_guard::GuardPolicyError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct GuardPolicy {
    pub(super) enabled: bool,
    pub(super) max_timeout: Duration,
    pub(super) total: LimitPolicy,
    pub(super) rules: Rules,
    /// The least specific pattern first.
    pub(super) overrides: Vec<(String, ToolOverride)>,
}

impl GuardPolicy {
    /// The longest [`max_timeout`](Self::max_timeout) there may be: one day.
    pub const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

    /// Begins a policy; every setting has its default.
    pub fn builder() -> GuardPolicyBuilder {
        GuardPolicyBuilder::default()
    }

    /// Returns whether calls are guarded at all.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// Returns the time limit of a call of a tool that has none, from a step that names none.
    #[must_use]
    pub fn default_timeout(&self) -> Duration {
        self.rules.timeout
    }

    /// Returns the time limit that no call escapes, whatever caller, tool and step say.
    #[must_use]
    pub fn max_timeout(&self) -> Duration {
        self.max_timeout
    }

    /// Returns how many calls of one tool may run and wait.
    #[must_use]
    pub fn limit(&self) -> LimitPolicy {
        self.rules.limit
    }

    /// Returns how many calls of all tools together may run and wait.
    #[must_use]
    pub fn total(&self) -> LimitPolicy {
        self.total
    }

    /// Returns when a failed call is tried again, if ever.
    #[must_use]
    pub fn retry(&self) -> Option<RetryPolicy> {
        self.rules.retry
    }

    /// Returns when a tool is left alone for a while, if ever.
    #[must_use]
    pub fn breaker(&self) -> Option<BreakerPolicy> {
        self.rules.breaker
    }

    /// Returns when a slow call is asked a second time, if ever.
    #[must_use]
    pub fn hedge(&self) -> Option<HedgePolicy> {
        self.rules.hedge
    }

    /// Returns what a tool may return, if that is bounded.
    #[must_use]
    pub fn result(&self) -> Option<ResultPolicy> {
        self.rules.result
    }

    /// Returns the rules of one tool: the policy's own, changed by every pattern it falls under, the closest last.
    pub(crate) fn rules_of(&self, tool: &ToolName) -> Rules {
        let matching = self.overrides.iter().filter(|(pattern, _)| covers(pattern, tool.as_str()));
        matching.fold(self.rules, |rules, (_, change)| change.apply(rules))
    }
}

/// Says whether a name falls under a pattern: the name itself, `namespace.*`, or `*`.
fn covers(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(stem) => name.starts_with(stem),
        None => pattern == name,
    }
}

impl Default for GuardPolicy {
    fn default() -> Self {
        GuardPolicyBuilder::default().unchecked()
    }
}
