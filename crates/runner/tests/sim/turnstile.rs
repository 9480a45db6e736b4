//! Who may call what, and how often was that asked?

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use runner::tool_core::{CallContext, Decision, Policy, ToolSpec};

use crate::world::MALLORY;

/// The policy of the simulation; it counts what it is asked, which is every call that reaches the pipeline.
#[derive(Debug, Default)]
pub(crate) struct Turnstile(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    revoked: Vec<(&'static str, &'static str)>,
    asked: BTreeMap<String, u64>,
    denied: u64,
}

/// What mallory may call.
const FREE: &str = "pure.calc";

impl Turnstile {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn revoke(&self, principal: &'static str, tool: &'static str) {
        self.lock().revoked.push((principal, tool));
    }

    /// Returns why a principal may not call a tool now, if so.
    pub(crate) fn objection(&self, principal: &str, tool: &str) -> Option<Objection> {
        if self.lock().revoked.contains(&(principal, tool)) {
            return Some(Objection::Revoked);
        }
        (principal == MALLORY && tool != FREE).then_some(Objection::Stranger)
    }

    /// Returns how often the answer was no.
    pub(crate) fn denied(&self) -> u64 {
        self.lock().denied
    }

    /// Returns how often each tool was asked about.
    pub(crate) fn asked(&self) -> BTreeMap<String, u64> {
        self.lock().asked.clone()
    }
}

/// Why somebody may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Objection {
    Stranger,
    Revoked,
}

impl Policy for Turnstile {
    fn decide(&self, context: &CallContext, spec: &ToolSpec) -> Decision {
        let name = spec.name().as_str();
        *self.lock().asked.entry(name.to_owned()).or_default() += 1;
        match self.objection(context.principal(), name) {
            Some(objection) => {
                self.lock().denied += 1;
                Decision::deny(format!("{objection:?}"))
            }
            None => Decision::Allow,
        }
    }
}
