//! Which calls are remembered, and in how much memory?

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use tool_core::{Clock, Redactor, ToolSpec};

use crate::{ToolExecutionTrace, TraceFilter, capture::Captured, record::Record, tools::Tools};

/// The last calls that ended, bounded in number and in bytes; what goes is counted.
///
/// The lock is held for a move in and a move out; nothing is redacted or converted under it.
#[derive(Debug)]
pub(crate) struct Ring {
    inner: Mutex<Inner>,
    clock: Arc<dyn Clock>,
    max_entries: usize,
    max_bytes: usize,
}

struct Inner {
    entries: VecDeque<Entry>,
    /// The kept parameters of the entries, in the same order.
    params: VecDeque<u8>,
    /// What the entries cost, their parameters included.
    bytes: usize,
    dropped: u64,
    /// The same moment on both clocks: saves a reading of the wall clock per call.
    anchor: (Instant, SystemTime),
}

/// How long an anchor holds: by then the machine's clock may have been set.
const ANCHOR_AGE: Duration = Duration::from_secs(60);

/// How many bytes are set aside for the parameters of a call; where they take more, the room grows.
const TYPICAL_PARAMS: usize = 256;

/// A call of this process, or one of an earlier process that was read back.
#[derive(Clone)]
pub(crate) enum Entry {
    Live(Record),
    Restored(Arc<ToolExecutionTrace>, usize),
}

impl Entry {
    /// Reads back a call, with an estimate of its memory.
    pub(crate) fn restored(trace: ToolExecutionTrace) -> Self {
        let text = trace.params.as_ref().map_or(0, |params| params.to_string().len());
        let names = trace.tenant.len() + trace.principal.len() + trace.request_id.as_ref().map_or(0, String::len);
        // Parsed JSON takes a few times its text.
        let weight = size_of::<ToolExecutionTrace>() + 4 * text + names;
        Self::Restored(Arc::new(trace), weight)
    }

    fn cost(&self) -> usize {
        size_of::<Self>()
            + match self {
                Self::Live(record) => record.weight(),
                Self::Restored(_, weight) => *weight,
            }
    }

    /// Returns how many bytes its parameters take in the ring.
    fn beside(&self) -> usize {
        match self {
            Self::Live(record) => record.beside(),
            Self::Restored(..) => 0,
        }
    }

    fn is_of(&self, tenant: Option<&str>) -> bool {
        let own = match self {
            Self::Live(record) => &*record.subject.tenant,
            Self::Restored(trace, _) => trace.tenant.as_str(),
        };
        tenant.is_none_or(|tenant| tenant == own)
    }

    fn into_trace(self, params: &[u8], redactor: &dyn Redactor, specs: &[Arc<ToolSpec>]) -> Option<ToolExecutionTrace> {
        match self {
            Self::Live(record) => Some(record.trace(params, redactor, specs.get(record.series)?)),
            Self::Restored(trace, _) => Some(Arc::unwrap_or_clone(trace)),
        }
    }
}

impl Ring {
    pub(crate) fn new(clock: Arc<dyn Clock>, max_entries: usize, max_bytes: usize) -> Self {
        let anchor = (clock.now(), clock.wall());
        let entries = VecDeque::with_capacity(max_entries);
        let params = VecDeque::with_capacity(max_bytes.min(max_entries * TYPICAL_PARAMS));
        let inner = Inner { entries, params, bytes: 0, dropped: 0, anchor };
        Self { inner: Mutex::new(inner), clock, max_entries, max_bytes }
    }

    /// Adds a call that began at `started`; the oldest go where there is no room.
    pub(crate) fn push(&self, started: Instant, params: Captured<'_>, make: impl FnOnce(SystemTime) -> Record) {
        let mut inner = self.lock();
        let entry = Entry::Live(make(inner.wall(started, &*self.clock)));
        let cost = entry.cost();
        if cost > self.max_bytes {
            inner.dropped += 1;
            return;
        }
        inner.make_room(self.max_entries, self.max_bytes - cost);
        inner.bytes += cost;
        inner.entries.push_back(entry);
        if let Captured::Kept(params) = params {
            inner.params.extend(params);
        }
    }

    /// Adds calls before all others, newest first, while there is room; returns how many.
    pub(crate) fn restore(&self, newest_first: impl IntoIterator<Item = Entry>) -> usize {
        let mut inner = self.lock();
        let before = inner.entries.len();
        for entry in newest_first {
            let cost = entry.cost();
            if inner.entries.len() >= self.max_entries || inner.bytes + cost > self.max_bytes {
                break;
            }
            inner.bytes += cost;
            inner.entries.push_front(entry);
        }
        inner.entries.len() - before
    }

    /// Returns what a filter lets through, newest first.
    pub(crate) fn read(&self, filter: &TraceFilter, redactor: &dyn Redactor, tools: &Tools) -> Vec<ToolExecutionTrace> {
        let found = self.lock().of(filter.whose());
        // Asked for afterwards: every tool that was found is among them.
        let specs = tools.specs();
        let traces = found.into_iter().rev().filter_map(|(entry, params)| entry.into_trace(&params, redactor, &specs));
        traces.filter(|trace| filter.admits(trace)).take(filter.most()).collect()
    }

    /// Returns how many calls are no longer, or never were, remembered.
    pub(crate) fn dropped(&self) -> u64 {
        self.lock().dropped
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Copies the entries of a tenant, or all, with their parameters, oldest first.
    fn of(&self, tenant: Option<&str>) -> Vec<(Entry, Vec<u8>)> {
        let mut at = 0;
        let mut found = Vec::new();
        for entry in &self.entries {
            let params = at..at + entry.beside();
            at = params.end;
            if entry.is_of(tenant) {
                found.push((entry.clone(), self.params.range(params).copied().collect()));
            }
        }
        found
    }

    /// Removes the oldest until one more entry fits.
    fn make_room(&mut self, max_entries: usize, max_bytes: usize) {
        while self.entries.len() >= max_entries || self.bytes > max_bytes {
            let Some(oldest) = self.entries.front() else { break };
            self.bytes -= oldest.cost();
            self.params.drain(..oldest.beside());
            self.dropped += 1;
            drop(self.entries.pop_front());
        }
    }

    fn wall(&mut self, at: Instant, clock: &dyn Clock) -> SystemTime {
        let (mono, wall) = self.anchor;
        match at.checked_duration_since(mono) {
            Some(later) if later <= ANCHOR_AGE => wall + later,
            Some(_) => self.anchored(at, clock),
            None => before(wall, mono - at),
        }
    }

    #[cold]
    fn anchored(&mut self, at: Instant, clock: &dyn Clock) -> SystemTime {
        let (mono, wall) = (clock.now(), clock.wall());
        self.anchor = (mono, wall);
        before(wall, mono.saturating_duration_since(at))
    }
}

fn before(wall: SystemTime, time: Duration) -> SystemTime {
    wall.checked_sub(time).unwrap_or(SystemTime::UNIX_EPOCH)
}

impl std::fmt::Debug for Inner {
    /// Shows sizes alone: what is kept is not redacted yet.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inner")
            .field("entries", &self.entries.len())
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}
