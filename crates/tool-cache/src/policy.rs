//! What is kept, how much and how long?

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};
use tool_core::{ToolName, ToolSpec, nearest};

use crate::{freshness::Windows, ttl::Overrides};

/// The least that [`CachePolicyBuilder::max_bytes`] takes: a small answer and its bookkeeping.
const MIN_BYTES: u64 = 1024;

/// What is kept, how much of it and how long: fixed when the cache is made.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use tool_cache::CachePolicy;
///
/// let policy = CachePolicy::builder()
///     .max_entries(10_000)
///     .ttl("ci.*", Duration::from_secs(600))
///     .ttl("ci.search", Duration::from_secs(60))
///     .build()?;
/// assert_eq!(policy.max_entries(), 10_000);
///
/// let error = CachePolicy::builder().default_ttl(Duration::ZERO).build().unwrap_err();
/// assert_eq!(error.to_string(), "cache policy: default_ttl: it is zero; to keep nothing, set enabled = false");
/// # Ok::<(), tool_cache::PolicyError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct CachePolicy {
    enabled: bool,
    max_entries: usize,
    max_bytes: u64,
    max_flights: usize,
    max_orphans: usize,
    max_refreshes: usize,
    default_ttl: Duration,
    negative_ttl: Duration,
    hard_ttl: Duration,
    stale_while_revalidate: Duration,
    stale_if_error: Duration,
    retry_interval: Duration,
    load_timeout: Option<Duration>,
    jitter: f64,
    early_refresh: f64,
    retention: Retention,
    overrides: Overrides,
    correlation_fields: Vec<String>,
}

/// Which entries go first where room is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Retention {
    /// Those that are not asked for; of these, what was quick to compute for its size. Where all cost the same, it is
    /// [`CostBlind`](Self::CostBlind).
    #[default]
    CostAware,
    /// Those that are not asked for.
    CostBlind,
}

impl CachePolicy {
    /// The longest lifetime, ten years: what is asked for beyond it is an error here and cut to it elsewhere.
    pub const MAX_TTL: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

    /// Begins a policy; every setting has a default.
    pub fn builder() -> CachePolicyBuilder {
        CachePolicyBuilder::default()
    }

    /// Returns whether anything is cached at all.
    #[must_use]
    pub fn enabled(&self) -> bool {
        self.enabled
    }

    /// Returns how many answers are kept at most.
    #[must_use]
    pub fn max_entries(&self) -> usize {
        self.max_entries
    }

    /// Returns how many bytes answers and their bookkeeping take at most.
    #[must_use]
    pub fn max_bytes(&self) -> u64 {
        self.max_bytes
    }

    /// Returns how many loads run detached at most.
    #[must_use]
    pub fn max_flights(&self) -> usize {
        self.max_flights
    }

    /// Returns how many loads go on at most though nobody waits for them any more.
    #[must_use]
    pub fn max_orphans(&self) -> usize {
        self.max_orphans
    }

    /// Returns how many loads run at most that nobody ever waited for.
    #[must_use]
    pub fn max_refreshes(&self) -> usize {
        self.max_refreshes
    }

    /// Returns how long it is remembered that a tool found nothing.
    #[must_use]
    pub fn negative_ttl(&self) -> Duration {
        self.negative_ttl
    }

    /// Returns the age beyond which nothing is served, in whatever way.
    #[must_use]
    pub fn hard_ttl(&self) -> Duration {
        self.hard_ttl
    }

    /// Returns how long past its lifetime an answer is served while another is fetched.
    #[must_use]
    pub fn stale_while_revalidate(&self) -> Duration {
        self.stale_while_revalidate
    }

    /// Returns how long past its lifetime an answer is served in place of a failure.
    #[must_use]
    pub fn stale_if_error(&self) -> Duration {
        self.stale_if_error
    }

    /// Returns how long nothing is asked again after a load failed, while there is something to serve.
    #[must_use]
    pub fn retry_interval(&self) -> Duration {
        self.retry_interval
    }

