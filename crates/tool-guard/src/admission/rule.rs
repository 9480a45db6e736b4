//! Of whom, of which tools and of which effects does a rule speak?

use std::collections::BTreeSet;

use tool_core::{CallContext, Effect, ToolSpec};

use super::{error::AdmissionError, pattern::Pattern};

/// What a rule says about the calls it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a rule allows or it denies")]
pub enum Verdict {
    /// They may be made, if no rule denies them.
    Allow,
    /// They may not be made, whatever else allows them.
    Deny,
}

/// One rule of an [`AccessPolicy`](super::AccessPolicy): a verdict, and whom and what it is about.
///
/// What is not set matches everything. A call must match every part that is set; a part is matched by any of its
/// values. Checked when the policy is built.
///
/// # Examples
///
/// ```
/// use tool_core::Effect;
/// use tool_guard::AccessRule;
///
/// let rule = AccessRule::allow().named("on call").principals(["ann", "bob"]).tools(["ticket.*"]).effects([Effect::Writes]);
/// # let _ = rule;
/// ```
#[derive(Debug, Clone)]
#[must_use = "a rule does nothing until a policy holds it"]
pub struct AccessRule {
    verdict: Verdict,
    name: Option<String>,
    tenants: Option<Vec<String>>,
    principals: Option<Vec<String>>,
    tools: Option<Vec<String>>,
    effects: Option<Vec<Effect>>,
}

impl AccessRule {
    /// Begins a rule with this verdict.
    pub fn new(verdict: Verdict) -> Self {
        Self { verdict, name: None, tenants: None, principals: None, tools: None, effects: None }
    }

    /// Begins a rule that allows.
    pub fn allow() -> Self {
        Self::new(Verdict::Allow)
    }

    /// Begins a rule that denies.
    pub fn deny() -> Self {
        Self::new(Verdict::Deny)
    }

    /// Sets what denials call the rule; its place, as in `rules[2]`, where nothing is set.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the tenants it is about; `*` is all.
    pub fn tenants<S: Into<String>>(mut self, tenants: impl IntoIterator<Item = S>) -> Self {
        self.tenants = Some(tenants.into_iter().map(Into::into).collect());
        self
    }

    /// Sets the principals it is about, in each of its tenants; `*` is all.
    pub fn principals<S: Into<String>>(mut self, principals: impl IntoIterator<Item = S>) -> Self {
        self.principals = Some(principals.into_iter().map(Into::into).collect());
        self
    }

    /// Sets the tools it is about: names (`ci.search`), all under a prefix (`ci.*`), or all (`*`).
    pub fn tools<S: Into<String>>(mut self, tools: impl IntoIterator<Item = S>) -> Self {
        self.tools = Some(tools.into_iter().map(Into::into).collect());
        self
    }

    /// Sets the effects it is about.
    pub fn effects(mut self, effects: impl IntoIterator<Item = Effect>) -> Self {
        self.effects = Some(effects.into_iter().collect());
        self
    }

    pub(crate) fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Checks the rule, the `at`-th of its policy.
    pub(crate) fn compile(self, at: usize) -> Result<Rule, AdmissionError> {
        let name = match self.name {
            None => format!("rules[{at}]"),
            Some(name) if name.trim().is_empty() => return Err(empty("name", "a name, or be left out")),
            Some(name) => name,
        };
        Ok(Rule {
            name,
            at,
            tenants: names("tenants", self.tenants)?,
            principals: names("principals", self.principals)?,
            tools: patterns(self.tools)?,
            effects: effects(self.effects)?,
        })
    }
}

/// The most values of one part of a rule.
pub(crate) const MAX_VALUES: usize = 1024;

fn empty(field: &str, expected: &str) -> AdmissionError {
    AdmissionError::new(field, format!("is empty, so that nothing matches, but must hold {expected}"))
}

fn bounded<T>(field: &str, values: Vec<T>) -> Result<Vec<T>, AdmissionError> {
    match values.len() {
        0 => Err(empty(field, "a value, or be left out to match all")),
        count if count > MAX_VALUES => {
            Err(AdmissionError::new(field, format!("holds {count} values, but must hold at most {MAX_VALUES}")))
        }
        _ => Ok(values),
    }
}

fn names(field: &'static str, values: Option<Vec<String>>) -> Result<Names, AdmissionError> {
    let Some(values) = values else { return Ok(Names::All) };
    let values = bounded(field, values)?;
    values.iter().try_for_each(|name| check_name(field, name))?;
    Ok(if values.iter().any(|name| name == "*") { Names::All } else { Names::Of(values.into_iter().collect()) })
}

/// Refuses what can name nobody.
pub(crate) fn check_name(field: &str, name: &str) -> Result<(), AdmissionError> {
    if name.is_empty() {
        return Err(AdmissionError::new(field, "holds an empty name, which nobody has"));
    }
    if name.contains('*') && name != "*" {
        let problem = format!("holds `{name}`, but must hold whole names or `*`");
        return Err(AdmissionError::new(field, problem));
    }
    Ok(())
}

fn patterns(values: Option<Vec<String>>) -> Result<Vec<Pattern>, AdmissionError> {
    let Some(values) = values else { return Ok(vec![Pattern::All]) };
    let parse = |text: &String| Pattern::parse(text).map_err(|problem| AdmissionError::new("tools", problem));
    bounded("tools", values)?.iter().map(parse).collect()
}

fn effects(values: Option<Vec<Effect>>) -> Result<u8, AdmissionError> {
    let Some(values) = values else { return Ok(u8::MAX) };
    Ok(bounded("effects", values)?.into_iter().fold(0, |set, effect| set | bit(effect)))
}

fn bit(effect: Effect) -> u8 {
    match effect {
        Effect::Pure => 1,
        Effect::Reads => 2,
        Effect::Writes => 4,
        Effect::Composite => 8,
    }
}

/// A checked rule.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) name: String,
    /// Where it stands in its policy.
    pub(crate) at: usize,
    tenants: Names,
    principals: Names,
    tools: Vec<Pattern>,
    effects: u8,
}

#[derive(Debug, Clone)]
enum Names {
    All,
    Of(BTreeSet<String>),
}

impl Names {
    fn hold(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Of(names) => names.contains(name),
        }
    }

    fn cover(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All, _) => true,
            (Self::Of(_), Self::All) => false,
            (Self::Of(own), Self::Of(others)) => own.is_superset(others),
        }
    }
}

impl Rule {
    pub(crate) fn matches(&self, context: &CallContext, spec: &ToolSpec) -> bool {
        self.effects & bit(spec.effect()) != 0
            && self.tools.iter().any(|pattern| pattern.matches(spec.name().as_str()))
            && self.tenants.hold(context.tenant())
            && self.principals.hold(context.principal())
    }

    /// Whether it matches every call that another does.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        let effects = |set: u8| set & 15;
        effects(self.effects) & effects(other.effects) == effects(other.effects)
            && other.tools.iter().all(|theirs| self.tools.iter().any(|own| own.covers(theirs)))
            && self.tenants.cover(&other.tenants)
            && self.principals.cover(&other.principals)
    }
}
