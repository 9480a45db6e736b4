//! What can be set of the guard?

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};
use tool_guard::{
    BreakerPolicy, BreakerWindow, Excess, GuardPolicy, GuardPolicyError, HedgeAfter, HedgePolicy, LimitPolicy,
    ResultPolicy, RetryPolicy, ToolOverride, Validation,
};

use super::HumanDuration;

/// Settings of the guard; each part but the time limits can be switched off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct GuardConfig {
    /// Whether calls are guarded at all.
    pub enabled: bool,
    /// The time limit of a call where neither caller nor tool says.
    pub timeout: HumanDuration,
    /// The time limit that nobody can exceed.
    pub max_timeout: HumanDuration,
    /// How many calls of one tool may run at once, and how many may wait.
    pub limit: LimitConfig,
    /// How many calls of all tools together may run at once, and how many may wait.
    pub total: LimitConfig,
    /// When a failed call is tried again.
    pub retry: RetryConfig,
    /// When a tool that fails is left alone for a while.
    pub breaker: BreakerConfig,
    /// When a slow call is asked a second time.
    pub hedge: HedgeConfig,
    /// What a tool may return.
    pub result: ResultConfig,
    /// What holds for some tools instead: names, or namespaces as `graph.*`.
    pub tools: BTreeMap<String, ToolGuardConfig>,
}

/// How many calls may run at once, and how many may wait.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct LimitConfig {
    /// Whether there is a limit.
    pub enabled: bool,
    /// How many calls may run at once.
    pub max_in_flight: u32,
    /// How many calls may wait.
    pub queue: u32,
}

/// When a failed call is tried again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct RetryConfig {
    /// Whether it ever is.
    pub enabled: bool,
    /// How often a tool is started for a call where no step says.
    pub attempts: u32,
    /// How often it is started at most, whatever a step says.
    pub max_attempts: u32,
    /// The time limit of an attempt that another may follow.
    pub attempt_timeout: HumanDuration,
    /// The upper end of the first wait; it doubles each time.
    pub backoff: HumanDuration,
    /// The upper end of the longest wait.
    pub max_backoff: HumanDuration,
    /// Which share of the calls of a tool may be tried again.
    pub budget: f64,
    /// How many attempts per second there may be besides.
    pub budget_floor: f64,
}

/// When a tool that fails is left alone for a while.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct BreakerConfig {
    /// Whether it ever is.
    pub enabled: bool,
    /// Over which time its calls are judged.
    pub window: HumanDuration,
    /// How many calls there must be in that time.
    pub min_calls: u32,
    /// From which share of failures on it is left alone.
    pub failure_share: f64,
    /// From how long on a run is slow.
    pub slow_call: HumanDuration,
    /// From which share of slow runs on it is left alone.
    pub slow_share: f64,
    /// For how long at first; it doubles with each probe that fails.
    pub open_for: HumanDuration,
    /// For how long at most.
    pub max_open: HumanDuration,
    /// How many probes there are at once, and how many must succeed.
    pub probes: u32,
    /// Which share of a group of tools may be left alone at once; one always may.
    pub max_ejected: f64,
}

/// When a slow call is asked a second time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct HedgeConfig {
    /// Whether it ever is.
    pub enabled: bool,
    /// Later than which share of the calls of the tool.
    pub quantile: f64,
    /// Which share of the calls of a tool may be asked a second time.
    pub budget: f64,
}

/// What a tool may return.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ResultConfig {
    /// Whether that is bounded.
    pub enabled: bool,
    /// How many bytes of JSON.
    pub max_bytes: u64,
    /// How many levels of arrays and objects.
    pub max_depth: u32,
    /// What becomes of more.
    pub excess: ExcessConfig,
    /// What becomes of a result that does not fit its tool's output schema.
    pub validation: ValidationConfig,
}

/// What becomes of a result that is too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ExcessConfig {
    /// The call fails.
    #[default]
    Refuse,
    /// It is cut, and says so.
    Cut,
}

/// What becomes of a result that does not fit its schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ValidationConfig {
    /// Nobody looks.
    #[default]
    Off,
    /// The answer carries a warning.
    Warn,
    /// The call fails.
    Enforce,
}

