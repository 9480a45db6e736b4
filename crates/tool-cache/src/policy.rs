//! What is kept, how much and how long?

use std::{fmt, time::Duration};

use tool_core::{ToolName, ToolSpec, nearest};

use crate::{entry::MIN_BYTES, ttl::Overrides};

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CachePolicy {
    enabled: bool,
    max_entries: usize,
    max_bytes: u64,
    max_flights: usize,
    default_ttl: Duration,
    overrides: Overrides,
    correlation_fields: Vec<String>,
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
            default_ttl: Duration::from_secs(5 * 60),
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
    /// fits into, a lifetime of zero or beyond [`CachePolicy::MAX_TTL`], a malformed pattern.
    pub fn build(self) -> Result<CachePolicy, PolicyError> {
        let Self { mut policy, ttls } = self;
        at_least("max_entries", policy.max_entries as u64, 1)?;
        at_least("max_bytes", policy.max_bytes, MIN_BYTES)?;
        at_least("max_flights", policy.max_flights as u64, 1)?;
        check_ttl("default_ttl", policy.default_ttl)?;
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
