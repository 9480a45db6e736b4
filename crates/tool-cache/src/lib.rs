#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod advise;
mod answer;
mod cache;
mod cached;
mod draw;
mod encode;
mod engine;
mod entry;
mod epoch;
mod eviction;
mod flight;
mod found;
mod freshness;
mod group;
mod item;
mod key;
mod keys;
mod load_error;
mod moment;
mod oversize;
mod policy;
mod rejection;
mod results;
mod retention;
mod snapshot;
mod stats;
mod store;
mod stripe;
mod subkey;
mod sync;
mod ttl;
mod tuner;
mod waits;

pub use advise::{
    Advice, Advisor, Ending, Outcome, PastCall, Recommendation, SizeOutcome, ToolAdvice, TtlOutcome, Unusable,
};
pub use cache::Cache;
pub use cached::CachedExecutor;
pub use found::Found;
pub use item::Item;
pub use key::CacheKey;
pub use keys::{KeyError, Keys};
pub use load_error::LoadError;
pub use policy::{CachePolicy, CachePolicyBuilder, PolicyError, Retention};
pub use rejection::Rejection;
pub use results::ToolResultCache;
pub use snapshot::{SnapshotError, SnapshotErrorKind};
pub use stats::{CacheStats, EntryState, EvictionStats, KeyInfo, RejectionStats, ToolCacheStats};
