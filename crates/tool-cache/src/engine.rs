//! How do store, flights, time and invalidation work together?

use std::{
    fmt,
    future::Future,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::{Duration, Instant},
};

use tokio::time;
use tool_core::{Clock, Origin, SystemClock};

use crate::{
    CacheKey, CachePolicy, LoadError, Rejection,
    entry::{Entry, Shared},
    eviction::Victims,
    flight::{Boarding, FlightBounds, Flights, Kind, Lead, Lost, Orphan, Place, Plan, Standing, Waiter},
    freshness::{Span, Verdict, Windows, Wish, jittered},
    group::{Birth, Groups},
    item::{Item, Ttl},
    moment::Moment,
    stats::{Counts, Service, SharedCounts, count},
    store::Store,
    sync::{AtomicUsize, Handle},
};

/// What a load comes to, for all who wait for it.
pub(crate) type Outcome<V, E> = Result<Shared<V>, LoadError<E>>;

/// All of a cache but the names of its keys.
pub(crate) struct Engine<V, E> {
    pub(crate) policy: CachePolicy,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) counts: SharedCounts,
    pub(crate) groups: Groups,
    pub(crate) store: Store<V>,
    base: Instant,
    windows: Windows,
    flights: Arc<Flights<Outcome<V, E>>>,
    refreshing: AtomicUsize,
    /// Whether an older value is better than this failure.
    pub(crate) is_passing: fn(&E) -> bool,
}

/// What a look-up found.
pub(crate) enum Look<V> {
    /// An answer.
    Found(Served<V>),
    /// An answer that is to be replaced meanwhile.
    Due(Served<V>),
    /// None, but perhaps one that is better than an error.
    Missing(Option<Shared<V>>),
}

/// An answer on its way to a caller.
#[derive(Debug)]
pub(crate) struct Served<V> {
    pub(crate) entry: Shared<V>,
    pub(crate) origin: Origin,
    pub(crate) now: Moment,
}

/// What a caller asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask {
    pub(crate) key: CacheKey,
    pub(crate) wish: Wish,
    pub(crate) kind: Kind,
    pub(crate) orphan: Orphan,
    /// Whether the call is made, by whatever way, by the tool that it asks.
    pub(crate) is_nested: bool,
    /// How long the caller waits; for ever if it does not say.
    pub(crate) patience: Option<Duration>,
}

/// How a call goes on that found nothing.
pub(crate) enum Course<V, E> {
    Found(Served<V>),
    /// Wait; the load was begun by this call or by another.
    Wait(Waiter<Outcome<V, E>>, Origin),
    /// Load for this call alone.
    Alone,
}

