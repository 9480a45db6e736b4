//! Whose calls are counted where?

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use crate::{paged::Paged, stats::StatCell};

/// How many tenants are counted apart; the calls of further ones are counted together.
pub(crate) const MAX_TENANTS: usize = 100;

/// More than twice the tenants there may be, so that a search ends soon; a power of two.
const SLOTS: usize = 256;

/// The counts of every tenant, found without a lock.
#[derive(Debug)]
pub(crate) struct Tenants {
    slots: Box<[OnceLock<Tenant>]>,
    known: AtomicUsize,
    others: Tenant,
    folded: AtomicU64,
}

/// The counts of one tenant, by the tracer's number of the tool.
#[derive(Debug)]
pub(crate) struct Tenant {
    /// Nobody's name for the tenants that are counted together.
    pub(crate) name: Option<Arc<str>>,
    pub(crate) stats: Paged<StatCell>,
}

impl Tenant {
    fn new(name: Option<Arc<str>>) -> Self {
        Self { name, stats: Paged::new() }
    }
}

impl Tenants {
    pub(crate) fn new() -> Self {
        Self {
            slots: (0..SLOTS).map(|_| OnceLock::new()).collect(),
            known: AtomicUsize::new(0),
            others: Tenant::new(None),
            folded: AtomicU64::new(0),
        }
    }

    /// Returns where the calls of a tenant are counted.
    pub(crate) fn of(&self, name: &str) -> &Tenant {
        for slot in self.probe(name) {
            let tenant = match slot.get() {
                Some(tenant) => tenant,
                None if self.known.load(Ordering::Relaxed) < MAX_TENANTS => slot.get_or_init(|| {
                    self.known.fetch_add(1, Ordering::Relaxed);
                    Tenant::new(Some(name.into()))
                }),
                None => break,
            };
            // Another tenant may have taken the slot meanwhile.
            if tenant.name.as_deref() == Some(name) {
                return tenant;
            }
        }
        self.folded.fetch_add(1, Ordering::Relaxed);
        &self.others
    }

    /// Returns a tenant that is counted apart.
    pub(crate) fn find(&self, name: &str) -> Option<&Tenant> {
        self.probe(name).map_while(OnceLock::get).find(|tenant| tenant.name.as_deref() == Some(name))
    }

    /// Returns every tenant, and last those that are counted together.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Tenant> {
        self.slots.iter().filter_map(OnceLock::get).chain([&self.others])
    }

    /// Returns how many calls of tenants beyond the bound were counted together.
    pub(crate) fn folded(&self) -> u64 {
        self.folded.load(Ordering::Relaxed)
    }

    /// Returns the slots where a name may be, in order.
    fn probe(&self, name: &str) -> impl Iterator<Item = &OnceLock<Tenant>> {
        let first = hash(name);
        (0..SLOTS).map(move |step| &self.slots[first.wrapping_add(step) % SLOTS])
    }
}

/// Hashes a short name in a nanosecond per byte; names chosen to collide cost a search of 100 slots at worst.
///
/// Source: FNV-1a, RFC 9923.
fn hash(name: &str) -> usize {
    let fold = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    name.bytes().fold(0x811c_9dc5, fold) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenant_is_found_again() {
        let tenants = Tenants::new();
        for number in 0..MAX_TENANTS {
            let name = format!("t{number}");
            assert!(std::ptr::eq(tenants.of(&name), tenants.of(&name)));
        }
        assert!((0..MAX_TENANTS).all(|number| tenants.find(&format!("t{number}")).is_some()));
        assert_eq!(tenants.folded(), 0);
    }

    #[test]
    fn tenants_beyond_the_bound_share() {
        let tenants = Tenants::new();
        for number in 0..MAX_TENANTS + 5 {
            tenants.of(&format!("t{number}"));
        }
        assert_eq!((tenants.folded(), tenants.all().count()), (5, MAX_TENANTS + 1));
        assert!(tenants.find("t104").is_none());
    }
}