/// What holds for some tools; what is missing is as for all others.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ToolGuardConfig {
    /// The time limit of a call where neither caller nor tool says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<HumanDuration>,
    /// How many calls may run at once, and how many may wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<LimitConfig>,
    /// When a failed call is tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry: Option<RetryConfig>,
    /// When the tool is left alone for a while.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breaker: Option<BreakerConfig>,
    /// When a slow call is asked a second time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hedge: Option<HedgeConfig>,
    /// What the tool may return.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<ResultConfig>,
}

impl GuardConfig {
    /// Puts the policy together.
    pub(crate) fn policy(&self) -> Result<GuardPolicy, GuardPolicyError> {
        let policy = GuardPolicy::builder()
            .enabled(self.enabled)
            .default_timeout(self.timeout.get())
            .max_timeout(self.max_timeout.get())
            .limit(self.limit.policy())
            .total(self.total.policy())
            .retry(self.retry.policy())
            .breaker(self.breaker.policy())
            .hedge(self.hedge.policy())
            .result(self.result.policy());
        let each = self.tools.iter();
        each.fold(policy, |policy, (pattern, tool)| policy.tool(pattern, tool.change())).build()
    }
}

impl ToolGuardConfig {
    fn change(&self) -> ToolOverride {
        let mut change = ToolOverride::new();
        if let Some(timeout) = self.timeout {
            change = change.default_timeout(timeout.get());
        }
        if let Some(limit) = &self.limit {
            change = change.limit(limit.policy());
        }
        if let Some(retry) = &self.retry {
            change = change.retry(retry.policy());
        }
        if let Some(breaker) = &self.breaker {
            change = change.breaker(breaker.policy());
        }
        if let Some(hedge) = &self.hedge {
            change = change.hedge(hedge.policy());
        }
        if let Some(result) = &self.result {
            change = change.result(result.policy());
        }
        change
    }
}

impl LimitConfig {
    fn policy(&self) -> LimitPolicy {
        if self.enabled { LimitPolicy::fixed(self.max_in_flight).queue(self.queue) } else { LimitPolicy::unlimited() }
    }
}

impl RetryConfig {
    fn policy(&self) -> Option<RetryPolicy> {
        let policy = RetryPolicy::default()
            .attempts(self.attempts)
            .max_attempts(self.max_attempts)
            .attempt_timeout(self.attempt_timeout.get())
            .backoff(self.backoff.get())
            .max_backoff(self.max_backoff.get())
            .budget(self.budget)
            .budget_floor(self.budget_floor);
        self.enabled.then_some(policy)
    }
}

impl BreakerConfig {
    fn policy(&self) -> Option<BreakerPolicy> {
        let policy = BreakerPolicy::default()
            .window(BreakerWindow::Time(self.window.get()))
            .min_calls(self.min_calls)
            .failure_share(self.failure_share)
            .slow_call(self.slow_call.get())
            .slow_share(self.slow_share)
            .open_for(self.open_for.get())
            .max_open(self.max_open.get())
            .probes(self.probes)
            .max_ejected(self.max_ejected);
        self.enabled.then_some(policy)
    }
}

impl HedgeConfig {
    fn policy(&self) -> Option<HedgePolicy> {
        let policy = HedgePolicy::default().after(HedgeAfter::Quantile(self.quantile)).budget(self.budget);
        self.enabled.then_some(policy)
    }
}

impl ResultConfig {
    fn policy(&self) -> Option<ResultPolicy> {
        let excess = match self.excess {
            ExcessConfig::Refuse => Excess::Refuse,
            ExcessConfig::Cut => Excess::Cut,
        };
        let validation = match self.validation {
            ValidationConfig::Off => Validation::Off,
            ValidationConfig::Warn => Validation::Warn,
            ValidationConfig::Enforce => Validation::Enforce,
        };
        let policy = ResultPolicy::default().max_bytes(self.max_bytes).max_depth(self.max_depth);
        self.enabled.then_some(policy.excess(excess).validation(validation))
    }
}

