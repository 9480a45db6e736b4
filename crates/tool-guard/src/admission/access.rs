//! May this principal call this tool, by the rules?

use std::collections::{BTreeMap, BTreeSet};

use tool_core::{CallContext, Decision, Effect, Policy, ToolSpec};

use super::{
    error::AdmissionError,
    rule::{AccessRule, Rule, Verdict, check_name},
};

/// Decides by rules: a rule that denies wins, then one that allows, then the [default](DefaultAllow).
///
/// The order of rules changes no decision: among several that deny, the first is named. A principal is *known* if
/// [`AccessPolicyBuilder::known`] lists it in its tenant; a rule that names a principal grants what it says and no more.
/// Every call is asked about, the steps of a composition each by itself.
///
/// A decision takes O(rules) and allocates only to deny.
///
/// # Examples
///
/// ```
/// use tool_core::{CallContext, Decision, Effect, Policy, ToolSpec};
/// use tool_guard::{AccessPolicy, AccessRule};
///
/// let policy = AccessPolicy::builder()
///     .known("acme", ["ann"])
///     .rule(AccessRule::deny().named("no payroll").tools(["payroll.*"]))
///     .build()?;
///
/// let close = ToolSpec::builder("ticket.close", "Closes a ticket.").effect(Effect::Writes).build()?;
/// assert_eq!(policy.decide(&CallContext::new("acme", "ann"), &close), Decision::Allow);
/// let stranger = policy.decide(&CallContext::new("acme", "eve"), &close);
/// assert_eq!(stranger, Decision::deny("it writes, no rule allows it, and the principal is not a known one"));
///
/// let read = ToolSpec::builder("payroll.list", "Lists salaries.").effect(Effect::Reads).build()?;
/// let denied = policy.decide(&CallContext::new("acme", "ann"), &read);
/// assert_eq!(denied, Decision::deny("rule `no payroll` denies it"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct AccessPolicy {
    denials: Vec<Rule>,
    allowances: Vec<Rule>,
    known: BTreeMap<String, BTreeSet<String>>,
    default: DefaultAllow,
}

/// What may be called where no rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum DefaultAllow {
    /// Whatever writes nothing; and writes of known principals. A composition writes nothing: its steps do.
    #[default]
    Reads,
    /// Nothing: every call needs a rule that allows it.
    Nothing,
    /// Everything.
    Everything,
}

impl AccessPolicy {
    /// The most rules.
    pub const MAX_RULES: usize = 1024;

    /// Begins a policy without rules: everybody may read, nobody may write.
    pub fn builder() -> AccessPolicyBuilder {
        AccessPolicyBuilder::default()
    }

    fn is_known(&self, context: &CallContext) -> bool {
        let lists = |tenant: &str| {
            self.known.get(tenant).is_some_and(|known| known.contains(context.principal()) || known.contains("*"))
        };
        lists(context.tenant()) || lists("*")
    }

    fn decide_without_rule(&self, context: &CallContext, spec: &ToolSpec) -> Decision {
        match (self.default, spec.effect()) {
            (DefaultAllow::Nothing, _) => Decision::deny("no rule allows it"),
            (DefaultAllow::Reads, Effect::Writes) if !self.is_known(context) => {
                Decision::deny("it writes, no rule allows it, and the principal is not a known one")
            }
            (DefaultAllow::Reads | DefaultAllow::Everything, _) => Decision::Allow,
        }
    }
}

impl Policy for AccessPolicy {
    fn decide(&self, context: &CallContext, spec: &ToolSpec) -> Decision {
        if let Some(rule) = self.denials.iter().find(|rule| rule.matches(context, spec)) {
            return Decision::deny(format!("rule `{}` denies it", rule.name));
        }
        if self.allowances.iter().any(|rule| rule.matches(context, spec)) {
            return Decision::Allow;
        }
        self.decide_without_rule(context, spec)
    }
}

/// Collects rules; setters only store, [`build`](Self::build) checks all.
#[derive(Debug, Clone, Default)]
#[must_use = "a builder does nothing until it builds"]
pub struct AccessPolicyBuilder {
    rules: Vec<AccessRule>,
    known: Vec<(String, Vec<String>)>,
    default: DefaultAllow,
}

