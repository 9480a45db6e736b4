//! May this principal make this call at all?

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use tool_core::{Decision, ErrorKind, Policy, ToolCall, ToolError, ToolExecutor, ToolResult};

/// Asks a [`Policy`] before anything else happens to a call: stands above the cache, so that no answer skips it.
///
/// A denied call fails with [`ErrorKind::Denied`] and did not run. An allowed one costs the policy's own time.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use tool_core::{AllowAll, ToolRegistry};
/// use tool_guard::AdmittedExecutor;
///
/// let admitted = AdmittedExecutor::new(ToolRegistry::new(), Arc::new(AllowAll::new()));
/// assert_eq!(admitted.denied(), 0);
/// ```
pub struct AdmittedExecutor<E> {
    inner: E,
    policy: Option<Arc<dyn Policy>>,
    denied: AtomicU64,
}

impl<E> AdmittedExecutor<E> {
    /// Puts a policy before an executor.
    #[must_use]
    pub fn new(inner: E, policy: Arc<dyn Policy>) -> Self {
        Self { inner, policy: Some(policy), denied: AtomicU64::new(0) }
    }

    /// Puts nothing before an executor: every call passes, for one branch.
    #[must_use]
    pub fn disabled(inner: E) -> Self {
        Self { inner, policy: None, denied: AtomicU64::new(0) }
    }

    /// Returns what calls go on to.
    #[must_use]
    pub fn inner(&self) -> &E {
        &self.inner
    }

    /// Returns how many calls were denied so far.
    #[must_use]
    pub fn denied(&self) -> u64 {
        self.denied.load(Ordering::Relaxed)
    }

    fn admit(&self, call: &ToolCall) -> Result<(), ToolError> {
        let Some(policy) = &self.policy else { return Ok(()) };
        match policy.decide(call.context(), call.spec()) {
            Decision::Allow => Ok(()),
            Decision::Deny(reason) => {
                self.denied.fetch_add(1, Ordering::Relaxed);
                Err(denial(call, &reason))
            }
        }
    }
}

#[cold]
fn denial(call: &ToolCall, reason: &str) -> ToolError {
    let message = format!("`{}` may not call {}: {reason}", call.context().principal(), call.spec().name());
    let mut error = ToolError::new(ErrorKind::Denied, message);
    error.report_mut().attempts = 0;
    error
}

impl<E: ToolExecutor> ToolExecutor for AdmittedExecutor<E> {
    async fn execute(&self, call: ToolCall) -> ToolResult {
        self.admit(&call)?;
        self.inner.execute(call).await
    }
}

impl<E: fmt::Debug> fmt::Debug for AdmittedExecutor<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AdmittedExecutor")
            .field("policy", &self.policy)
            .field("denied", &self.denied())
            .field("inner", &self.inner)
            .finish()
    }
}
