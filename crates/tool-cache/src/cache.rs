//! What can be asked of a cache of any values?

use std::{convert::Infallible, fmt, future::Future, sync::Arc};

use tool_core::{Clock, Origin};

use crate::{
    CacheKey, CachePolicy, CacheStats, Found, Item, Keys, LoadError, Rejection,
    engine::{Ask, Course, Engine, Look, Served},
    entry::Shared,
    flight::{Kind, Orphan},
    freshness::Wish,
    subkey::{Secret, fresh_secret, namespace_key},
};

/// Values of any kind, by key: bounded by entries and bytes, with lifetimes, tags and one load per key.
///
/// Clones share one cache. `E` is the error of its loaders.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use tool_cache::{Cache, CachePolicy, Item};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let cache: Cache<u64> = Cache::new(CachePolicy::default());
/// let key = cache.keys("squares").of(&7)?;
/// let load = || async { Ok(Item::new(49).ttl(Duration::from_secs(60)).tag("squares")) };
/// assert_eq!(*cache.get_or_load(&key, load).await?, 49);
/// assert_eq!(*cache.get(&key).unwrap(), 49);
/// cache.invalidate_tag("squares");
/// assert!(cache.get(&key).is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Cache<V, E = Infallible> {
    pub(crate) engine: Arc<Engine<V, E>>,
    secret: Secret,
}