impl Default for GuardConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            timeout: HumanDuration::from_secs(30),
            max_timeout: HumanDuration::from_secs(300),
            limit: LimitConfig::default(),
            total: LimitConfig { enabled: true, max_in_flight: 1024, queue: 256 },
            retry: RetryConfig::default(),
            breaker: BreakerConfig::default(),
            hedge: HedgeConfig::default(),
            result: ResultConfig::default(),
            tools: BTreeMap::new(),
        }
    }
}

impl Default for LimitConfig {
    fn default() -> Self {
        Self { enabled: true, max_in_flight: 64, queue: 64 }
    }
}

impl Default for RetryConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            attempts: 3,
            max_attempts: 5,
            attempt_timeout: HumanDuration::from_secs(10),
            backoff: HumanDuration::new(Duration::from_millis(100)),
            max_backoff: HumanDuration::from_secs(5),
            budget: 0.2,
            budget_floor: 1.0,
        }
    }
}

impl Default for BreakerConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            window: HumanDuration::from_secs(30),
            min_calls: 10,
            failure_share: 0.5,
            slow_call: HumanDuration::from_secs(5),
            slow_share: 1.0,
            open_for: HumanDuration::from_secs(5),
            max_open: HumanDuration::from_secs(60),
            probes: 1,
            max_ejected: 0.5,
        }
    }
}

impl Default for HedgeConfig {
    fn default() -> Self {
        Self { enabled: false, quantile: 0.95, budget: 0.05 }
    }
}

impl Default for ResultConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            max_bytes: 4 * 1024 * 1024,
            max_depth: 64,
            excess: ExcessConfig::default(),
            validation: ValidationConfig::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;

    #[test]
    fn defaults_are_those_of_the_guard() {
        assert_eq!(GuardConfig::default().policy().unwrap(), GuardPolicy::default());
    }

    #[test]
    fn every_part_can_be_switched_off() {
        let text = ["limit", "total", "retry", "breaker", "hedge", "result"]
            .map(|part| format!("[guard.{part}]\nenabled = false\n"))
            .concat();
        let policy = Config::parse(&text, "x").unwrap().guard.policy().unwrap();
        assert_eq!(policy, GuardPolicy::builder().deadlines_only().build().unwrap());
    }

    #[test]
    fn tools_have_their_own_rules() {
        let text = "[guard.tools.\"ci.*\".limit]\nmax_in_flight = 2\nqueue = 0\n[guard.tools.\"ci.get\".retry]\nenabled = false\n";
        let policy = Config::parse(text, "x").unwrap().guard.policy().unwrap();
        let expected = GuardPolicy::builder()
            .tool("ci.*", ToolOverride::new().limit(LimitPolicy::fixed(2)))
            .tool("ci.get", ToolOverride::new().retry(None));
        assert_eq!(policy, expected.build().unwrap());
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(Config::parse(text, "f.toml").unwrap_err().to_string(), expected);
    }

    #[test]
    fn fault_names_file_line_and_key() {
        check(
            "[guard.retry]\nattempts = 2\nbudget = 1.5\n",
            "f.toml, line 3: `guard.retry.budget` is 1.5, but must be more than 0 and at most 1",
        );
        check("[guard]\nbreaker.probes = 0\n", "f.toml, line 2: `guard.breaker.probes` is 0, but must be at least 1");
        check(
            "[guard.limit]\nmax_in_flight = 0\n",
            "f.toml, line 2: `guard.limit.max_in_flight` is 0, but must be at least 1",
        );
        check(
            "[guard.retry]\nattemps = 2\n",
            "f.toml, line 2: unknown key `guard.retry.attemps`, did you mean `guard.retry.attempts`?",
        );
        check(
            "[guard.tools.\"ci.*\".hedge]\nenabled = true\nquantile = 2.0\n",
            "f.toml, line 1: `guard.tools.ci.*.hedge.quantile` is 2.0, but must be over 0.5 and below 1",
        );
    }

    #[test]
    fn wrong_type_in_a_part_names_the_key() {
        let error = Config::parse("[guard.breaker]\nprobes = \"one\"\n", "f.toml").unwrap_err();
        assert!(error.to_string().contains("line 2: `guard.breaker.probes`"), "{error}");
    }
}