impl AccessPolicyBuilder {
    /// Adds a rule.
    pub fn rule(mut self, rule: AccessRule) -> Self {
        self.rules.push(rule);
        self
    }

    /// Adds principals of a tenant that are known; `*` is every tenant, or every principal.
    pub fn known<S: Into<String>>(
        mut self,
        tenant: impl Into<String>,
        principals: impl IntoIterator<Item = S>,
    ) -> Self {
        self.known.push((tenant.into(), principals.into_iter().map(Into::into).collect()));
        self
    }

    /// Sets what may be called where no rule says.
    pub fn default_allow(mut self, default: DefaultAllow) -> Self {
        self.default = default;
        self
    }

    /// Checks the rules.
    ///
    /// # Errors
    ///
    /// [`AdmissionError`], which names the first fault and its place: a part of a rule without values or with one that
    /// nothing can match, two rules of one name, a rule that can never decide because another covers it, or more than
    /// [`AccessPolicy::MAX_RULES`].
    pub fn build(self) -> Result<AccessPolicy, AdmissionError> {
        let (rules, max) = (self.rules.len(), AccessPolicy::MAX_RULES);
        if rules > max {
            return Err(AdmissionError::new("rules", format!("has {rules} entries, but must have at most {max}")));
        }
        let (mut denials, mut allowances) = (Vec::new(), Vec::new());
        for (at, rule) in self.rules.into_iter().enumerate() {
            let verdict = rule.verdict();
            let rule = rule.compile(at).map_err(|error| error.in_rule(at))?;
            match verdict {
                Verdict::Deny => denials.push(rule),
                Verdict::Allow => allowances.push(rule),
            }
        }
        check_names(&denials, &allowances)?;
        check_reach(&denials, &allowances)?;
        Ok(AccessPolicy { denials, allowances, known: check_known(self.known)?, default: self.default })
    }
}

fn check_names(denials: &[Rule], allowances: &[Rule]) -> Result<(), AdmissionError> {
    let mut first = BTreeMap::new();
    let mut rules: Vec<&Rule> = denials.iter().chain(allowances).collect();
    rules.sort_by_key(|rule| rule.at);
    for rule in rules {
        if let Some(other) = first.insert(&rule.name, rule.at) {
            let problem = format!("is `{}`, as that of rules[{other}] is already", rule.name);
            return Err(AdmissionError::new("name", problem).in_rule(rule.at));
        }
    }
    Ok(())
}

/// Refuses a rule whose every call is decided by another: by any that denies, or by an earlier one of its own kind.
fn check_reach(denials: &[Rule], allowances: &[Rule]) -> Result<(), AdmissionError> {
    let covering = |rule: &Rule, own: &[Rule]| {
        let earlier = own.iter().take_while(|other| other.at < rule.at).find(|other| other.covers(rule));
        earlier.map(|other| other.name.clone())
    };
    let denied = |rule: &Rule| denials.iter().find(|other| other.covers(rule)).map(|other| other.name.clone());
    let unreached = |rule: &Rule, by: String| {
        Err(AdmissionError::new("", format!("can never decide: `{by}` covers all that it matches")).in_rule(rule.at))
    };
    for rule in denials {
        if let Some(by) = covering(rule, denials) {
            return unreached(rule, by);
        }
    }
    for rule in allowances {
        if let Some(by) = denied(rule).or_else(|| covering(rule, allowances)) {
            return unreached(rule, by);
        }
    }
    Ok(())
}

fn check_known(lists: Vec<(String, Vec<String>)>) -> Result<BTreeMap<String, BTreeSet<String>>, AdmissionError> {
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (tenant, principals) in lists {
        check_name("known", &tenant)?;
        if principals.is_empty() {
            return Err(AdmissionError::new(format!("known.{tenant}"), "is empty, but must hold a principal"));
        }
        principals.iter().try_for_each(|name| check_name(&format!("known.{tenant}"), name))?;
        known.entry(tenant).or_default().extend(principals);
    }
    Ok(known)
}
