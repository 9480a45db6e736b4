//! Who is asking this right now?
//!
//! One load per key. A load runs in a task of its own, so no caller can take it down; whoever asks the same meanwhile
//! waits for its outcome. A load that is no longer in the table — invalidated, superseded — answers those who wait for
//! it, and is neither joined nor kept.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, OnceLock, PoisonError, atomic::Ordering},
};

use tokio::sync::Notify;

use crate::{
    CacheKey,
    group::Birth,
    key::AsIs,
    stats::{SharedCounts, count},
    sync::{AbortHandle, AtomicBool, AtomicUsize, Mutex, MutexGuard},
    waits::{Cycle, Edge, TaskCell, Waits},
};

type Table<T> = HashMap<CacheKey, Arc<Flight<T>>, AsIs>;

/// The loads that run, a table and a lock for each shard of the store.
pub(crate) struct Flights<T> {
    shards: Box<[Mutex<Table<T>>]>,
    running: AtomicUsize,
    orphans: AtomicUsize,
    bounds: FlightBounds,
    waits: Waits,
    counts: SharedCounts,
}

/// How many loads there may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FlightBounds {
    /// That run at all.
    pub(crate) running: usize,
    /// That go on though nobody waits for them any more.
    pub(crate) orphans: usize,
}

/// One load.
#[derive(Debug)]
pub(crate) struct Flight<T> {
    plan: Plan,
    birth: Birth,
    task: TaskCell,
    abort: OnceLock<AbortHandle>,
    waiters: AtomicUsize,
    is_orphan: AtomicBool,
    /// Changes, as the fields above do, under the lock of the table; the outcome comes after it.
    has_landed: AtomicBool,
    outcome: OnceLock<Result<T, Lost>>,
    /// Wakes who waits, in the order of arrival: what happens next is the same every time.
    is_over: Notify,
}

/// How a load ended that has no outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lost {
    Panicked,
    Stopped,
}

/// What is to be loaded, what for, and what becomes of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) place: Place,
    pub(crate) kind: Kind,
    pub(crate) orphan: Orphan,
    /// Whether who asks is, as far as its call says, part of such a load.
    pub(crate) is_nested: bool,
}

/// A key and its shard.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) key: CacheKey,
    pub(crate) shard: usize,
}

/// What a load is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// For a call that found nothing.
    Miss,
    /// For a call that wants a new answer.
    Refresh,
    /// For those who come later.
    Background,
}

/// What becomes of a load that its callers left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Orphan {
    /// It goes on, if not too many do: its answer will be asked for again.
    GoesOn,
    /// It ends: nobody would be given its answer.
    Ends,
}

/// How a call that found nothing goes on.
pub(crate) enum Boarding<T, F> {
    /// It was there after all.
    Found(F),
    /// Somebody loads it already.
    Join(Waiter<T>),
    /// This call loads it, for all who come.
    Lead(Lead<T>, Waiter<T>),
    /// As many loads run detached as may.
    Full,
}

impl<T> Flights<T> {
    pub(crate) fn new(shards: usize, bounds: FlightBounds, counts: SharedCounts) -> Self {
        Self {
            shards: (0..shards).map(|_| Mutex::default()).collect(),
            running: AtomicUsize::new(0),
            orphans: AtomicUsize::new(0),
            bounds,
            waits: Waits::default(),
            counts,
        }
    }

    fn lock(&self, shard: usize) -> MutexGuard<'_, Table<T>> {
        self.shards[shard].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Finds or registers the load of a key; `look` looks at the store again, which no load of this key changes now.
    ///
    /// # Errors
    ///
    /// [`Cycle`] if the load would wait for itself.
    pub(crate) fn board<F>(
        self: &Arc<Self>,
        plan: Plan,
        birth: Birth,
        look: impl FnOnce() -> Option<F>,
    ) -> Result<Boarding<T, F>, Cycle> {
        let mut table = self.lock(plan.place.shard);
        #[cfg(planted)]
        if let Some(flight) = table.get(&plan.place.key).filter(|flight| flight.is_joined_by_mistake(plan.kind)) {
            return self.wait_for(flight).map(Boarding::Join);
        }
        if let Some(flight) = table.get(&plan.place.key).filter(|flight| flight.birth.is_live()) {
            if plan.is_nested {
                return Err(Cycle);
            }
            // A refresh joins another, and no load that an ordinary call began before it.
            if plan.kind != Kind::Refresh || flight.plan.kind == Kind::Refresh {
                return self.wait_for(flight).map(Boarding::Join);
            }
            // It does not wait for this load, but a load that refreshes itself would do so for ever.
            self.waits.enter(&flight.task)?.inspect(|edge| self.waits.leave(edge));
        }
        if let Some(found) = look() {
            return Ok(Boarding::Found(found));
        }
        let Some(flight) = self.register(&mut table, plan, birth) else { return Ok(Boarding::Full) };
        let waiter = self.wait_for(&flight)?;
        Ok(Boarding::Lead(Lead { flights: Arc::clone(self), flight }, waiter))
    }

