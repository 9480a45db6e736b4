//! How many tools of a group are left alone at once?

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

/// Tools that may stand in for each other: never more than a share of them is left alone at once.
#[derive(Debug, Default)]
pub(crate) struct Group {
    members: AtomicU32,
    ejected: AtomicU32,
}

/// The groups by name; as many as the specifications of the registered tools name.
#[derive(Debug, Default)]
pub(crate) struct Groups(Mutex<HashMap<String, Arc<Group>>>);

impl Groups {
    /// Returns the group of that name with one member more.
    pub(crate) fn join(&self, name: &str) -> Arc<Group> {
        let mut groups = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let group = groups.entry(name.to_owned()).or_default();
        group.members.fetch_add(1, Ordering::Relaxed);
        Arc::clone(group)
    }
}

impl Group {
    /// Takes one more member out, if the share allows it; a group always spares one.
    pub(super) fn eject(self: &Arc<Self>, share: f64) -> Option<Ejected> {
        let members = f64::from(self.members.load(Ordering::Relaxed));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a u32")]
        let most = ((members * share + 1e-9) as u32).max(1);
        let more = |ejected| (ejected < most).then_some(ejected + 1);
        self.ejected.fetch_update(Ordering::AcqRel, Ordering::Acquire, more).ok()?;
        Some(Ejected(Some(Arc::clone(self))))
    }
}

/// A member that is left alone; counted until dropped.
#[derive(Debug)]
pub(super) struct Ejected(Option<Arc<Group>>);

impl Ejected {
    /// Returns the mark of a tool that is in no group.
    pub(super) fn alone() -> Self {
        Self(None)
    }
}

impl Drop for Ejected {
    fn drop(&mut self) {
        if let Some(group) = &self.0 {
            group.ejected.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(members: u32, share: f64, expected: usize) {
        let groups = Groups::default();
        let group = (0..members).map(|_| groups.join("replicas")).last().unwrap();
        let ejected: Vec<_> = (0..members).filter_map(|_| group.eject(share)).collect();
        assert_eq!(ejected.len(), expected);
        drop(ejected);
        assert!(group.eject(share).is_some());
    }

    #[test]
    fn no_more_than_the_share_is_ejected() {
        check(10, 0.5, 5);
        check(10, 0.3, 3);
        check(3, 0.5, 1);
        check(4, 1.0, 4);
    }

    #[test]
    fn one_may_always_be_ejected() {
        check(1, 0.5, 1);
        check(5, 0.1, 1);
    }
}
