//! Who may call what, how often, by the configuration?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tool_core::Effect;
use tool_guard::{AccessPolicy, AccessRule, AdmissionError, DefaultAllow, RateLimits, Verdict};

use super::{HumanQuota, HumanRate};

/// Settings of admission.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct PolicyConfig {
    /// Whether calls are asked about and counted at all.
    pub enabled: bool,
    /// The tools nobody may call: names, or namespaces as `graph.*`.
    pub deny: Vec<String>,
    /// What may be called where no rule says.
    pub default_allow: DefaultAllowConfig,
    /// How often all principals of one tenant may call.
    pub tenant_rate: HumanRate,
    /// How many calls all principals of one tenant have in each window.
    pub tenant_quota: HumanQuota,
    /// How often one principal may call.
    pub principal_rate: HumanRate,
    /// How many calls one principal has in each window.
    pub principal_quota: HumanQuota,
    /// How many tenants are told apart at once; those beyond share one rate and quota.
    pub max_tenants: usize,
    /// How many principals of a tenant are told apart at once; those beyond share one rate and quota.
    pub max_principals: usize,
    /// The principals that are known, by tenant: they may write where no rule says.
    pub known: BTreeMap<String, Vec<String>>,
    /// Who may call what; one that denies wins.
    pub rules: Vec<RuleConfig>,
}

impl Default for PolicyConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            deny: Vec::new(),
            default_allow: DefaultAllowConfig::default(),
            tenant_rate: HumanRate::default(),
            tenant_quota: HumanQuota::default(),
            principal_rate: HumanRate::default(),
            principal_quota: HumanQuota::default(),
            max_tenants: 1024,
            max_principals: 1024,
            known: BTreeMap::new(),
            rules: Vec::new(),
        }
    }
}

/// What may be called where no rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DefaultAllowConfig {
    /// As `reads` once there is a rule or a known principal, and as `everything` while there is none.
    #[default]
    Auto,
    /// Whatever writes nothing, and writes of known principals.
    Reads,
    /// Nothing.
    Nothing,
    /// Everything.
    Everything,
}

/// One rule; what is left out matches everything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RuleConfig {
    /// What denials call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether it allows or denies.
    pub verdict: VerdictConfig,
    /// Whose calls: tenants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenants: Option<Vec<String>>,
    /// Whose calls: principals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principals: Option<Vec<String>>,
    /// Which tools: names, namespaces as `graph.*`, or `*`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tools: Option<Vec<String>>,
    /// Tools of which effects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effects: Option<Vec<Effect>>,
}

/// What a rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a rule allows or it denies")]
pub enum VerdictConfig {
    /// The calls may be made, if no rule denies them.
    Allow,
    /// The calls may not be made.
    Deny,
}

impl PolicyConfig {
    /// Checks rules and limits, whether switched on or not.
    pub(crate) fn check(&self) -> Result<(), AdmissionError> {
        self.access()?;
        self.limits().map(drop)
    }

    /// Returns the policy of the rules, if they can deny anything.
    pub(crate) fn access(&self) -> Result<Option<AccessPolicy>, AdmissionError> {
        let is_set = !self.rules.is_empty() || !self.known.is_empty();
        let default = match self.default_allow {
            DefaultAllowConfig::Auto if !is_set => return Ok(None),
            DefaultAllowConfig::Auto | DefaultAllowConfig::Reads => DefaultAllow::Reads,
            DefaultAllowConfig::Nothing => DefaultAllow::Nothing,
            DefaultAllowConfig::Everything => DefaultAllow::Everything,
        };
        let policy = AccessPolicy::builder().default_allow(default);
        let policy = self.known.iter().fold(policy, |policy, (tenant, known)| policy.known(tenant, known));
        self.rules.iter().fold(policy, |policy, rule| policy.rule(rule.to_rule())).build().map(Some)
    }

    /// Returns the limits, if there are any.
    pub(crate) fn limits(&self) -> Result<Option<RateLimits>, AdmissionError> {
        let mut limits = RateLimits::builder().max_tenants(self.max_tenants).max_principals(self.max_principals);
        if let Some(rate) = self.tenant_rate.get() {
            limits = limits.tenant_rate(rate);
        }
        if let Some(quota) = self.tenant_quota.get() {
            limits = limits.tenant_quota(quota);
        }
        if let Some(rate) = self.principal_rate.get() {
            limits = limits.principal_rate(rate);
        }
        if let Some(quota) = self.principal_quota.get() {
            limits = limits.principal_quota(quota);
        }
        limits.build().map(|limits| Some(limits).filter(|limits| !limits.is_unlimited()))
    }
}

impl RuleConfig {
    fn to_rule(&self) -> AccessRule {
        let verdict = match self.verdict {
            VerdictConfig::Allow => Verdict::Allow,
            VerdictConfig::Deny => Verdict::Deny,
        };
        let rule = AccessRule::new(verdict);
        let rule = self.name.iter().fold(rule, |rule, name| rule.named(name));
        let rule = self.tenants.iter().fold(rule, |rule, tenants| rule.tenants(tenants));
        let rule = self.principals.iter().fold(rule, |rule, principals| rule.principals(principals));
        let rule = self.tools.iter().fold(rule, |rule, tools| rule.tools(tools));
        self.effects.iter().fold(rule, |rule, effects| rule.effects(effects.iter().copied()))
    }
}
