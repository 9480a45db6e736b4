//! Which tools does the configuration deny?

use std::sync::Arc;

use tool_core::{CallContext, Decision, Policy, ToolSpec};

use crate::config::matches;

/// Denies the tools that the configuration names, and asks another policy about the rest.
#[derive(Debug)]
pub(crate) struct ConfiguredPolicy {
    deny: Vec<String>,
    inner: Arc<dyn Policy>,
}

impl ConfiguredPolicy {
    pub(crate) fn new(deny: Vec<String>, inner: Arc<dyn Policy>) -> Self {
        Self { deny, inner }
    }
}

impl Policy for ConfiguredPolicy {
    fn decide(&self, context: &CallContext, spec: &ToolSpec) -> Decision {
        match self.deny.iter().find(|pattern| matches(pattern, spec.name().as_str())) {
            Some(pattern) => Decision::deny(format!("the configuration denies `{pattern}` (policy.deny)")),
            None => self.inner.decide(context, spec),
        }
    }
}