    /// Returns the time limit of a load, if the cache sets one.
    #[must_use]
    pub fn load_timeout(&self) -> Option<Duration> {
        self.load_timeout
    }

    /// Returns the share by which lifetimes are shortened at most, 0 to 1.
    #[must_use]
    pub fn jitter(&self) -> f64 {
        self.jitter
    }

    /// Returns how eagerly answers are refreshed before their time; 0 for never.
    #[must_use]
    pub fn early_refresh(&self) -> f64 {
        self.early_refresh
    }

    /// Returns which entries go first where room is needed.
    #[must_use]
    pub fn retention(&self) -> Retention {
        self.retention
    }

    pub(crate) fn windows(&self) -> Windows {
        Windows {
            while_revalidate: self.stale_while_revalidate,
            if_error: self.stale_if_error,
            hard_ttl: self.hard_ttl,
            early_refresh: self.early_refresh,
        }
    }

    /// Returns how long an answer is good where nothing else says.
    #[must_use]
    pub fn default_ttl(&self) -> Duration {
        self.default_ttl
    }

    /// Returns the top-level parameters that are no part of a question.
    #[must_use]
    pub fn correlation_fields(&self) -> &[String] {
        &self.correlation_fields
    }

    /// Returns how long an answer of a tool is good: the override for it, else what its author says, else the default.
    ///
    /// Zero where the author says so: such answers are shared while they are computed, and not kept.
    #[must_use]
    pub fn ttl_of(&self, spec: &ToolSpec) -> Duration {
        self.overrides.get(spec.name()).or(spec.ttl()).unwrap_or(self.default_ttl).min(Self::MAX_TTL)
    }

    /// Checks that every override fits one of the tools there are; until then, one that fits none has no effect.
    ///
    /// # Errors
    ///
    /// [`PolicyError`] that names the first override which fits none, and the nearest name.
    pub fn check_tools<'a>(&self, tools: impl IntoIterator<Item = &'a ToolName>) -> Result<(), PolicyError> {
        let tools: Vec<&ToolName> = tools.into_iter().collect();
        let Some(pattern) = self.overrides.unmatched(&tools).into_iter().next() else {
            return Ok(());
        };
        let near = nearest(&pattern, tools.iter().map(|tool| tool.as_str()), 1);
        let hint = near.first().map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
        Err(PolicyError::new(format!("ttl.{pattern}"), format!("no tool is called so{hint}")))
    }
}

impl Default for CachePolicy {
    /// Returns 1,000 answers of 64 MiB in all, for 5 minutes.
    fn default() -> Self {
        let CachePolicyBuilder { policy, .. } = CachePolicyBuilder::default();
        policy
    }
}

/// Collects a policy; setters only store, [`build`](Self::build) checks all.
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until it builds"]
pub struct CachePolicyBuilder {
    policy: CachePolicy,
    ttls: Vec<(String, Duration)>,
}

impl Default for CachePolicyBuilder {
    fn default() -> Self {
        let policy = CachePolicy {
            enabled: true,
            max_entries: 1000,
            max_bytes: 64 * 1024 * 1024,
            max_flights: 1024,
            max_orphans: 256,
            max_refreshes: 64,
            default_ttl: Duration::from_secs(5 * 60),
            negative_ttl: Duration::from_secs(5),
            hard_ttl: CachePolicy::MAX_TTL,
            stale_while_revalidate: Duration::ZERO,
            stale_if_error: Duration::ZERO,
            retry_interval: Duration::from_secs(10),
            load_timeout: None,
            jitter: 0.0,
            early_refresh: 0.0,
            retention: Retention::CostAware,
            overrides: Overrides::default(),
            correlation_fields: ["request_id", "trace_id", "parent_trace_id"].map(ToOwned::to_owned).into(),
        };
        Self { policy, ttls: Vec::new() }
    }
}

