//! What is asked for, and what is known?

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use tool_core::{CallContext, ToolName, ToolSignals};

use crate::SelectionStrategy;

/// What one selection goes by: who asks, for what, caring for what, knowing what.
///
/// # Examples
///
/// ```
/// use tool_core::CallContext;
/// use tool_select::{SelectionStrategy, ToolSelectionContext};
///
/// let context = ToolSelectionContext::new(CallContext::new("acme", "ann"))
///     .with_intent("LOOKUP")
///     .with_strategy(SelectionStrategy::Fastest)
///     .with_known_params(["ci_code"]);
/// assert_eq!(context.intent(), Some("LOOKUP"));
/// ```
#[derive(Debug, Clone)]
pub struct ToolSelectionContext {
    caller: CallContext,
    intent: Option<String>,
    strategy: SelectionStrategy,
    known_params: Option<BTreeSet<String>>,
    asked_fields: BTreeSet<String>,
    signals: BTreeMap<ToolName, ToolSignals>,
}

impl ToolSelectionContext {
    /// Names who asks; any intent, `Balanced`, nothing known.
    #[must_use]
    pub fn new(caller: CallContext) -> Self {
        Self {
            caller,
            intent: None,
            strategy: SelectionStrategy::default(),
            known_params: None,
            asked_fields: BTreeSet::new(),
            signals: BTreeMap::new(),
        }
    }

    /// Sets the intent; without one, every tool is a candidate.
    #[must_use]
    pub fn with_intent(mut self, intent: impl Into<String>) -> Self {
        self.intent = Some(intent.into());
        self
    }

    /// Sets what the caller cares for most.
    #[must_use]
    pub fn with_strategy(mut self, strategy: SelectionStrategy) -> Self {
        self.strategy = strategy;
        self
    }

    /// States which parameters there are values for: a tool that requires another one is no candidate then.
    #[must_use]
    pub fn with_known_params<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.known_params = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// States which fields the answer should have; counts where coverage has a weight.
    #[must_use]
    pub fn with_asked_fields<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.asked_fields = names.into_iter().map(Into::into).collect();
        self
    }

    /// States a tool's load, 0 to 1. More and less are clamped, what is no finite number is not believed.
    #[must_use]
    pub fn with_load(self, tool: ToolName, load: f64) -> Self {
        self.with_signal(tool, |signals| signals.with_load(load))
    }

    /// States how likely a tool's answer is cached, 0 to 1. More and less are clamped, what is no finite number is not
    /// believed.
    #[must_use]
    pub fn with_cached(self, tool: ToolName, cached: f64) -> Self {
        self.with_signal(tool, |signals| signals.with_cached(cached))
    }

    /// States how long a tool will take.
    #[must_use]
    pub fn with_estimated_time(self, tool: ToolName, time: Duration) -> Self {
        self.with_signal(tool, |signals| signals.with_latency(time))
    }

    fn with_signal(mut self, tool: ToolName, change: impl FnOnce(ToolSignals) -> ToolSignals) -> Self {
        let signals = self.signals.entry(tool).or_default();
        *signals = change(*signals);
        self
    }

    /// Returns who asks.
    #[must_use]
    pub fn caller(&self) -> &CallContext {
        &self.caller
    }

    /// Returns the intent.
    #[must_use]
    pub fn intent(&self) -> Option<&str> {
        self.intent.as_deref()
    }

    /// Returns what the caller cares for most.
    #[must_use]
    pub fn strategy(&self) -> SelectionStrategy {
        self.strategy
    }

    /// Returns the parameters that there are values for; `None` if nothing was said of them.
    #[must_use]
    pub fn known_params(&self) -> Option<&BTreeSet<String>> {
        self.known_params.as_ref()
    }

    /// Returns the fields that the answer should have.
    #[must_use]
    pub fn asked_fields(&self) -> &BTreeSet<String> {
        &self.asked_fields
    }

    /// Returns what was stated of one tool.
    pub(crate) fn signals(&self, tool: &ToolName) -> ToolSignals {
        self.signals.get(tool).copied().unwrap_or_default()
    }
}
