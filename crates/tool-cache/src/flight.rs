//! Who is asking this right now?
//!
//! One load per key. A load runs in a task of its own, so no caller can take it down; whoever asks the same meanwhile
//! waits for its outcome. A load that is no longer in the table — invalidated, superseded — answers those who wait for
//! it, and is neither joined nor kept.

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{sync::watch, task, time};
use tool_core::{ErrorKind, Execution, ToolCall, ToolError, ToolResult};

use crate::{CacheKey, key::AsIs, lineage::Birth};

/// How many locks there are for all keys.
const SHARDS: usize = 16;

type Table = HashMap<CacheKey, Arc<Flight>, AsIs>;

/// The loads that run.
pub(crate) struct Flights {
    shards: [Mutex<Table>; SHARDS],
    running: AtomicUsize,
    most: usize,
}

/// One load.
#[derive(Debug)]
struct Flight {
    birth: Birth,
    /// The task that it runs in, once it runs.
    task: OnceLock<task::Id>,
    outcome: watch::Sender<Option<ToolResult>>,
}

/// How a call that found nothing goes on.
pub(crate) enum Boarding<T> {
    /// It was there after all.
    Found(T),
    /// Somebody loads it already.
    Join(Waiter),
    /// This call loads it, for all who come.
    Lead(Lead, Waiter),
    /// As many loads run detached as may.
    Full,
}

/// Whether a call may be answered by a load that began before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Join {
    Any,
    /// It wants an answer from after its own beginning.
    None,
}

impl Flights {
    pub(crate) fn new(most: usize) -> Self {
        Self { shards: Default::default(), running: AtomicUsize::new(0), most }
    }

    fn shard(&self, key: &CacheKey) -> MutexGuard<'_, Table> {
        // Bits that the table itself does not begin with.
        let shard = &self.shards[usize::from(key.as_bytes()[31]) % SHARDS];
        shard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Finds or registers the load of a key; `look` looks at the store again, which no load of this key changes now.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidParams`] if the load would wait for itself.
    pub(crate) fn board<T>(
        self: &Arc<Self>,
        key: CacheKey,
        call: &ToolCall,
        join: Join,
        look: impl FnOnce() -> Option<T>,
        birth: Birth,
    ) -> Result<Boarding<T>, ToolError> {
        let mut table = self.shard(&key);
        if let Some(flight) = table.get(&key).filter(|flight| flight.birth.is_live()) {
            flight.refuse_recursion(call)?;
            if join == Join::Any {
                return Ok(Boarding::Join(flight.waiter()));
            }
        }
        if let Some(found) = look() {
            return Ok(Boarding::Found(found));
        }
        if self.running.fetch_add(1, Ordering::Relaxed) >= self.most {
            self.running.fetch_sub(1, Ordering::Relaxed);
            return Ok(Boarding::Full);
        }
        let flight = Arc::new(Flight { birth, task: OnceLock::new(), outcome: watch::channel(None).0 });
        let waiter = flight.waiter();
        table.insert(key, Arc::clone(&flight));
        Ok(Boarding::Lead(Lead { flights: Arc::clone(self), key, flight }, waiter))
    }

    /// Strikes the load of a key off the table and changes the store before another can begin.
    pub(crate) fn supersede<T>(&self, key: &CacheKey, change: impl FnOnce() -> T) -> T {
        let mut table = self.shard(key);
        table.remove(key);
        change()
    }
}

impl fmt::Debug for Flights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flights").field("running", &self.running).finish_non_exhaustive()
    }
}

impl Flight {
    fn waiter(&self) -> Waiter {
        Waiter(self.outcome.subscribe())
    }

    /// Refuses a call that this load itself makes, directly or through the tools that it calls.
    fn refuse_recursion(&self, call: &ToolCall) -> Result<(), ToolError> {
        let name = call.spec().name();
        let same_task = self.task.get().is_some_and(|own| task::try_id() == Some(*own));
        if same_task || call.context().chain().any(|tool| tool == name) {
            let message = format!("{name} asks itself the same question: it would wait for its own answer");
            return Err(ToolError::new(ErrorKind::InvalidParams, message));
        }
        Ok(())
    }
}

/// The duty to end a load; dropped without [`land`](Self::land), it ends it with an error, so nobody waits for ever.
pub(crate) struct Lead {
    flights: Arc<Flights>,
    key: CacheKey,
    flight: Arc<Flight>,
}

/// Whether a load's answer is the newest there is for its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Current,
    Outdated,
}

impl Lead {
    /// Notes the task that the load runs in: the one that calls this.
    pub(crate) fn take_off(&self) {
        if let Some(id) = task::try_id() {
            // It is set once, here.
            let _ = self.flight.task.set(id);
        }
    }

    pub(crate) fn birth(&self) -> &Birth {
        &self.flight.birth
    }

    /// Ends the load: `publish` stores the answer while no other load of the key can begin, then all who wait get it.
    pub(crate) fn land(self, result: ToolResult, publish: impl FnOnce(Standing, CacheKey, &ToolResult)) {
        self.end(result, publish);
    }

    fn end(&self, result: ToolResult, publish: impl FnOnce(Standing, CacheKey, &ToolResult)) {
        let mut table = self.flights.shard(&self.key);
        let registered = table.get(&self.key).is_some_and(|flight| Arc::ptr_eq(flight, &self.flight));
        if registered {
            table.remove(&self.key);
        }
        let current = registered && self.flight.birth.is_live();
        publish(if current { Standing::Current } else { Standing::Outdated }, self.key, &result);
        drop(table);
        self.flight.outcome.send_replace(Some(result));
    }
}

impl Drop for Lead {
    fn drop(&mut self) {
        self.flights.running.fetch_sub(1, Ordering::Relaxed);
        if self.flight.outcome.borrow().is_none() {
            let (kind, how) = match std::thread::panicking() {
                true => (ErrorKind::Panicked, "panicked"),
                false => (ErrorKind::Cancelled, "was stopped"),
            };
            let error = ToolError::new(kind, format!("the load of {} {how}", self.flight.birth.lineage.tool));
            self.end(Err(error), |_, _, _| {});
        }
    }
}

/// Waits for the outcome of a load.
pub(crate) struct Waiter(watch::Receiver<Option<ToolResult>>);

impl Waiter {
    /// Waits until the load ends or, if there is one, the time is over.
    pub(crate) async fn wait(self, call: &ToolCall, patience: Option<Duration>) -> ToolResult {
        match patience {
            None => self.outcome().await,
            Some(time) => time::timeout(time, self.outcome()).await.unwrap_or_else(|_| Err(timed_out(call))),
        }
    }

    async fn outcome(mut self) -> ToolResult {
        let outcome = self.0.wait_for(Option::is_some).await.ok().and_then(|outcome| outcome.clone());
        outcome.unwrap_or_else(|| Err(ToolError::new(ErrorKind::Cancelled, "the load was stopped")))
    }
}

fn timed_out(call: &ToolCall) -> ToolError {
    let message = format!("{} did not answer before the caller's deadline", call.spec().name());
    ToolError::new(ErrorKind::TimedOut, message).with_execution(Execution::Unknown)
}
