//! What can be set, what is the default, and where did a value come from?

mod duration;
mod guard;
mod keys;
mod limit;
mod load;
mod policy;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tool_cache::{CachePolicy, Retention};
use tool_select::SelectionStrategy;

pub use duration::HumanDuration;
pub use guard::{BreakerConfig, ExcessConfig, GuardConfig, HedgeConfig, LimitConfig};
pub use guard::{ResultConfig, RetryConfig, ToolGuardConfig, ValidationConfig};
pub use keys::{Setting, SettingOrigin};
pub use limit::{HumanQuota, HumanRate};
pub use load::ConfigError;
pub(crate) use load::matches;
pub use policy::{DefaultAllowConfig, PolicyConfig, RuleConfig, VerdictConfig};

/// The effective configuration: every key has a default, none is required, unknown ones are errors.
///
/// # Examples
///
/// ```
/// use runner::Config;
///
/// let config = Config::parse("[cache]\ndefault_ttl = \"90s\"\n[cache.ttl]\n\"ci.*\" = \"10m\"\n", "runner.toml")?;
/// assert_eq!(config.cache.default_ttl.get().as_secs(), 90);
/// assert_eq!(config.guard.timeout.get().as_secs(), 30);
///
/// let error = Config::parse("[cache]\nmax_entires = 5\n", "runner.toml").unwrap_err();
/// assert!(error.to_string().starts_with("runner.toml, line 2: unknown key `cache.max_entires`"), "{error}");
/// # Ok::<(), runner::ConfigError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Config {
    /// Answers from memory.
    pub cache: CacheConfig,
    /// Who may call what.
    pub policy: PolicyConfig,
    /// Bounds of every call.
    pub guard: GuardConfig,
    /// Traces, counts and metrics.
    pub observe: ObserveConfig,
    /// Ranking of tools.
    pub select: SelectConfig,
    /// Compositions.
    pub compose: ComposeConfig,
}

/// Settings of the cache.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct CacheConfig {
    /// Whether answers come from memory at all.
    pub enabled: bool,
    /// The most results kept.
    pub max_entries: usize,
    /// The most bytes of results kept.
    pub max_bytes: u64,
    /// How long a result is good where neither the tool nor `cache.ttl` says.
    pub default_ttl: HumanDuration,
    /// How long the results of a tool (`ci.get`) or of a namespace (`graph.*`) are good.
    pub ttl: BTreeMap<String, HumanDuration>,
    /// How long it is remembered that a tool found nothing; zero for not at all.
    pub negative_ttl: HumanDuration,
    /// How long past its lifetime a result is served while another is fetched.
    pub stale_while_revalidate: HumanDuration,
    /// How long past its lifetime a result is served in place of a failure.
    pub stale_if_error: HumanDuration,
    /// How long nothing is asked again after a failure, while there is something to serve.
    pub retry_interval: HumanDuration,
    /// The age beyond which nothing is served, fresh or stale.
    pub hard_ttl: HumanDuration,
    /// The share, 0 to 1, by which lifetimes are shortened at most.
    pub jitter: f64,
    /// How eagerly results are refreshed before their time, 0 to 100; 0 for never.
    pub early_refresh: f64,
    /// Which results go first where room is needed: `cost_aware` or `cost_blind`.
    pub retention: Retention,
    /// The most loads that run at once.
    pub max_flights: usize,
    /// The most loads that go on though all their callers left.
    pub max_orphans: usize,
    /// The most loads at once that nobody waits for.
    pub max_refreshes: usize,
}

impl Default for CacheConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            max_entries: 1000,
            max_bytes: 64 * 1024 * 1024,
            default_ttl: HumanDuration::from_secs(300),
            ttl: BTreeMap::new(),
            negative_ttl: HumanDuration::from_secs(5),
            stale_while_revalidate: HumanDuration::from_secs(0),
            stale_if_error: HumanDuration::from_secs(0),
            retry_interval: HumanDuration::from_secs(10),
            hard_ttl: HumanDuration::from_secs(CachePolicy::MAX_TTL.as_secs()),
            jitter: 0.0,
            early_refresh: 0.0,
            retention: Retention::default(),
            max_flights: 1024,
            max_orphans: 256,
            max_refreshes: 64,
        }
    }
}

/// Settings of observation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ObserveConfig {
    /// Whether calls are recorded at all.
    pub enabled: bool,
    /// The most traces kept.
    pub max_traces: usize,
}

impl Default for ObserveConfig {
    fn default() -> Self {
        Self { enabled: true, max_traces: 1000 }
    }
}

/// Settings of selection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct SelectConfig {
    /// Whether tools can be selected at all.
    pub enabled: bool,
    /// What to prefer where the request does not say.
    pub strategy: SelectionStrategy,
}

impl Default for SelectConfig {
    fn default() -> Self {
        Self { enabled: true, strategy: SelectionStrategy::default() }
    }
}

/// Settings of composition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ComposeConfig {
    /// Whether compositions can run at all.
    pub enabled: bool,
}

impl Default for ComposeConfig {
    fn default() -> Self {
        Self { enabled: true }
    }
}
