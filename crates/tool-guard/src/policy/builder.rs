//! How is a policy put together and checked?

use std::time::Duration;

use tool_core::ToolName;

use super::{
    BreakerPolicy, GuardPolicy, GuardPolicyError, HedgePolicy, LimitPolicy, ResultPolicy, RetryPolicy, Rules,
    ToolOverride,
    error::{Checked, require, some_time},
};

/// Collects a policy; setters only store, [`build`](Self::build) checks all.
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until it builds"]
pub struct GuardPolicyBuilder {
    enabled: bool,
    max_timeout: Duration,
    total: LimitPolicy,
    rules: Rules,
    overrides: Vec<(String, ToolOverride)>,
}

impl GuardPolicyBuilder {
    /// Sets whether calls are guarded at all.
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.enabled = enabled;
        self
    }

    /// Sets the time limit of a call of a tool that has none, from a step that names none.
    pub fn default_timeout(mut self, timeout: Duration) -> Self {
        self.rules.timeout = timeout;
        self
    }

    /// Sets the time limit that no call escapes.
    pub fn max_timeout(mut self, timeout: Duration) -> Self {
        self.max_timeout = timeout;
        self
    }

    /// Sets how many calls of one tool may run and wait.
    pub fn limit(mut self, limit: LimitPolicy) -> Self {
        self.rules.limit = limit;
        self
    }

    /// Sets how many calls of all tools together may run and wait.
    pub fn total(mut self, limit: LimitPolicy) -> Self {
        self.total = limit;
        self
    }

    /// Sets when a failed call is tried again; `None` for never.
    pub fn retry(mut self, retry: impl Into<Option<RetryPolicy>>) -> Self {
        self.rules.retry = retry.into();
        self
    }

    /// Sets when a tool is left alone for a while; `None` for never.
    pub fn breaker(mut self, breaker: impl Into<Option<BreakerPolicy>>) -> Self {
        self.rules.breaker = breaker.into();
        self
    }

    /// Sets when a slow call is asked a second time; `None` for never.
    pub fn hedge(mut self, hedge: impl Into<Option<HedgePolicy>>) -> Self {
        self.rules.hedge = hedge.into();
        self
    }

    /// Sets what a tool may return; `None` for anything.
    pub fn result(mut self, result: impl Into<Option<ResultPolicy>>) -> Self {
        self.rules.result = result.into();
        self
    }

    /// Changes the rules of the tools under a pattern: a name, `namespace.*` or `*`. Where several match, the longer
    /// pattern has the last word.
    pub fn tool(mut self, pattern: impl Into<String>, change: ToolOverride) -> Self {
        self.overrides.push((pattern.into(), change));
        self
    }

    /// Switches off everything but deadlines: no limit, retry, breaker, hedge or bound of results.
    pub fn deadlines_only(self) -> Self {
        let free = LimitPolicy::unlimited();
        self.limit(free).total(free).retry(None).breaker(None).hedge(None).result(None)
    }

    /// Checks the settings.
    ///
    /// # Errors
    ///
    /// [`GuardPolicyError`], which names the first setting that is out of its bounds, and the bound.
    pub fn build(self) -> Result<GuardPolicy, GuardPolicyError> {
        some_time("max_timeout", self.max_timeout)?;
        let fits = self.max_timeout <= GuardPolicy::LONGEST;
        require(fits, "max_timeout", self.max_timeout, "at most 86400s (one day)")?;
        self.total.check().map_err(|error| error.within("total"))?;
        self.rules.check(self.max_timeout)?;
        self.overrides.iter().try_for_each(|(pattern, change)| self.check_override(pattern, change))?;
        Ok(self.unchecked())
    }

    fn check_override(&self, pattern: &str, change: &ToolOverride) -> Checked {
        require(is_pattern(pattern), "tools", pattern, "a tool name, `namespace.*` or `*`")?;
        change.apply(self.rules).check(self.max_timeout).map_err(|error| error.within(&format!("tools.{pattern}")))
    }

    pub(super) fn unchecked(self) -> GuardPolicy {
        let Self { enabled, max_timeout, total, rules, mut overrides } = self;
        // A name matches nothing longer than itself: the longer of two patterns is the closer one.
        overrides.sort_by_key(|(pattern, _)| (!pattern.ends_with('*'), pattern.len()));
        GuardPolicy { enabled, max_timeout, total, rules, overrides }
    }
}

fn is_pattern(text: &str) -> bool {
    match text.strip_suffix('*') {
        Some("") => true,
        Some(stem) => stem.ends_with('.') && is_name(&format!("{stem}x")),
        None => is_name(text),
    }
}

/// Says whether a text is a name as it is, not only once it is brought to the usual form.
fn is_name(text: &str) -> bool {
    text.parse::<ToolName>().is_ok_and(|name| name.as_str() == text)
}

impl Default for GuardPolicyBuilder {
    fn default() -> Self {
        Self {
            enabled: true,
            max_timeout: Duration::from_secs(300),
            total: LimitPolicy::fixed(1024).queue(256),
            rules: Rules {
                timeout: Duration::from_secs(30),
                limit: LimitPolicy::fixed(64).queue(64),
                retry: Some(RetryPolicy::default()),
                breaker: Some(BreakerPolicy::default()),
                hedge: None,
                result: Some(ResultPolicy::default()),
            },
            overrides: Vec::new(),
        }
    }
}