impl CachePolicyBuilder {
    /// Sets whether anything is cached at all; true until then.
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.policy.enabled = enabled;
        self
    }

    /// Sets how many answers are kept at most; 1,000 until then.
    pub fn max_entries(mut self, entries: usize) -> Self {
        self.policy.max_entries = entries;
        self
    }

    /// Sets how many bytes answers and their bookkeeping take at most; 64 MiB until then.
    ///
    /// Both bounds hold at once by one weight: an answer weighs its bytes, but at least `max_bytes / max_entries`. So
    /// where sizes vary much around that share, somewhat less than either bound is held. The largest answer that is
    /// kept is [`ToolResultCache::max_entry_bytes`](crate::ToolResultCache::max_entry_bytes).
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.policy.max_bytes = bytes;
        self
    }

    /// Sets how many loads run detached at most; 1,024 until then. Beyond it, callers load each for itself.
    pub fn max_flights(mut self, flights: usize) -> Self {
        self.policy.max_flights = flights;
        self
    }

    /// Sets how many loads go on at most though all their callers left; 256 until then. Beyond it, a load ends with its
    /// last caller.
    pub fn max_orphans(mut self, orphans: usize) -> Self {
        self.policy.max_orphans = orphans;
        self
    }

    /// Sets how many loads run at most that nobody waits for, such as refresh stale answers; 64 until then. Beyond it,
    /// a refresh is put off to the next call.
    pub fn max_refreshes(mut self, refreshes: usize) -> Self {
        self.policy.max_refreshes = refreshes;
        self
    }

    /// Sets how long it is remembered that a tool found nothing ([`ErrorKind::NotFound`](tool_core::ErrorKind));
    /// 5 seconds until then, never longer than the tool's answers are good. Zero keeps none.
    pub fn negative_ttl(mut self, ttl: Duration) -> Self {
        self.policy.negative_ttl = ttl;
        self
    }

    /// Sets the age beyond which nothing is served, fresh or stale; [`CachePolicy::MAX_TTL`] until then.
    pub fn hard_ttl(mut self, ttl: Duration) -> Self {
        self.policy.hard_ttl = ttl;
        self
    }

    /// Sets how long past its lifetime an answer is served at once while another is fetched; zero until then: never.
    ///
    /// Source: RFC 5861, section 3.
    pub fn stale_while_revalidate(mut self, window: Duration) -> Self {
        self.policy.stale_while_revalidate = window;
        self
    }

    /// Sets how long past its lifetime an answer is served in place of a failure that does not say how things are
    /// (time over, unavailable and the like); zero until then: never.
    ///
    /// Source: RFC 5861, section 4.
    pub fn stale_if_error(mut self, window: Duration) -> Self {
        self.policy.stale_if_error = window;
        self
    }

    /// Sets how long nothing is asked again after a load failed, while there is something to serve; 10 seconds until
    /// then.
    pub fn retry_interval(mut self, interval: Duration) -> Self {
        self.policy.retry_interval = interval;
        self
    }

    /// Sets a time limit of loads, beside the one that a guard behind sets; none until then. Needs a runtime with
    /// timers.
    pub fn load_timeout(mut self, limit: Duration) -> Self {
        self.policy.load_timeout = Some(limit);
        self
    }

    /// Sets the share by which lifetimes are shortened at most, 0 to 1, so that what was stored at once does not
    /// expire at once; 0 until then, 0.1 is a good choice. The share is drawn by key. Explicit lifetimes hold as given.
    pub fn jitter(mut self, share: f64) -> Self {
        self.policy.jitter = share;
        self
    }

    /// Sets how eagerly answers are refreshed before their time, 0 to 100; 0 until then: never. At 1, an answer that
    /// takes a second to compute is refreshed by 37 % of the calls that come a second before its end.
    pub fn early_refresh(mut self, beta: f64) -> Self {
        self.policy.early_refresh = beta;
        self
    }

    /// Sets which entries go first where room is needed; [`Retention::CostAware`] until then.
    pub fn retention(mut self, retention: Retention) -> Self {
        self.policy.retention = retention;
        self
    }

    /// Sets how long an answer is good where nothing else says; 5 minutes until then.
    pub fn default_ttl(mut self, ttl: Duration) -> Self {
        self.policy.default_ttl = ttl;
        self
    }

    /// Sets how long an answer is good, for a tool (`ci.search`), a namespace (`ci.*`) or every tool (`*`).
    ///
    /// An exact name goes before the longest pattern; of two equal ones the last holds.
    pub fn ttl(mut self, pattern: impl Into<String>, ttl: Duration) -> Self {
        self.ttls.push((pattern.into(), ttl));
        self
    }

    /// Replaces the top-level parameters that are no part of a question: `request_id`, `trace_id` and
    /// `parent_trace_id` until then. Further down, fields of these names are data.
    pub fn correlation_fields<S: Into<String>>(mut self, fields: impl IntoIterator<Item = S>) -> Self {
        self.policy.correlation_fields = fields.into_iter().map(Into::into).collect();
        self
    }

    /// Checks everything.
    ///
    /// # Errors
    ///
    /// [`PolicyError`] that names the field and what is wrong with it: a bound of zero, a byte bound that no answer
    /// fits into, a lifetime of zero, a time beyond [`CachePolicy::MAX_TTL`], a share out of its range, a malformed
    /// pattern.
    pub fn build(self) -> Result<CachePolicy, PolicyError> {
        let Self { mut policy, ttls } = self;
        at_least("max_entries", policy.max_entries as u64, 1)?;
        at_least("max_bytes", policy.max_bytes, MIN_BYTES)?;
        at_least("max_flights", policy.max_flights as u64, 1)?;
        check_ttl("default_ttl", policy.default_ttl)?;
        check_ttl("hard_ttl", policy.hard_ttl)?;
        check_most("negative_ttl", policy.negative_ttl)?;
        check_most("stale_while_revalidate", policy.stale_while_revalidate)?;
        check_most("stale_if_error", policy.stale_if_error)?;
        check_most("retry_interval", policy.retry_interval)?;
        within("jitter", policy.jitter, 1.0)?;
        within("early_refresh", policy.early_refresh, 100.0)?;
        if policy.load_timeout.is_some_and(|limit| limit.is_zero()) {
            return Err(PolicyError::new("load_timeout", "it is zero, expected more"));
        }
        for (pattern, ttl) in ttls {
            let field = format!("ttl.{pattern}");
            check_ttl(&field, ttl)?;
            policy.overrides.set(&pattern, ttl).map_err(|reason| PolicyError::new(field, reason))?;
        }
        Ok(policy)
    }
}

