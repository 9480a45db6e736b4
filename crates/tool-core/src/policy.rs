//! May this principal call this tool now?

use std::fmt;

use crate::{CallContext, ToolSpec};

/// Decides whether a principal may call a tool: asked before any cached answer, and by selection before any ranking.
///
/// # Examples
///
/// ```
/// use tool_core::{CallContext, Decision, Effect, Policy, ToolSpec};
///
/// #[derive(Debug)]
/// struct ReadOnly;
///
/// impl Policy for ReadOnly {
///     fn decide(&self, _context: &CallContext, spec: &ToolSpec) -> Decision {
///         match spec.effect() {
///             Effect::Writes => Decision::deny("this deployment is read-only"),
///             Effect::Pure | Effect::Reads | Effect::Composite => Decision::Allow,
///         }
///     }
/// }
/// ```
pub trait Policy: fmt::Debug + Send + Sync + 'static {
    /// Decides; must be quick, it stands before every call.
    fn decide(&self, context: &CallContext, spec: &ToolSpec) -> Decision;
}

/// What a policy says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a call may be made or it may not")]
pub enum Decision {
    /// It may.
    Allow,
    /// It may not, and why, as a fragment for people.
    Deny(String),
}

impl Decision {
    /// Denies, with a reason.
    #[must_use]
    pub fn deny(reason: impl Into<String>) -> Self {
        Self::Deny(reason.into())
    }
}

/// Allows everything.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct AllowAll;

impl AllowAll {
    /// Returns the policy that allows everything.
    #[must_use]
    pub fn new() -> Self {
        Self
    }
}

impl Policy for AllowAll {
    fn decide(&self, _context: &CallContext, _spec: &ToolSpec) -> Decision {
        Decision::Allow
    }
}
