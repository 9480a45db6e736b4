//! Which tool fits?

use std::{collections::BTreeSet, sync::Arc};

use tool_core::{Decision, NoSignals, Policy, Signals, ToolName};

use crate::{
    Catalog, Excluded, Exclusion, IntentTable, InvalidWeights, OutcomeLearner, RankedTool, Selection,
    SelectionStrategy, ToolSelectionContext, UnknownIntent, Weights,
    catalog::Entry,
    score::{Inputs, contributions, sum},
    text::Text,
};

/// Ranks the tools that can answer a request, and says why.
///
/// It filters first (policy, required parameters), then ranks; it reads how tools are doing through [`Signals`] and
/// keeps nothing between requests.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use tool_core::{CallContext, Effect, Profile, ToolOutput, ToolRegistry, ToolSpec, tool_fn};
/// use tool_select::{Catalog, IntentTable, SelectionStrategy, SmartToolSelector, ToolSelectionContext};
///
/// let registry = ToolRegistry::new();
/// for (name, accuracy, ms) in [("geo.exact", 0.99, 900), ("geo.rough", 0.70, 20)] {
///     let profile = Profile::new(accuracy, Duration::from_millis(ms));
///     let spec = ToolSpec::builder(name, "Finds a place.").effect(Effect::Reads).profile(profile).build()?;
///     registry.register(tool_fn(spec, |_| async { ToolOutput::json(&()) }))?;
/// }
/// let intents = IntentTable::new().intent("PLACE", &[("geo.exact", 0.2), ("geo.rough", 0.2)])?;
/// let (selector, catalog) = (SmartToolSelector::new(intents), Catalog::of(&registry));
///
/// let ask = |strategy| ToolSelectionContext::new(CallContext::new("acme", "ann")).with_intent("PLACE").with_strategy(strategy);
/// let first = |strategy| selector.select(&catalog, &ask(strategy)).unwrap().best().unwrap().tool.spec().name().to_string();
/// assert_eq!(first(SelectionStrategy::Fastest), "geo.rough");
/// assert_eq!(first(SelectionStrategy::MostAccurate), "geo.exact");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct SmartToolSelector {
    intents: IntentTable,
    weights: [Weights; SelectionStrategy::ALL.len()],
    signals: Arc<dyn Signals>,
    /// Nobody is asked where nobody was named: asking costs per tool.
    policy: Option<Arc<dyn Policy>>,
    learner: Option<Arc<OutcomeLearner>>,
}

impl SmartToolSelector {
    /// Returns a selector over these intents that knows no signals and allows everything.
    #[must_use]
    pub fn new(intents: IntentTable) -> Self {
        Self {
            intents,
            weights: SelectionStrategy::ALL.map(SelectionStrategy::weights),
            signals: Arc::new(NoSignals::new()),
            policy: None,
            learner: None,
        }
    }

    /// Sets who reports how tools are doing.
    #[must_use]
    pub fn with_signals(mut self, signals: Arc<dyn Signals>) -> Self {
        self.signals = signals;
        self
    }

    /// Sets who says what a caller may call.
    #[must_use]
    pub fn with_policy(mut self, policy: Arc<dyn Policy>) -> Self {
        self.policy = Some(policy);
        self
    }

    /// Sets who learns from outcomes: what its tenant's choices brought then counts in every text search.
    #[must_use]
    pub fn with_learner(mut self, learner: Arc<OutcomeLearner>) -> Self {
        self.learner = Some(learner);
        self
    }

    /// Replaces the weights of a strategy.
    ///
    /// # Errors
    ///
    /// [`InvalidWeights`] if one is negative or no finite number.
    pub fn with_weights(mut self, strategy: SelectionStrategy, weights: Weights) -> Result<Self, InvalidWeights> {
        self.weights[strategy.index()] = weights.check()?;
        Ok(self)
    }

    /// Returns the table of intents.
    #[must_use]
    pub fn intents(&self) -> &IntentTable {
        &self.intents
    }

    /// Ranks the candidates of the context's intent, or all tools if it has none, by the weighted sum of the factors.
    ///
    /// # Errors
    ///
    /// [`UnknownIntent`], with the nearest names.
    pub fn select(&self, catalog: &Catalog, context: &ToolSelectionContext) -> Result<Selection, UnknownIntent> {
        let candidates: Vec<(ToolName, f64)> = match context.intent() {
            Some(intent) => self
                .intents
                .candidates(intent)?
                .iter()
                .map(|candidate| (candidate.tool.clone(), candidate.bonus))
                .collect(),
            None => catalog.entries().map(|entry| (entry.name().clone(), 0.0)).collect(),
        };
        let (mut ranked, mut excluded) = (Vec::with_capacity(candidates.len()), Vec::new());
        for (name, bonus) in candidates {
            match self.admit(catalog.entry(&name), context) {
                Ok(entry) => ranked.push(self.rank(entry, bonus, context)),
                Err(reason) => excluded.push(Excluded { tool: name, reason }),
            }
        }
        Ok(Selection::new(context.strategy(), ranked, excluded))
    }

    /// Ranks the tools that a text describes, at most a hundred; a tool of that very name stands first.
    ///
    /// What the caller may not call is not there: it shows nowhere and changes no other tool's score. The context's
    /// intent and strategy take no part.
    #[must_use]
    pub fn search(&self, catalog: &Catalog, text: &str, context: &ToolSelectionContext) -> Selection {
        let mut hidden = BTreeSet::new();
        let mut excluded = Vec::new();
        if self.policy.is_some() || context.known_params().is_some() {
            for entry in catalog.entries() {
                let Err(reason) = self.admit(Some(entry), context) else { continue };
                hidden.insert(entry.name().as_str());
                if !matches!(reason, Exclusion::Denied { .. }) {
                    excluded.push(Excluded { tool: entry.name().clone(), reason });
                }
            }
        }
        let found = Text::new(catalog, &hidden, text).found();
        let selection = Selection::of_text(context.strategy(), found, excluded);
        let Some(learner) = &self.learner else { return selection };
        let learned = learner.learned(context.caller().tenant(), text);
        selection.with_learned(&learned, catalog, &hidden, &*self.signals)
    }

    /// Says whether a candidate may be ranked.
    fn admit<'c>(&self, entry: Option<&'c Entry>, context: &ToolSelectionContext) -> Result<&'c Entry, Exclusion> {
        let entry = entry.ok_or(Exclusion::Unknown)?;
        let decision = self.policy.as_ref().map(|policy| policy.decide(context.caller(), entry.tool.spec()));
        if let Some(Decision::Deny(why)) = decision {
            return Err(Exclusion::Denied { why });
        }
        let Some(known) = context.known_params() else { return Ok(entry) };
        let required = entry.tool.spec().required_params();
        let params: Vec<String> = required.filter(|name| !known.contains(*name)).map(str::to_owned).collect();
        if params.is_empty() { Ok(entry) } else { Err(Exclusion::MissingParams { params }) }
    }

    fn rank(&self, entry: &Entry, bonus: f64, context: &ToolSelectionContext) -> RankedTool {
        let inputs = Inputs {
            profile: entry.tool.spec().profile(),
            reported: self.signals.read(entry.tool.id()),
            stated: context.signals(entry.name()),
            bonus,
            coverage: entry.coverage(context.asked_fields()),
        };
        let contributions = contributions(&inputs, &self.weights[context.strategy().index()]);
        RankedTool {
            tool: entry.tool.clone(),
            score: sum(&contributions).min(1.0),
            exact_name: false,
            pinned: false,
            breaker: inputs.reported.breaker,
            contributions,
        }
    }
}