fn at_least(field: &str, value: u64, least: u64) -> Result<(), PolicyError> {
    if value < least {
        return Err(PolicyError::new(field, format!("it is {value}, expected at least {least}")));
    }
    Ok(())
}

fn check_ttl(field: &str, ttl: Duration) -> Result<(), PolicyError> {
    if ttl.is_zero() {
        return Err(PolicyError::new(field, "it is zero; to keep nothing, set enabled = false"));
    }
    check_most(field, ttl)
}

fn within(field: &str, value: f64, most: f64) -> Result<(), PolicyError> {
    if !(0.0..=most).contains(&value) {
        return Err(PolicyError::new(field, format!("it is {value}, expected 0 to {most}")));
    }
    Ok(())
}

fn check_most(field: &str, ttl: Duration) -> Result<(), PolicyError> {
    if ttl > CachePolicy::MAX_TTL {
        return Err(PolicyError::new(field, format!("it is {} s, expected at most ten years", ttl.as_secs())));
    }
    Ok(())
}

/// Says what is wrong with a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyError {
    field: String,
    reason: String,
}

impl PolicyError {
    fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { field: field.into(), reason: reason.into() }
    }

    /// Returns the field that is wrong, as in `max_entries` or `ttl.ci.*`.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cache policy: {}: {}", self.field, self.reason)
    }
}

impl std::error::Error for PolicyError {}
