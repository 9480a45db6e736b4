//! Does this load wait for itself?
//!
//! A load that asks the cache waits for another load. Followed from load to load, such waiting must never come back to
//! where it began. A load is known by the task that it runs in: what a load spawns by itself is not seen here, and is
//! ended by time limits.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock, PoisonError},
};

use crate::sync::{Id, Mutex, MutexGuard, try_id};

/// The task of a load, once it runs.
pub(crate) type TaskCell = Arc<OnceLock<Id>>;

/// The load would wait for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cycle;

/// Which loads wait for which.
#[derive(Debug, Default)]
pub(crate) struct Waits(Mutex<HashMap<Id, Vec<TaskCell>>>);

/// One load waits for another, until this is handed back.
#[derive(Debug)]
pub(crate) struct Edge {
    from: Id,
    to: TaskCell,
}

impl Waits {
    fn lock(&self) -> MutexGuard<'_, HashMap<Id, Vec<TaskCell>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a load runs in the task that calls this.
    pub(crate) fn begin(&self, cell: &TaskCell) {
        if let Some(id) = try_id() {
            // It is set once, here.
            let _ = cell.set(id);
            self.lock().insert(id, Vec::new());
        }
    }

    /// Notes that a load ended.
    pub(crate) fn end(&self, cell: &TaskCell) {
        if let Some(id) = cell.get() {
            self.lock().remove(id);
        }
    }

    /// Notes that the task which calls this waits for a load; nothing is noted of a task that is no load.
    ///
    /// # Errors
    ///
    /// [`Cycle`] if that load waits, by whatever way, for this task.
    pub(crate) fn enter(&self, to: &TaskCell) -> Result<Option<Edge>, Cycle> {
        let Some(from) = try_id() else { return Ok(None) };
        let mut waits = self.lock();
        if !waits.contains_key(&from) {
            return Ok(None);
        }
        if reaches(&waits, to, from) {
            return Err(Cycle);
        }
        waits.entry(from).or_default().push(Arc::clone(to));
        Ok(Some(Edge { from, to: Arc::clone(to) }))
    }

    pub(crate) fn leave(&self, edge: &Edge) {
        let mut waits = self.lock();
        let Some(all) = waits.get_mut(&edge.from) else { return };
        if let Some(at) = all.iter().position(|to| Arc::ptr_eq(to, &edge.to)) {
            all.swap_remove(at);
        }
    }
}

fn reaches(waits: &HashMap<Id, Vec<TaskCell>>, to: &TaskCell, goal: Id) -> bool {
    let mut seen = Vec::new();
    let mut open: Vec<Id> = to.get().copied().into_iter().collect();
    while let Some(id) = open.pop() {
        if id == goal {
            return true;
        }
        if !seen.contains(&id) {
            seen.push(id);
            open.extend(waits.get(&id).into_iter().flatten().filter_map(|cell| cell.get().copied()));
        }
    }
    false
}
