#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod builder;
mod config;
mod policy;
mod runner;

pub use builder::{BuildError, RunnerBuilder};
pub use config::{
    BreakerConfig, ExcessConfig, GuardConfig, HedgeConfig, LimitConfig, ResultConfig, RetryConfig, ToolGuardConfig,
    ValidationConfig,
};
pub use config::{
    CacheConfig, ComposeConfig, Config, ConfigError, HumanDuration, ObserveConfig, PolicyConfig, SelectConfig, Setting,
    SettingOrigin,
};
pub use runner::{Pipeline, Runner};
pub use {tool_cache, tool_compose, tool_core, tool_guard, tool_observe, tool_select};
