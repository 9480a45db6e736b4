#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod advise;
mod cache;
mod cached;
mod encode;
mod entry;
mod flight;
mod key;
mod lineage;
mod policy;
mod rejection;
mod snapshot;
mod stats;
mod store;
mod subkey;
mod ttl;

pub use advise::{
    Advice, Advisor, Ending, Outcome, PastCall, Recommendation, SizeOutcome, ToolAdvice, TtlOutcome, Unusable,
};
pub use cache::ToolResultCache;
pub use cached::CachedExecutor;
pub use key::CacheKey;
pub use policy::{CachePolicy, CachePolicyBuilder, PolicyError};
pub use rejection::Rejection;
pub use snapshot::{SnapshotError, SnapshotErrorKind};
pub use stats::{CacheStats, EntryState, EvictionStats, KeyInfo, RejectionStats, ToolCacheStats};
