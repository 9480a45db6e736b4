//! What does the configuration allow?

use std::sync::Arc;

use tool_core::{CallContext, Decision, Policy, ToolSpec};
use tool_guard::AccessPolicy;

use crate::config::matches;

/// Denies the tools that the configuration names and what its rules deny, and asks another policy about the rest, if there
/// is one.
#[derive(Debug)]
pub(crate) struct ConfiguredPolicy {
    deny: Vec<String>,
    rules: Option<AccessPolicy>,
    inner: Option<Arc<dyn Policy>>,
}

impl ConfiguredPolicy {
    pub(crate) fn new(deny: Vec<String>, rules: Option<AccessPolicy>, inner: Option<Arc<dyn Policy>>) -> Self {
        Self { deny, rules, inner }
    }
}

impl Policy for ConfiguredPolicy {
    fn decide(&self, context: &CallContext, spec: &ToolSpec) -> Decision {
        if let Some(pattern) = self.deny.iter().find(|pattern| matches(pattern, spec.name().as_str())) {
            return Decision::deny(format!("the configuration denies `{pattern}` (policy.deny)"));
        }
        match self.rules.as_ref().map(|rules| rules.decide(context, spec)) {
            Some(Decision::Deny(reason)) => Decision::Deny(reason),
            Some(Decision::Allow) | None => {
                self.inner.as_ref().map_or(Decision::Allow, |inner| inner.decide(context, spec))
            }
        }
    }
}
