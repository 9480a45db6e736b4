//! How does one call pass the cache?

use std::{fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

use tool_core::{
    CacheMode, CallContext, Effect, ErrorKind, Execution, Origin, ToolCall, ToolError, ToolExecutor, ToolResult,
    ToolSpec,
};

use crate::{
    CacheKey, Item, ToolResultCache,
    answer::{Answer, failure, loaded},
    engine::{Ask, Course, Look},
    entry::Shared,
    flight::{Kind, Orphan},
    results::wish,
    stats::count,
};

/// Answers calls from a cache, and asks the executor behind it at most once at a time for the same answer.
///
/// Only successes of tools that declare [`Effect::Pure`] or [`Effect::Reads`] are kept. A load runs in a task of its
/// own, without its first caller's deadline, and is finished though every caller left; each caller waits until its own.
/// Writes pass, and make stale what they declare, however they end; composites pass.
///
/// Cost of a hit: the key (one hash), one look-up, one reading of the clock unless the call says when it was received;
/// no allocation. Loads need a tokio runtime,
/// callers with deadlines its timers; without a runtime nothing is shared or kept.
pub struct CachedExecutor<E> {
    inner: Arc<E>,
    cache: Arc<ToolResultCache>,
}

impl<E> CachedExecutor<E> {
    /// Puts a cache before an executor.
    #[must_use]
    pub fn new(inner: E, cache: Arc<ToolResultCache>) -> Self {
        Self { inner: Arc::new(inner), cache }
    }

    /// Returns the cache.
    #[must_use]
    pub fn cache(&self) -> &Arc<ToolResultCache> {
        &self.cache
    }

    /// Returns the executor behind.
    #[must_use]
    pub fn inner(&self) -> &E {
        &self.inner
    }

    fn route(&self, call: &ToolCall) -> Route {
        if !self.cache.policy().enabled() {
            return Route::Pass;
        }
        match call.spec().effect() {
            Effect::Pure | Effect::Reads => match call.context().cache().mode {
                CacheMode::Bypass => Route::Pass,
                CacheMode::Refresh => Route::Load,
                _ => Route::Look,
            },
            Effect::Writes if !call.spec().invalidates().is_empty() => Route::Write,
            Effect::Writes | Effect::Composite => Route::Pass,
        }
    }
}

/// A load under way.
type Loading = Pin<Box<dyn Future<Output = Result<Item<Answer>, ToolError>> + Send>>;

/// Which way a call goes.
enum Route {
    Pass,
    Look,
    Load,
    Write,
}

impl<E: ToolExecutor + 'static> ToolExecutor for CachedExecutor<E> {
    async fn execute(&self, call: ToolCall) -> ToolResult {
        // What is boxed here is so because it is rare and large: a hit carries the room for it around.
        match self.route(&call) {
            Route::Look => {
                let key = self.cache.generate_key(&call);
                match self.cache.look(&call, &key) {
                    Look::Found(served) => self.cache.serve(&served),
                    Look::Due(served) => {
                        self.refresh(&call, key);
                        self.cache.serve(&served)
                    }
                    Look::Missing(spare) => Box::pin(self.load(call, key, Kind::Miss, spare)).await,
                }
            }
            Route::Load => {
                let key = self.cache.generate_key(&call);
                Box::pin(self.load(call, key, Kind::Refresh, None)).await
            }
            Route::Write => Box::pin(self.write(call)).await,
            Route::Pass => Box::pin(self.inner.execute(call)).await,
        }
    }
}

