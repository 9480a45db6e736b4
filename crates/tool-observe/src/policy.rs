//! How much is remembered of calls?

use std::sync::Arc;

use tool_core::{Redactor, SchemaRedactor};

/// How much is remembered of calls; checked when it is built.
///
/// | setting | default | bound |
/// |---|---|---|
/// | `enabled` | `true` | |
/// | `max_traces` | 1,000 | 1 to 1,000,000 |
/// | `max_bytes` | 8 MiB | at least 64 KiB |
/// | `max_params_bytes` | 4 KiB | at most `max_bytes`; 0 captures none |
/// | `redactor` | [`SchemaRedactor`] | |
///
/// # Examples
///
/// ```
/// use tool_observe::ObservePolicy;
///
/// let policy = ObservePolicy::builder().max_traces(200).build()?;
/// assert_eq!(policy.max_traces(), 200);
///
/// let error = ObservePolicy::builder().max_traces(0).build().unwrap_err();
/// assert_eq!(error.to_string(), "`max_traces` is 0, but must be 1 to 1000000");
/// # Ok::<(), tool_observe::ObservePolicyError>(())
/// ```
#[derive(Debug, Clone)]
pub struct ObservePolicy {
    enabled: bool,
    max_traces: usize,
    max_bytes: usize,
    max_params_bytes: usize,
    redactor: Arc<dyn Redactor>,
}

impl ObservePolicy {
    /// The most traces that may be remembered.
    pub const MOST_TRACES: usize = 1_000_000;

    /// The least memory that may be given to traces, in bytes.
    pub const LEAST_BYTES: usize = 64 * 1024;

    /// Begins a policy; every setting has its default.
    pub fn builder() -> ObservePolicyBuilder {
        ObservePolicyBuilder::default()
    }

    /// Returns whether calls are recorded at all.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// Returns how many calls are remembered one by one, at most.
    #[must_use]
    pub fn max_traces(&self) -> usize {
        self.max_traces
    }

    /// Returns how much memory they may hold together, in bytes.
    #[must_use]
    pub fn max_bytes(&self) -> usize {
        self.max_bytes
    }

    /// Returns how much the parameters of one call may take to be kept, in bytes, encoded.
    #[must_use]
    pub fn max_params_bytes(&self) -> usize {
        self.max_params_bytes
    }

    /// Returns what keeps secrets from whoever reads.
    #[must_use]
    pub fn redactor(&self) -> &Arc<dyn Redactor> {
        &self.redactor
    }
}

impl Default for ObservePolicy {
    fn default() -> Self {
        let ObservePolicyBuilder { enabled, max_traces, max_bytes, max_params_bytes, redactor } =
            ObservePolicyBuilder::default();
        Self { enabled, max_traces, max_bytes, max_params_bytes, redactor }
    }
}

/// Collects a policy; setters only store, [`build`](Self::build) checks all.
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until it builds"]
pub struct ObservePolicyBuilder {
    enabled: bool,
    max_traces: usize,
    max_bytes: usize,
    max_params_bytes: usize,
    redactor: Arc<dyn Redactor>,
}

impl ObservePolicyBuilder {
    /// Sets whether calls are recorded at all.
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.enabled = enabled;
        self
    }

    /// Sets how many calls are remembered one by one, at most.
    pub fn max_traces(mut self, traces: usize) -> Self {
        self.max_traces = traces;
        self
    }

    /// Sets how much memory they may hold together, in bytes.
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Sets how much the parameters of one call may take to be kept, in bytes, encoded; 0 captures none.
    pub fn max_params_bytes(mut self, bytes: usize) -> Self {
        self.max_params_bytes = bytes;
        self
    }

    /// Sets what keeps secrets from whoever reads.
    pub fn redactor(mut self, redactor: Arc<dyn Redactor>) -> Self {
        self.redactor = redactor;
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    ///
    /// [`ObservePolicyError`], which names the first setting that is out of its bounds, and the bound.
    pub fn build(self) -> Result<ObservePolicy, ObservePolicyError> {
        let Self { enabled, max_traces, max_bytes, max_params_bytes, redactor } = self;
        let fail = |field, value, bound| Err(ObservePolicyError { field, value, bound });
        if !(1..=ObservePolicy::MOST_TRACES).contains(&max_traces) {
            return fail("max_traces", max_traces, format!("1 to {}", ObservePolicy::MOST_TRACES));
        }
        if max_bytes < ObservePolicy::LEAST_BYTES {
            return fail("max_bytes", max_bytes, format!("at least {}", ObservePolicy::LEAST_BYTES));
        }
        if max_params_bytes > max_bytes {
            return fail("max_params_bytes", max_params_bytes, format!("at most `max_bytes`, which is {max_bytes}"));
        }
        Ok(ObservePolicy { enabled, max_traces, max_bytes, max_params_bytes, redactor })
    }
}

impl Default for ObservePolicyBuilder {
    fn default() -> Self {
        Self {
            enabled: true,
            max_traces: 1000,
            max_bytes: 8 * 1024 * 1024,
            max_params_bytes: 4 * 1024,
            redactor: Arc::new(SchemaRedactor::new()),
        }
    }
}

/// Says which setting is out of its bounds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` is {value}, but must be {bound}")]
pub struct ObservePolicyError {
    field: &'static str,
    value: usize,
    bound: String,
}

impl ObservePolicyError {
    /// Returns the name of the setting.
    #[must_use]
    pub fn field(&self) -> &'static str {
        self.field
    }

    /// Returns what it must be, as a fragment for people.
    #[must_use]
    pub fn bound(&self) -> &str {
        &self.bound
    }
}