    /// Registers a load that nobody waits for; `None` if the key is being loaded already, or too much is.
    pub(crate) fn begin(self: &Arc<Self>, place: Place, birth: Birth) -> Option<Lead<T>> {
        let mut table = self.lock(place.shard);
        if table.get(&place.key).is_some_and(|flight| flight.birth.is_live()) {
            return None;
        }
        let plan = Plan { place, kind: Kind::Background, orphan: Orphan::GoesOn, is_nested: false };
        let flight = self.register(&mut table, plan, birth)?;
        Some(Lead { flights: Arc::clone(self), flight })
    }

    fn register(&self, table: &mut Table<T>, plan: Plan, birth: Birth) -> Option<Arc<Flight<T>>> {
        if self.running.fetch_add(1, Ordering::Relaxed) >= self.bounds.running {
            self.running.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        let flight = Arc::new(Flight::new(plan, birth));
        table.insert(plan.place.key, Arc::clone(&flight));
        Some(flight)
    }

    fn wait_for(self: &Arc<Self>, flight: &Arc<Flight<T>>) -> Result<Waiter<T>, Cycle> {
        let edge = self.waits.enter(&flight.task)?;
        flight.waiters.fetch_add(1, Ordering::Relaxed);
        self.adopted(flight);
        Ok(Waiter { flights: Arc::clone(self), flight: Arc::clone(flight), edge })
    }

    /// Notes that a load is no orphan, any more or at its end.
    fn adopted(&self, flight: &Flight<T>) {
        if flight.is_orphan.swap(false, Ordering::Relaxed) {
            self.orphans.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Strikes the load of a key off the table and changes the store before another can begin.
    pub(crate) fn supersede<R>(&self, place: Place, change: impl FnOnce() -> R) -> R {
        let mut table = self.lock(place.shard);
        let struck = table.remove(&place.key);
        let changed = change();
        drop(table);
        drop(struck);
        changed
    }

    /// Notes that a waiter left before the outcome; ends the load with its last one, unless it may go on.
    fn left(&self, flight: &Arc<Flight<T>>) {
        #[cfg(planted)]
        if let Some(task) =
            flight.abort.get().filter(|_| tool_core::planted::active(tool_core::planted::Bug::LoadDiesWithCaller))
        {
            return task.abort();
        }
        let mut table = self.lock(flight.plan.place.shard);
        let is_last = flight.waiters.fetch_sub(1, Ordering::Relaxed) == 1;
        if !is_last || flight.has_landed.load(Ordering::Relaxed) || flight.plan.kind == Kind::Background {
            return;
        }
        let has_room = self.orphans.load(Ordering::Relaxed) < self.bounds.orphans;
        // An answer that an invalidation struck would be given to nobody.
        if has_room && flight.plan.orphan == Orphan::GoesOn && flight.birth.is_live() {
            flight.is_orphan.store(true, Ordering::Relaxed);
            self.orphans.fetch_add(1, Ordering::Relaxed);
            count(&self.counts.orphaned);
            return;
        }
        strike(&mut table, flight);
        drop(table);
        count(&self.counts.aborted);
        if let Some(task) = flight.abort.get() {
            task.abort();
        }
    }
}

impl<T> fmt::Debug for Flights<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flights").field("running", &self.running).finish_non_exhaustive()
    }
}

/// Strikes a load off the table, if it is the one of its key there; returns whether it was.
fn strike<T>(table: &mut Table<T>, flight: &Arc<Flight<T>>) -> bool {
    let key = &flight.plan.place.key;
    table.get(key).is_some_and(|held| Arc::ptr_eq(held, flight)) && table.remove(key).is_some()
}

#[cfg(planted)]
impl<T> Flight<T> {
    /// Returns whether a defect lets a call join that must not.
    fn is_joined_by_mistake(&self, kind: Kind) -> bool {
        use tool_core::planted::{Bug, active};
        active(Bug::StaleJoined) && !self.birth.is_live() || active(Bug::RefreshJoins) && kind == Kind::Refresh
    }
}

impl<T> Flight<T> {
    fn new(plan: Plan, birth: Birth) -> Self {
        Self {
            plan,
            birth,
            task: TaskCell::default(),
            abort: OnceLock::new(),
            waiters: AtomicUsize::new(0),
            is_orphan: AtomicBool::new(false),
            has_landed: AtomicBool::new(false),
            outcome: OnceLock::new(),
            is_over: Notify::new(),
        }
    }