impl<V, E> Engine<V, E>
where
    V: Send + Sync + 'static,
    E: Clone + Send + Sync + 'static,
{
    pub(crate) fn new(policy: CachePolicy) -> Self {
        let counts = Arc::new(Counts::default());
        let store = Store::new(&policy, &counts);
        let bounds = FlightBounds { running: policy.max_flights(), orphans: policy.max_orphans() };
        let flights = Arc::new(Flights::new(store.shards(), bounds, Arc::clone(&counts)));
        let clock = Arc::new(SystemClock::new());
        let (base, windows) = (clock.now(), policy.windows());
        let (groups, refreshing) = (Groups::default(), AtomicUsize::new(0));
        Self { policy, clock, counts, groups, store, base, windows, flights, refreshing, is_passing: |_| true }
    }

    /// Sets the clock; nothing is held yet.
    pub(crate) fn set_clock(&mut self, clock: Arc<dyn Clock>) {
        self.base = clock.now();
        self.clock = clock;
    }

    pub(crate) fn now(&self) -> Moment {
        self.moment(self.clock.now())
    }

    pub(crate) fn moment(&self, at: Instant) -> Moment {
        Moment::at(at, self.base)
    }

    pub(crate) fn place(&self, key: CacheKey) -> Place {
        Place { key, shard: self.store.shard_of(&key) }
    }

    /// Looks for an answer; counts what is found, and not what is not.
    #[inline]
    pub(crate) fn look(&self, key: &CacheKey, wish: Wish, now: impl FnOnce() -> Moment) -> Look<V> {
        let Some(entry) = self.store.get(key) else { return Look::Missing(None) };
        // Read after the look-up, where it is read at all: a younger entry than its reader has the age zero.
        let now = now();
        if !self.groups.allow(&entry.birth) {
            self.store.discard(key, &entry);
            return Look::Missing(None);
        }
        match entry.span.judge(now, wish, &self.windows, entry.cost, key.third()) {
            Verdict::Fresh => Look::Found(self.serve(entry, Origin::Hit, now)),
            Verdict::FreshAndDue => Look::Due(self.serve(entry, Origin::Hit, now)),
            Verdict::Stale => Look::Found(self.serve(entry, Origin::Stale, now)),
            Verdict::StaleAndDue => Look::Due(self.serve(entry, Origin::Stale, now)),
            Verdict::Spare => Look::Missing(Some(entry)),
            Verdict::Unwanted => Look::Missing(None),
            Verdict::Over => {
                self.store.discard(key, &entry);
                Look::Missing(None)
            }
        }
    }

    #[inline]
    fn serve(&self, entry: Shared<V>, origin: Origin, now: Moment) -> Served<V> {
        #[cfg(planted)]
        if tool_core::planted::active(tool_core::planted::Bug::HitCountedTwice) {
            self.counts.served(&entry, Service::Fresh);
        }
        self.counts.served(&entry, if origin == Origin::Stale { Service::Stale } else { Service::Fresh });
        Served { entry, origin, now }
    }

    /// Returns whether there is an answer that would be served; counts and changes nothing.
    pub(crate) fn contains(&self, key: &CacheKey) -> bool {
        self.store.peek(key).is_some_and(|entry| entry.span.is_fresh(self.now()) && entry.birth.is_live())
    }

    /// Joins the load of a key or begins it with `load`, which then runs in a task of its own.
    ///
    /// `load` is taken only if this call begins it.
    pub(crate) fn board<F, L>(
        self: &Arc<Self>,
        ask: &Ask,
        birth: Birth,
        load: impl FnOnce() -> Option<F>,
    ) -> Result<Course<V, E>, LoadError<E>>
    where
        F: FnOnce() -> L + Send + 'static,
        L: Future<Output = Result<Item<V>, E>> + Send + 'static,
    {
        #[cfg(planted)]
        if tool_core::planted::active(tool_core::planted::Bug::EachLoadsAlone) {
            return Ok(Course::Alone);
        }
        let Ok(runtime) = Handle::try_current() else {
            count(&self.counts.unshared);
            self.counts.missed(&birth.group);
            return Ok(Course::Alone);
        };
        // Only who may be answered by what is found looks: a look that finds counts as a hit.
        let found = |look| match look {
            Look::Found(served) | Look::Due(served) => Some(served),
            Look::Missing(_) => None,
        };
        let looks = ask.kind == Kind::Miss;
        let again = || looks.then(|| self.look(&ask.key, ask.wish, || self.now())).and_then(found);
        let group = Arc::clone(&birth.group);
        let Ask { kind, orphan, is_nested, .. } = *ask;
        let plan = Plan { place: self.place(ask.key), kind, orphan, is_nested };
        let boarding = self.flights.board(plan, birth, again).map_err(|_| LoadError::Recursion)?;
        if ask.kind == Kind::Miss && !matches!(boarding, Boarding::Found(_)) {
            self.counts.missed(&group);
        }
        match boarding {
            Boarding::Found(served) => Ok(Course::Found(served)),
            Boarding::Join(waiter) => {
                count(&self.counts.shared);
                count(&group.tally.shared);
                Ok(Course::Wait(waiter, Origin::Shared))
            }
            Boarding::Lead(lead, waiter) => {
                if let Some(load) = load() {
                    self.take_off(&runtime, lead, load);
                }
                Ok(Course::Wait(waiter, Origin::Executed))
            }
            Boarding::Full => {
                count(&self.counts.unshared);
                Ok(Course::Alone)
            }
        }
    }

    /// Waits for a load as long as the caller has patience; where it fails, `spare` answers in its place.
    pub(crate) async fn wait(
        &self,
        ask: &Ask,
        waiter: Waiter<Outcome<V, E>>,
        origin: Origin,
        spare: Option<Shared<V>>,
    ) -> Result<Served<V>, LoadError<E>> {
        #[cfg(planted)]
        let ask = &Ask {
            patience: ask.patience.filter(|_| !tool_core::planted::active(tool_core::planted::Bug::WaiterNeverGivesUp)),
            ..*ask
        };
        let outcome = match ask.patience {
            None => waiter.outcome().await,
            Some(time) => match time::timeout(time, waiter.outcome()).await {
                Ok(outcome) => outcome,
                Err(_) => return Err(LoadError::TimedOut),
            },
        };
        let error = match outcome.unwrap_or_else(|lost| Err(lost.into())) {
            Ok(entry) => return Ok(Served { entry, origin, now: self.now() }),
            Err(error) => error,
        };
        let now = self.now();
        match spare.filter(|spare| self.excuses(&error) && spare.is_good(now)) {
            Some(spare) => Ok(self.serve(spare, Origin::Stale, now)),
            None => Err(error),
        }
    }

    /// Returns whether an older value is better than this failure.
    fn excuses(&self, error: &LoadError<E>) -> bool {
        match error {
            LoadError::Failed(error) => (self.is_passing)(error),
            LoadError::Panicked | LoadError::Stopped | LoadError::TimedOut => true,
            LoadError::Recursion => false,
        }
    }

    /// Begins a load that nobody waits for, unless the key is being loaded or as many run as may.
    pub(crate) fn refresh<F, L>(self: &Arc<Self>, key: CacheKey, birth: Birth, load: F)
    where
        F: FnOnce() -> L + Send + 'static,
        L: Future<Output = Result<Item<V>, E>> + Send + 'static,
    {
        let Ok(runtime) = Handle::try_current() else { return };
        let Some(place) = Refreshing::take(self) else {
            count(&self.counts.refreshes_put_off);
            return;
        };
        let Some(lead) = self.flights.begin(self.place(key), birth) else { return };
        count(&self.counts.refreshes);
        self.take_off(&runtime, lead, move || {
            let load = load();
            async move {
                let _place = place;
                load.await
            }
        });
    }

    /// Runs a load in a task of its own.
    fn take_off<F, L>(self: &Arc<Self>, runtime: &Handle, lead: Lead<Outcome<V, E>>, load: F)
    where
        F: FnOnce() -> L + Send + 'static,
        L: Future<Output = Result<Item<V>, E>> + Send + 'static,
    {
        let engine = Arc::clone(self);
        let flight = Arc::clone(lead.flight());
        let task = runtime.spawn(async move {
            lead.take_off();
            count(&engine.counts.loads);
            let began = engine.now();
            let result = engine.timed(load()).await;
            engine.land(lead, began, result);
        });
        flight.aborted_by(task.abort_handle());
    }

    /// Waits for a load as long as the policy allows.
    async fn timed(&self, load: impl Future<Output = Result<Item<V>, E>>) -> Result<Item<V>, LoadError<E>> {
        match self.policy.load_timeout() {
            None => load.await.map_err(LoadError::Failed),
            Some(most) => match time::timeout(most, load).await {
                Ok(result) => result.map_err(LoadError::Failed),
                Err(_) => Err(LoadError::TimedOut),
            },
        }
    }

    fn land(&self, lead: Lead<Outcome<V, E>>, began: Moment, result: Result<Item<V>, LoadError<E>>) {
        let now = self.now();
        let key = lead.key();
        match result {
            Ok(item) => {
                let birth = lead.birth().clone();
                #[cfg(planted)]
                let birth = if tool_core::planted::active(tool_core::planted::Bug::StalePublished) {
                    self.groups.reborn(birth)
                } else {
                    birth
                };
                let (entry, fit) = self.entry(&key, item, birth, now, now.since(began));
                let outcome = Ok(Arc::clone(&entry));
                drop(lead.land(outcome, |standing| match standing {
                    Standing::Current => self.keep(&key, &entry, fit).1,
                    Standing::Outdated => {
                        self.counts.reject(Rejection::Outdated);
                        Victims::default()
                    }
                }));
            }
            Err(error) => {
                count(&self.counts.load_errors);
                let is_excused = self.excuses(&error);
                drop(lead.land(Err(error), |standing| self.fail(&key, is_excused, standing, now)));
            }
        }
    }

    /// Ends a failed load: what is held stays and is left alone for a while, or goes if the failure says how things are.
    fn fail(&self, key: &CacheKey, is_excused: bool, standing: Standing, now: Moment) -> Victims<V> {
        let mut dead = Victims::default();
        if standing == Standing::Outdated {
            return dead;
        }
        match self.store.peek(key) {
            Some(held) if is_excused => held.span.retry_after(now.plus(self.policy.retry_interval())),
            Some(_) => self.store.replace(key, &mut dead),
            None => {}
        }
        dead
    }

    /// Makes an entry of an item, and says why it cannot be kept.
    fn entry(
        &self,
        key: &CacheKey,
        item: Item<V>,
        birth: Birth,
        now: Moment,
        took: Duration,
    ) -> (Shared<V>, Result<(), Rejection>) {
        let ttl = match item.ttl {
            Ttl::Default => jittered(self.policy.default_ttl(), self.policy.jitter(), key.third()),
            Ttl::Rule(ttl) => jittered(ttl, self.policy.jitter(), key.third()),
            Ttl::Exact(ttl) => ttl,
        };
        let span = Span::new(now, item.age, ttl.min(CachePolicy::MAX_TTL), &self.windows);
        let fit = match (item.unfit, &span) {
            (Some(reason), _) => Err(reason),
            (None, None) => Err(Rejection::NoLifetime),
            (None, Some(_)) => Ok(()),
        };
        let span = span.unwrap_or_else(|| Span::resumed(now, item.age, Duration::ZERO, Duration::ZERO));
        let birth = match item.tags.is_empty() {
            true => birth,
            false => birth.regrouped(self.groups.of_tags(item.tags)),
        };
        let cost = item.cost.unwrap_or(took);
        (Arc::new(self.appraised(item.value, item.bytes, birth, span, cost)), fit)
    }

    fn appraised(&self, value: V, bytes: u64, birth: Birth, span: Span, cost: Duration) -> Entry<V> {
        let mut entry = Entry::new(value, bytes, birth, span, cost);
        entry.credit = self.store.appraise(cost, bytes);
        entry
    }

    /// Returns an item as it is handed out, and not kept.
    pub(crate) fn unkept(&self, key: &CacheKey, item: Item<V>, birth: Birth, now: Moment) -> Shared<V> {
        self.entry(key, item, birth, now, Duration::ZERO).0
    }

    /// Keeps an entry if it is fit and not outdated; called under the lock of the key's shard. What leaves is to be
    /// freed after it.
    fn keep(
        &self,
        key: &CacheKey,
        entry: &Shared<V>,
        fit: Result<(), Rejection>,
    ) -> (Result<(), Rejection>, Victims<V>) {
        let mut dead = Victims::default();
        let fit = fit.and_then(|()| if entry.birth.is_live() { Ok(()) } else { Err(Rejection::Outdated) });
        let kept = match fit {
            Ok(()) => self.store.insert(*key, entry, &mut dead),
            Err(reason) => {
                // A whole answer that is not to be kept is newer than the one that is.
                if reason == Rejection::NoLifetime {
                    self.store.replace(key, &mut dead);
                }
                Err(reason)
            }
        };
        (kept.inspect_err(|reason| self.counts.reject(*reason)), dead)
    }

    /// Keeps an item in place of what was there.
    pub(crate) fn insert(&self, key: &CacheKey, item: Item<V>, birth: Birth) -> Result<(), Rejection> {
        let (entry, fit) = self.entry(key, item, birth, self.now(), Duration::ZERO);
        // A load that began before is older than what is set now.
        let (kept, dead) = self.flights.supersede(self.place(*key), || self.keep(key, &entry, fit));
        drop(dead);
        kept
    }

    /// Takes over an entry of a former process.
    pub(crate) fn resume(
        &self,
        key: &CacheKey,
        value: V,
        bytes: u64,
        birth: Birth,
        span: Span,
        cost: Duration,
    ) -> bool {
        let entry = Arc::new(self.appraised(value, bytes, birth, span, cost));
        let (kept, dead) = self.flights.supersede(self.place(*key), || self.keep(key, &entry, Ok(())));
        drop(dead);
        kept.is_ok()
    }

    /// Removes what is under a key; a load of it that runs is not kept. Returns whether there was anything.
    pub(crate) fn invalidate_key(&self, key: &CacheKey) -> bool {
        self.flights.supersede(self.place(*key), || self.store.remove(key)).is_some()
    }

    /// Removes everything; what loads that run compute is not kept.
    pub(crate) fn clear(&self) {
        self.groups.invalidate_all();
        self.store.clear();
    }

    /// Removes what would not be served; returns how many.
    pub(crate) fn sweep(&self) -> usize {
        let now = self.now();
        let entries = self.store.entries();
        entries.iter().filter(|(key, entry)| !entry.is_good(now) && self.store.discard(key, entry)).count()
    }
}

/// A background load's place among those that may run.
struct Refreshing<V, E>(Arc<Engine<V, E>>);

impl<V, E> Refreshing<V, E> {
    fn take(engine: &Arc<Engine<V, E>>) -> Option<Self> {
        if engine.refreshing.fetch_add(1, Relaxed) >= engine.policy.max_refreshes() {
            engine.refreshing.fetch_sub(1, Relaxed);
            return None;
        }
        Some(Self(Arc::clone(engine)))
    }
}

impl<V, E> Drop for Refreshing<V, E> {
    fn drop(&mut self) {
        self.0.refreshing.fetch_sub(1, Relaxed);
    }
}

impl<E> From<Lost> for LoadError<E> {
    fn from(lost: Lost) -> Self {
        match lost {
            Lost::Panicked => Self::Panicked,
            Lost::Stopped => Self::Stopped,
        }
    }
}

impl<V, E> fmt::Debug for Engine<V, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("policy", &self.policy).field("store", &self.store).finish_non_exhaustive()
    }
}
