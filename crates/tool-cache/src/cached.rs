//! How does one call pass the cache?

use std::{
    fmt,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use tokio::runtime::Handle;
use tool_core::{
    CacheMode, Effect, ErrorKind, Execution, Origin, ToolCall, ToolError, ToolExecutor, ToolOutput, ToolResult,
    ToolSpec,
};

use crate::{
    CacheKey, ToolResultCache,
    flight::{Boarding, Join, Lead},
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
                match self.cache.find(&call, &key) {
                    Some(output) => Ok(output),
                    None => Box::pin(self.load(call, key, Join::Any)).await,
                }
            }
            Route::Load => {
                let key = self.cache.generate_key(&call);
                Box::pin(self.load(call, key, Join::None)).await
            }
            Route::Write => Box::pin(self.write(call)).await,
            Route::Pass => Box::pin(self.inner.execute(call)).await,
        }
    }
}

impl<E: ToolExecutor + 'static> CachedExecutor<E> {
    async fn load(&self, call: ToolCall, key: CacheKey, join: Join) -> ToolResult {
        if call.context().cache().mode == CacheMode::OnlyIfCached {
            self.cache.begin(call.spec()).lineage.tally.misses.fetch_add(1, Relaxed);
            return Err(not_cached(&call));
        }
        let patience = self.patience(&call)?;
        let birth = self.cache.begin(call.spec());
        let lineage = Arc::clone(&birth.lineage);
        let look = || (join == Join::Any).then(|| self.cache.find(&call, &key)).flatten();
        let boarding = match Handle::try_current() {
            Ok(_) => self.cache.flights().board(key, &call, join, look, birth)?,
            Err(_) => Boarding::Full,
        };
        if join == Join::Any && !matches!(boarding, Boarding::Found(_)) {
            lineage.tally.misses.fetch_add(1, Relaxed);
        }
        match boarding {
            Boarding::Found(output) => Ok(output),
            Boarding::Join(waiter) => {
                lineage.tally.shared.fetch_add(1, Relaxed);
                shared(waiter.wait(&call, patience).await)
            }
            Boarding::Lead(lead, waiter) => {
                self.take_off(lead, call.clone());
                waiter.wait(&call, patience).await
            }
            Boarding::Full => {
                self.cache.causes().unshared.fetch_add(1, Relaxed);
                self.inner.execute(call).await
            }
        }
    }

    /// Starts a load in a task of its own.
    fn take_off(&self, lead: Lead, call: ToolCall) {
        let (cache, inner) = (Arc::clone(&self.cache), Arc::clone(&self.inner));
        let context = call.context().clone().without_deadline();
        let spec = Arc::clone(call.spec());
        // Detached: the load ends by itself, and `lead` says so however it does.
        drop(tokio::spawn(async move {
            lead.take_off();
            let tally = &lead.birth().lineage.tally;
            tally.loads.fetch_add(1, Relaxed);
            let result = inner.execute(call.with_context(context)).await;
            tally.load_errors.fetch_add(u64::from(result.is_err()), Relaxed);
            cache.land(lead, &spec, result);
        }));
    }

    async fn write(&self, call: ToolCall) -> ToolResult {
        let _at_the_end = Invalidate { cache: &self.cache, spec: Arc::clone(call.spec()) };
        self.inner.execute(call).await
    }

    /// Returns how long the caller waits; forever if it does not say.
    fn patience(&self, call: &ToolCall) -> Result<Option<Duration>, ToolError> {
        let left = |deadline: std::time::Instant| deadline.saturating_duration_since(self.cache.clock().now());
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
        self.cache.invalidate_for(&self.spec);
    }
}

fn not_cached(call: &ToolCall) -> ToolError {
    ToolError::new(ErrorKind::NotCached, format!("the cache has no answer of {} to this", call.spec().name()))
}

/// Says of an outcome that it was computed for another call.
fn shared(result: ToolResult) -> ToolResult {
    match result {
        Ok(ToolOutput { payload, report, .. }) => {
            Ok(ToolOutput::new(payload).with_report(report.served(Origin::Shared, report.age)))
        }
        Err(error) => {
            let report = error.report().served(Origin::Shared, Duration::ZERO);
            Err(error.with_report(report))
        }
    }
}
