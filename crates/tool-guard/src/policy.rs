//! What bounds every call?

use std::{num::NonZeroU32, time::Duration};

/// What bounds every call; checked when it is built.
///
/// | setting | default | bound |
/// |---|---|---|
/// | `enabled` | `true` | |
/// | `default_timeout` | 30 s | over 0, at most `max_timeout` |
/// | `max_timeout` | 300 s | over 0, at most 1 day |
/// | `capacity` | 64 | at least 1 |
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuardPolicy {
    enabled: bool,
    default_timeout: Duration,
    max_timeout: Duration,
    capacity: NonZeroU32,
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
        self.default_timeout
    }

    /// Returns the time limit that no call escapes, whatever caller, tool and step say.
    #[must_use]
    pub fn max_timeout(&self) -> Duration {
        self.max_timeout
    }

    /// Returns how many calls of one tool at once count as a full load of 1.
    #[must_use]
    pub fn capacity(&self) -> NonZeroU32 {
        self.capacity
    }
}

impl Default for GuardPolicy {
    fn default() -> Self {
        let GuardPolicyBuilder { enabled, default_timeout, max_timeout, .. } = GuardPolicyBuilder::default();
        Self { enabled, default_timeout, max_timeout, capacity: CAPACITY }
    }
}

/// A nominal upstream runs 64 calls at once: the order of what connection pools allow.
const CAPACITY: NonZeroU32 = NonZeroU32::new(64).expect("64 is not zero");

/// Collects a policy; setters only store, [`build`](Self::build) checks all.
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until it builds"]
pub struct GuardPolicyBuilder {
    enabled: bool,
    default_timeout: Duration,
    max_timeout: Duration,
    capacity: u32,
}

impl GuardPolicyBuilder {
    /// Sets whether calls are guarded at all.
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.enabled = enabled;
        self
    }

    /// Sets the time limit of a call of a tool that has none, from a step that names none.
    pub fn default_timeout(mut self, timeout: Duration) -> Self {
        self.default_timeout = timeout;
        self
    }

    /// Sets the time limit that no call escapes.
    pub fn max_timeout(mut self, timeout: Duration) -> Self {
        self.max_timeout = timeout;
        self
    }

    /// Sets how many calls of one tool at once count as a full load of 1; nothing is refused beyond.
    pub fn capacity(mut self, calls: u32) -> Self {
        self.capacity = calls;
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    ///
    /// [`GuardPolicyError`], which names the first setting that is out of its bounds, and the bound.
    pub fn build(self) -> Result<GuardPolicy, GuardPolicyError> {
        let Self { enabled, default_timeout, max_timeout, capacity } = self;
        let fail = |field, value, bound| Err(GuardPolicyError { field, value, bound });
        if max_timeout.is_zero() {
            return fail("max_timeout", format!("{max_timeout:?}"), "more than zero".to_owned());
        }
        if max_timeout > GuardPolicy::LONGEST {
            return fail("max_timeout", format!("{max_timeout:?}"), "at most 86400s (one day)".to_owned());
        }
        if default_timeout.is_zero() {
            return fail("default_timeout", format!("{default_timeout:?}"), "more than zero".to_owned());
        }
        if default_timeout > max_timeout {
            let bound = format!("at most `max_timeout`, which is {max_timeout:?}");
            return fail("default_timeout", format!("{default_timeout:?}"), bound);
        }
        let Some(capacity) = NonZeroU32::new(capacity) else {
            return fail("capacity", "0".to_owned(), "at least 1".to_owned());
        };
        Ok(GuardPolicy { enabled, default_timeout, max_timeout, capacity })
    }
}

impl Default for GuardPolicyBuilder {
    fn default() -> Self {
        Self {
            enabled: true,
            default_timeout: Duration::from_secs(30),
            max_timeout: Duration::from_secs(300),
            capacity: CAPACITY.get(),
        }
    }
}

/// Says which setting is out of its bounds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` is {value}, but must be {bound}")]
pub struct GuardPolicyError {
    field: &'static str,
    value: String,
    bound: String,
}

impl GuardPolicyError {
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