impl<E: ToolExecutor + 'static> CachedExecutor<E> {
    async fn load(&self, call: ToolCall, key: CacheKey, kind: Kind, spare: Option<Shared<Answer>>) -> ToolResult {
        let engine = self.cache.engine();
        let birth = self.cache.begin(&call);
        if call.context().cache().mode == CacheMode::OnlyIfCached {
            engine.counts.missed(&birth.group);
            return Err(not_cached(&call));
        }
        let ask = Ask {
            key,
            wish: wish(&call),
            kind,
            orphan: self.orphan(&call),
            is_nested: call.context().chain().any(|tool| tool == call.spec().name()),
            patience: self.patience(&call)?,
        };
        let spec = Arc::clone(call.spec());
        let course = engine.board(&ask, birth, || Some(self.loader(call.clone())));
        match course.map_err(|error| failure(error, &spec, Origin::Executed))? {
            Course::Found(served) => self.cache.serve(&served),
            Course::Wait(waiter, origin) => match engine.wait(&ask, waiter, origin, spare).await {
                Ok(served) => self.cache.serve(&served),
                Err(error) => Err(failure(error, &spec, origin)),
            },
            Course::Alone => self.inner.execute(call).await,
        }
    }

    /// Loads an answer for those who come later.
    #[cold]
    fn refresh(&self, call: &ToolCall, key: CacheKey) {
        if call.context().cache().mode == CacheMode::OnlyIfCached {
            return;
        }
        self.cache.engine().refresh(key, self.cache.begin(call), self.loader(call.clone()));
    }

    /// Returns what computes the answer to a call: under the tool's time limit, not the caller's.
    fn loader(&self, call: ToolCall) -> impl FnOnce() -> Loading + Send + 'static {
        let (cache, inner) = (Arc::clone(&self.cache), Arc::clone(&self.inner));
        move || {
            Box::pin(async move {
                let call = call.map_context(CallContext::without_deadline);
                let spec = Arc::clone(call.spec());
                let loaded = loaded(cache.policy(), &spec, inner.execute(call).await);
                if loaded.as_ref().is_ok_and(|item| matches!(item.value, Answer::NotFound(_))) {
                    count(&cache.engine().counts.load_errors);
                }
                loaded
            })
        }
    }

    /// Returns what becomes of a load that its callers left: nobody would be given an answer that is not kept.
    fn orphan(&self, call: &ToolCall) -> Orphan {
        if self.cache.policy().ttl_of(call.spec()).is_zero() { Orphan::Ends } else { Orphan::GoesOn }
    }

    async fn write(&self, call: ToolCall) -> ToolResult {
        #[cfg(planted)]
        if tool_core::planted::active(tool_core::planted::Bug::DroppedWriteForgets) {
            let result = self.inner.execute(call.clone()).await;
            self.cache.invalidate_for(call.spec());
            return result;
        }
        let _at_the_end = Invalidate { cache: &self.cache, spec: Arc::clone(call.spec()) };
        self.inner.execute(call).await
    }

    /// Returns how long the caller waits; forever if it does not say.
    fn patience(&self, call: &ToolCall) -> Result<Option<Duration>, ToolError> {
        let left = |deadline: std::time::Instant| deadline.saturating_duration_since(self.cache.engine().clock.now());
        let patience = call.context().deadline().map(left);
        if patience.is_some_and(|left| left.is_zero()) {
            let message = format!("the deadline was over before {} was asked", call.spec().name());
            return Err(ToolError::new(ErrorKind::TimedOut, message).with_execution(Execution::NotExecuted));
        }
        Ok(patience)
    }
}

impl<E> fmt::Debug for CachedExecutor<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedExecutor").field("cache", &self.cache).finish_non_exhaustive()
    }
}

/// Makes stale what a write declares when the write ends: well, badly or dropped.
struct Invalidate<'a> {
    cache: &'a ToolResultCache,
    spec: Arc<ToolSpec>,
}

impl Drop for Invalidate<'_> {
    fn drop(&mut self) {
        #[cfg(planted)]
        if tool_core::planted::active(tool_core::planted::Bug::WriteForgetsToInvalidate) {
            return;
        }
        self.cache.invalidate_for(&self.spec);
    }
}

fn not_cached(call: &ToolCall) -> ToolError {
    ToolError::new(ErrorKind::NotCached, format!("the cache has no answer of {} to this", call.spec().name()))
}
