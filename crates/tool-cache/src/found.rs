//! What does a cache hand out?

use std::{fmt, ops::Deref, time::Duration};

use tool_core::Origin;

use crate::{engine::Served, entry::Shared, moment::Moment};

/// A value that a cache had or got, shared with it: nothing was copied.
///
/// # Examples
///
/// ```
/// use tool_cache::{Cache, CachePolicy};
/// use tool_core::Origin;
///
/// let cache: Cache<String> = Cache::new(CachePolicy::default());
/// let key = cache.keys("greetings").of("en")?;
/// cache.insert(&key, "hello".to_owned())?;
/// let found = cache.get(&key).unwrap();
/// assert_eq!((found.as_str(), found.origin()), ("hello", Origin::Hit));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Found<V> {
    entry: Shared<V>,
    origin: Origin,
    now: Moment,
}

impl<V> Found<V> {
    pub(crate) fn new(served: Served<V>) -> Self {
        let Served { entry, origin, now } = served;
        Self { entry, origin, now }
    }

    /// Returns where it comes from.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// Returns how old it was when it was found.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.entry.span.age(self.now)
    }

    /// Returns how long it was still fresh when it was found; zero if it was stale.
    #[must_use]
    pub fn fresh_for(&self) -> Duration {
        self.entry.span.remaining(self.now)
    }
}

impl<V: Clone> Found<V> {
    /// Returns the value.
    #[must_use]
    pub fn into_value(self) -> V {
        self.entry.value.clone()
    }
}

impl<V> Deref for Found<V> {
    type Target = V;

    fn deref(&self) -> &V {
        &self.entry.value
    }
}

impl<V: fmt::Debug> fmt::Debug for Found<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Found").field("value", &**self).field("origin", &self.origin).finish_non_exhaustive()
    }
}
