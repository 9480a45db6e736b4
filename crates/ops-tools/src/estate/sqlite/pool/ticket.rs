//! Is this job still wanted?

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What the caller of a job and its reader share: whether the caller has gone.
///
/// A flag that stays, where `sqlite3_interrupt` would be lost between two statements.
#[derive(Debug, Default)]
pub(super) struct Ticket(AtomicBool);

impl Ticket {
    /// Returns whether the caller has gone.
    pub(super) fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Cancels its job when dropped; a job that is over does not mind.
pub(super) struct CancelOnDrop(pub(super) Arc<Ticket>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}