impl<V, E> Cache<V, E>
where
    V: Send + Sync + 'static,
    E: Clone + Send + Sync + 'static,
{
    /// Returns an empty cache that reads the machine's clock.
    #[must_use]
    pub fn new(policy: CachePolicy) -> Self {
        Self { engine: Arc::new(Engine::new(policy)), secret: fresh_secret() }
    }

    /// Returns an empty cache that reads another clock.
    #[must_use]
    pub fn with_clock(policy: CachePolicy, clock: Arc<dyn Clock>) -> Self {
        let mut engine = Engine::new(policy);
        engine.set_clock(clock);
        Self { engine: Arc::new(engine), secret: fresh_secret() }
    }

    /// Returns the maker of the keys of a namespace.
    #[must_use]
    pub fn keys(&self, namespace: &str) -> Keys {
        Keys::new(namespace_key(&self.secret, namespace))
    }

    /// Returns the policy.
    #[must_use]
    pub fn policy(&self) -> &CachePolicy {
        &self.engine.policy
    }

    /// Returns the largest entry that is kept, in bytes: [`Item::bytes`] and the bookkeeping.
    #[must_use]
    pub fn max_entry_bytes(&self) -> u64 {
        self.engine.store.max_weight()
    }

    /// Returns the value under a key, if it may be served.
    #[must_use]
    pub fn get(&self, key: &CacheKey) -> Option<Found<V>> {
        match self.look(key) {
            Look::Found(served) | Look::Due(served) => Some(Found::new(served)),
            Look::Missing(_) => {
                self.engine.counts.missed(&self.engine.groups.plain);
                None
            }
        }
    }

    /// Returns whether there is a fresh value under a key; counts nothing.
    #[must_use]
    pub fn contains(&self, key: &CacheKey) -> bool {
        self.engine.contains(key)
    }

    /// Keeps a value in place of what was there.
    ///
    /// # Errors
    ///
    /// [`Rejection`] says why it was not kept.
    pub fn insert(&self, key: &CacheKey, item: impl Into<Item<V>>) -> Result<(), Rejection> {
        if !self.policy().enabled() {
            return Err(Rejection::Disabled);
        }
        self.engine.insert(key, item.into(), self.engine.groups.begin())
    }

    /// Returns the value under a key, or what `load` makes of it: once, however many ask for it at a time.
    ///
    /// The load runs in a task of its own and is finished though its callers leave. A value past its lifetime is
    /// served, and replaced or kept in place of an error, as the policy says.
    ///
    /// # Errors
    ///
    /// [`LoadError`], the same for all who waited for one load.
    pub async fn get_or_load<F, L>(&self, key: &CacheKey, load: F) -> Result<Found<V>, LoadError<E>>
    where
        F: FnOnce() -> L + Send + 'static,
        L: Future<Output = Result<Item<V>, E>> + Send + 'static,
    {
        if !self.policy().enabled() {
            return self.alone(key, load).await;
        }
        match self.look(key) {
            Look::Found(served) => Ok(Found::new(served)),
            Look::Due(served) => {
                self.engine.refresh(*key, self.engine.groups.begin(), load);
                Ok(Found::new(served))
            }
            Look::Missing(spare) => Box::pin(self.load(key, spare, load)).await,
        }
    }

    fn look(&self, key: &CacheKey) -> Look<V> {
        self.engine.look(key, Wish::default(), || self.engine.now())
    }

    async fn load<F, L>(&self, key: &CacheKey, spare: Option<Shared<V>>, load: F) -> Result<Found<V>, LoadError<E>>
    where
        F: FnOnce() -> L + Send + 'static,
        L: Future<Output = Result<Item<V>, E>> + Send + 'static,
    {
        let ask = Ask {
            key: *key,
            wish: Wish::default(),
            kind: Kind::Miss,
            orphan: Orphan::GoesOn,
            is_nested: false,
            patience: None,
        };
        let mut load = Some(load);
        let mut course = self.engine.board(&ask, self.engine.groups.begin(), || load.take())?;
        if let Course::Wait(waiter, Origin::Shared) = course {
            let served = self.engine.wait(&ask, waiter, Origin::Shared, spare.clone()).await?;
            if served.entry.birth.is_live() {
                return Ok(Found::new(served));
            }
            // It said only at its end that it carries a tag which was invalidated, perhaps before this call. What is
            // loaded now began after it.
            course = self.engine.board(&ask, self.engine.groups.begin(), || load.take())?;
        }
        match course {
            Course::Found(served) => Ok(Found::new(served)),
            Course::Wait(waiter, origin) => self.engine.wait(&ask, waiter, origin, spare).await.map(Found::new),
            Course::Alone => match load {
                Some(load) => self.alone(key, load).await,
                None => Err(LoadError::Stopped),
            },
        }
    }

    async fn alone<F, L>(&self, key: &CacheKey, load: F) -> Result<Found<V>, LoadError<E>>
    where
        F: FnOnce() -> L,
        L: Future<Output = Result<Item<V>, E>>,
    {
        let birth = self.engine.groups.begin();
        let item = load().await.map_err(LoadError::Failed)?;
        let now = self.engine.now();
        let entry = self.engine.unkept(key, item, birth, now);
        Ok(Found::new(Served { entry, origin: Origin::Executed, now }))
    }

    /// Removes the value under a key; a load of it that runs is not kept. Returns whether there was one.
    #[expect(clippy::must_use_candidate, reason = "it is called for what it does")]
    pub fn invalidate(&self, key: &CacheKey) -> bool {
        self.engine.invalidate_key(key)
    }

    /// Makes every value with a tag stale, and every load that began before and will carry it: one store.
    pub fn invalidate_tag(&self, tag: &str) {
        self.engine.groups.invalidate_tag(tag);
    }

    /// Removes every value; what loads that run compute is not kept.
    pub fn clear(&self) {
        self.engine.clear();
    }

    /// Removes what is past its time or invalidated, which else goes when it is found or evicted; returns how many.
    #[expect(clippy::must_use_candidate, reason = "it is called for what it does")]
    pub fn sweep(&self) -> usize {
        self.engine.sweep()
    }

    /// Returns what the cache did and what it holds; takes the same time whatever it holds.
    #[must_use]
    pub fn stats(&self) -> CacheStats {
        self.engine.counts.snapshot()
    }
}

impl<V, E> Clone for Cache<V, E> {
    fn clone(&self) -> Self {
        Self { engine: Arc::clone(&self.engine), secret: self.secret }
    }
}

impl<V, E> fmt::Debug for Cache<V, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache").field("engine", &self.engine).finish_non_exhaustive()
    }
}
