#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod builder;
mod config;
mod policy;
mod runner;
mod signals;

pub use builder::{BuildError, RunnerBuilder};
pub use config::{
    BreakerConfig, CacheConfig, ComposeConfig, Config, ConfigError, DefaultAllowConfig, ExcessConfig, GuardConfig,
    HedgeConfig, HumanDuration, HumanQuota, HumanRate, LimitConfig, ObserveConfig, PolicyConfig, ResultConfig,
    RetryConfig, RuleConfig, SelectConfig, Setting, SettingOrigin, ToolGuardConfig, ValidationConfig, VerdictConfig,
};
pub use runner::{Pipeline, Runner};
pub use {tool_cache, tool_compose, tool_core, tool_guard, tool_observe, tool_select};