    /// Notes how the load is ended from outside.
    pub(crate) fn aborted_by(&self, task: AbortHandle) {
        // It is set once, by who spawns the task.
        let _ = self.abort.set(task);
    }
}

/// The duty to end a load; dropped without [`land`](Self::land), it ends it as lost, so nobody waits for ever.
pub(crate) struct Lead<T> {
    flights: Arc<Flights<T>>,
    flight: Arc<Flight<T>>,
}

/// Whether a load's answer is the newest there is for its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Current,
    Outdated,
}

impl<T> Lead<T> {
    /// Notes that the load runs in the task which calls this.
    pub(crate) fn take_off(&self) {
        self.flights.waits.begin(&self.flight.task);
    }

    pub(crate) fn flight(&self) -> &Arc<Flight<T>> {
        &self.flight
    }

    pub(crate) fn birth(&self) -> &Birth {
        &self.flight.birth
    }

    pub(crate) fn key(&self) -> CacheKey {
        self.flight.plan.place.key
    }

    /// Ends the load: `publish` stores the answer while no other load of the key can begin, then all who wait get it.
    pub(crate) fn land<R>(self, outcome: T, publish: impl FnOnce(Standing) -> R) -> R {
        self.end(Ok(outcome), publish)
    }

    fn end<R>(&self, outcome: Result<T, Lost>, publish: impl FnOnce(Standing) -> R) -> R {
        let mut table = self.flights.lock(self.flight.plan.place.shard);
        // First: what is published is seen before this ends, and who leaves from now on leaves no orphan.
        self.flight.has_landed.store(true, Ordering::Relaxed);
        self.flights.adopted(&self.flight);
        let is_current = strike(&mut table, &self.flight) && self.flight.birth.is_live();
        #[cfg(planted)]
        let is_current = is_current || tool_core::planted::active(tool_core::planted::Bug::StalePublished);
        let published = publish(if is_current { Standing::Current } else { Standing::Outdated });
        drop(table);
        self.flights.waits.end(&self.flight.task);
        // Before who waits can know: his next load is to find the place.
        self.flights.running.fetch_sub(1, Ordering::Relaxed);
        // It is set once, by whoever ends the load.
        let _ = self.flight.outcome.set(outcome);
        #[cfg(planted)]
        if tool_core::planted::active(tool_core::planted::Bug::LeaderDiesSilently) {
            return published;
        }
        self.flight.is_over.notify_waiters();
        published
    }
}

impl<T> Drop for Lead<T> {
    fn drop(&mut self) {
        if self.flight.outcome.get().is_none() {
            self.end(Err(if std::thread::panicking() { Lost::Panicked } else { Lost::Stopped }), |_| ());
        }
    }
}

/// Waits for the outcome of a load.
pub(crate) struct Waiter<T> {
    flights: Arc<Flights<T>>,
    flight: Arc<Flight<T>>,
    edge: Option<Edge>,
}

impl<T: Clone> Waiter<T> {
    /// Waits until the load ends.
    pub(crate) async fn outcome(self) -> Result<T, Lost> {
        // Listening begins before looking, or the end could go unheard in between.
        let is_over = self.flight.is_over.notified();
        if self.flight.outcome.get().is_none() {
            is_over.await;
        }
        self.flight.outcome.get().cloned().unwrap_or(Err(Lost::Stopped))
    }
}

impl<T> Drop for Waiter<T> {
    fn drop(&mut self) {
        if let Some(edge) = &self.edge {
            self.flights.waits.leave(edge);
        }
        if self.flight.outcome.get().is_none() {
            self.flights.left(&self.flight);
        }
    }
}
