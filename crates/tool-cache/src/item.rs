//! What is put into a cache?

use std::time::Duration;

use crate::Rejection;

/// A value with what the cache should know of it.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use tool_cache::Item;
///
/// let text = "a page".to_owned();
/// let bytes = text.len() as u64;
/// let item = Item::new(text).bytes(bytes).ttl(Duration::from_secs(60)).tag("pages");
/// # let _ = item;
/// ```
#[derive(Debug, Clone)]
#[must_use = "an item does nothing until it is put into a cache"]
pub struct Item<V> {
    pub(crate) value: V,
    pub(crate) bytes: u64,
    pub(crate) ttl: Ttl,
    pub(crate) cost: Option<Duration>,
    pub(crate) age: Duration,
    pub(crate) tags: Vec<Box<str>>,
    pub(crate) unfit: Option<Rejection>,
}

/// Where a lifetime comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ttl {
    /// The policy's default, jittered.
    Default,
    /// A rule's, jittered.
    Rule(Duration),
    /// What the caller said, to the nanosecond.
    Exact(Duration),
}

impl<V> Item<V> {
    /// Wraps a value: no tags, the policy's lifetime, no bytes outside of itself.
    pub fn new(value: V) -> Self {
        Self { value, bytes: 0, ttl: Ttl::Default, cost: None, age: Duration::ZERO, tags: Vec::new(), unfit: None }
    }

    /// Sets how many bytes the value holds outside of itself, as on the heap; 0 until then.
    pub fn bytes(mut self, bytes: u64) -> Self {
        self.bytes = bytes;
        self
    }

    /// Sets how long it is fresh; the policy says until then. Zero keeps it from being kept.
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Ttl::Exact(ttl);
        self
    }

    /// Sets how long it took to make, by which retention goes; the measured time of its load until then.
    pub fn cost(mut self, cost: Duration) -> Self {
        self.cost = Some(cost);
        self
    }

    /// Adds a tag by which values can be invalidated together.
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tags.push(tag.into().into_boxed_str());
        self
    }
}

impl<V> From<V> for Item<V> {
    fn from(value: V) -> Self {
        Self::new(value)
    }
}
