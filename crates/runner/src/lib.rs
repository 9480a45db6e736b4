#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod builder;
mod config;
mod policy;
mod runner;

pub use builder::{BuildError, RunnerBuilder};
pub use config::{
    CacheConfig, ComposeConfig, Config, ConfigError, DefaultAllowConfig, GuardConfig, HumanDuration, HumanQuota,
    HumanRate, ObserveConfig, PolicyConfig, RuleConfig, SelectConfig, Setting, SettingOrigin, VerdictConfig,
};
pub use runner::{Pipeline, Runner};
pub use {tool_cache, tool_compose, tool_core, tool_guard, tool_observe, tool_select};
