//! Is there an order of events in which a reader gets what was invalidated, or a caller gets nothing?
//!
//! The crate's own files, built with locks, atomics and tasks whose every order can be played: what goes on where
//! threads meet is the same text as in the library. A map stands in for quick_cache. The orders are drawn at random,
//! some thousands for each test, always the same; that they suffice is shown by naive versions which fail under them.
#![expect(dead_code, unreachable_pub, reason = "what is built here is made for the library")]
#![expect(clippy::unused_self, reason = "a stand-in has the methods of what it stands for")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../src/cache.rs"]
mod cache;
#[path = "../../src/draw.rs"]
mod draw;
#[path = "../../src/engine.rs"]
mod engine;
#[path = "../../src/entry.rs"]
mod entry;
#[path = "../../src/epoch.rs"]
mod epoch;
#[path = "../../src/eviction.rs"]
mod eviction;
#[path = "../../src/flight.rs"]
mod flight;
#[path = "../../src/found.rs"]
mod found;
#[path = "../../src/freshness.rs"]
mod freshness;
#[path = "../../src/group.rs"]
mod group;
#[path = "../../src/item.rs"]
mod item;
#[path = "../../src/key.rs"]
mod key;
#[path = "../../src/keys.rs"]
mod keys;
#[path = "../../src/load_error.rs"]
mod load_error;
#[path = "../../src/moment.rs"]
mod moment;
#[path = "../../src/policy.rs"]
mod policy;
#[path = "../../src/rejection.rs"]
mod rejection;
#[path = "../../src/retention.rs"]
mod retention;
#[path = "../../src/stats.rs"]
mod stats;
#[path = "../../src/stripe.rs"]
mod stripe;
#[path = "../../src/ttl.rs"]
mod ttl;
#[path = "../../src/waits.rs"]
mod waits;

mod fence;
mod flights;
mod marks;
mod play;
mod store;
mod subkey;
mod sync;

pub use cache::Cache;
pub use found::Found;
pub use item::Item;
pub use key::CacheKey;
pub use keys::{KeyError, Keys};
pub use load_error::LoadError;
pub use policy::{CachePolicy, Retention};
pub use rejection::Rejection;
pub use stats::CacheStats;
