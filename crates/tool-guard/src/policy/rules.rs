//! Which rules hold for one tool?

use std::time::Duration;

use super::{
    BreakerPolicy, GuardPolicyError, HedgePolicy, LimitPolicy, ResultPolicy, RetryPolicy,
    error::{Checked, require, some_time},
};

/// The rules of one tool.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rules {
    pub(crate) timeout: Duration,
    pub(crate) limit: LimitPolicy,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) breaker: Option<BreakerPolicy>,
    pub(crate) hedge: Option<HedgePolicy>,
    pub(crate) result: Option<ResultPolicy>,
}

impl Rules {
    pub(crate) fn check(&self, max_timeout: Duration) -> Checked {
        some_time("default_timeout", self.timeout)?;
        let bound = format!("at most `max_timeout`, which is {max_timeout:?}");
        require(self.timeout <= max_timeout, "default_timeout", self.timeout, bound)?;
        let part = |place: &'static str| move |error: GuardPolicyError| error.within(place);
        self.limit.check().map_err(part("limit"))?;
        self.retry.map_or(Ok(()), |retry| retry.check()).map_err(part("retry"))?;
        self.breaker.map_or(Ok(()), |breaker| breaker.check()).map_err(part("breaker"))?;
        self.hedge.map_or(Ok(()), |hedge| hedge.check(self.timeout)).map_err(part("hedge"))?;
        self.result.map_or(Ok(()), |result| result.check()).map_err(part("result"))
    }
}

/// What holds for some tools in place of the policy's own rules; what is not set is left as it is.
///
/// # Examples
///
/// ```
/// use tool_guard::{GuardPolicy, LimitPolicy, ToolOverride};
///
/// let slow = ToolOverride::new().limit(LimitPolicy::fixed(2).queue(4)).retry(None);
/// let policy = GuardPolicy::builder().tool("report.*", slow).build()?;
/// # let _ = policy;
/// # Ok::<(), tool_guard::GuardPolicyError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ToolOverride {
    timeout: Option<Duration>,
    limit: Option<LimitPolicy>,
    retry: Option<Option<RetryPolicy>>,
    breaker: Option<Option<BreakerPolicy>>,
    hedge: Option<Option<HedgePolicy>>,
    result: Option<Option<ResultPolicy>>,
}

impl ToolOverride {
    /// Returns an override that changes nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the time limit of a call where neither tool nor step says.
    #[must_use]
    pub fn default_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets how many calls may run and wait.
    #[must_use]
    pub fn limit(mut self, limit: LimitPolicy) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Sets when a failed call is tried again; `None` for never.
    #[must_use]
    pub fn retry(mut self, retry: impl Into<Option<RetryPolicy>>) -> Self {
        self.retry = Some(retry.into());
        self
    }

    /// Sets when the tool is left alone for a while; `None` for never.
    #[must_use]
    pub fn breaker(mut self, breaker: impl Into<Option<BreakerPolicy>>) -> Self {
        self.breaker = Some(breaker.into());
        self
    }

    /// Sets when a slow call is asked a second time; `None` for never.
    #[must_use]
    pub fn hedge(mut self, hedge: impl Into<Option<HedgePolicy>>) -> Self {
        self.hedge = Some(hedge.into());
        self
    }

    /// Sets what the tool may return; `None` for anything.
    #[must_use]
    pub fn result(mut self, result: impl Into<Option<ResultPolicy>>) -> Self {
        self.result = Some(result.into());
        self
    }

    pub(crate) fn apply(&self, rules: Rules) -> Rules {
        Rules {
            timeout: self.timeout.unwrap_or(rules.timeout),
            limit: self.limit.unwrap_or(rules.limit),
            retry: self.retry.unwrap_or(rules.retry),
            breaker: self.breaker.unwrap_or(rules.breaker),
            hedge: self.hedge.unwrap_or(rules.hedge),
            result: self.result.unwrap_or(rules.result),
        }
    }
}
