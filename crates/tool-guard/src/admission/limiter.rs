//! Who may still call, and who has called enough?

use std::{
    collections::HashMap,
    fmt,
    hash::{BuildHasher, RandomState},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Instant,
};

use tool_core::CallContext;

use super::{
    limits::RateLimits,
    meter::{Meter, Share, UsedUp},
    refusals::Reason,
    ticks::Ticks,
};

/// Keeps what each tenant and each principal has used of its [`RateLimits`].
///
/// A call takes from its principal and from its tenant, or from neither. Who has rested long enough for nothing to be
/// remembered is forgotten; nobody else is, so that nobody regains a used quota by being pushed out. Where as many are
/// remembered as may be, newcomers share one bucket: tenants one of all, principals one of their tenant. That is counted
/// by [`overflowed`](Self::overflowed).
///
/// A call takes O(1), one lock that tenants of other shards do not share, and no allocation but for who is new. Each
/// tenant and each principal takes about 150 bytes and its name.
pub struct RateLimiter {
    limits: RateLimits,
    ticks: Ticks,
    hasher: RandomState,
    shards: [Mutex<HashMap<Arc<str>, Tenant>>; SHARDS],
    /// Those who came when there was room for no more.
    others: Mutex<Tenant>,
    tenants: AtomicUsize,
    swept: AtomicU64,
    overflowed: AtomicU64,
}

/// Enough for threads of different tenants to meet rarely.
const SHARDS: usize = 16;

/// How long the idle are remembered at least, in nanoseconds, once somebody new comes: a minute, a second where the room
/// is needed.
const SWEEP_EVERY: u64 = 60_000_000_000;
const SWEEP_FULL_EVERY: u64 = 1_000_000_000;

/// What a tenant and its principals have used.
#[derive(Debug, Default)]
struct Tenant {
    meter: Meter,
    principals: HashMap<Arc<str>, Meter>,
    /// Those who came when there was room for no more.
    others: Meter,
    swept: u64,
}

/// Who has used up what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Tenant(UsedUp),
    Principal(UsedUp),
}

impl RateLimiter {
    /// Begins with nothing used.
    #[must_use]
    pub fn new(limits: RateLimits) -> Self {
        Self {
            limits,
            ticks: Ticks::default(),
            hasher: RandomState::new(),
            shards: Default::default(),
            others: Mutex::default(),
            tenants: AtomicUsize::new(0),
            swept: AtomicU64::new(0),
            overflowed: AtomicU64::new(0),
        }
    }

    /// Returns the limits.
    #[must_use]
    pub fn limits(&self) -> &RateLimits {
        &self.limits
    }

    /// Returns how many tenants are remembered now.
    #[must_use]
    pub fn tenants(&self) -> usize {
        self.tenants.load(Ordering::Relaxed)
    }

    /// Returns how many principals are remembered now, of all tenants; takes each lock in turn.
    #[must_use]
    pub fn principals(&self) -> usize {
        let of = |tenant: &Tenant| tenant.principals.len();
        self.shards.iter().map(|shard| lock(shard).values().map(of).sum::<usize>()).sum::<usize>()
            + of(&lock(&self.others))
    }

    /// Returns how many calls had to share a bucket because too many tenants or principals were remembered.
    #[must_use]
    pub fn overflowed(&self) -> u64 {
        self.overflowed.load(Ordering::Relaxed)
    }

    /// Takes one call from what tenant and principal may use, or from neither.
    pub(crate) fn take(&self, context: &CallContext, now: Instant) -> Result<(), Who> {
        let now = self.ticks.of(now);
        let shard = self.shard(context.tenant());
        if let Some(tenant) = lock(shard).get_mut(context.tenant()) {
            return self.take_from(tenant, context, now);
        }
        self.enrol(shard, context, now)
    }

    /// Says in words who used up what.
    pub(crate) fn explain(&self, context: &CallContext, who: Who) -> String {
        let (whose, name, share) = match who {
            Who::Tenant(_) => ("tenant", context.tenant(), &self.limits.tenant),
            Who::Principal(_) => ("principal", context.principal(), &self.limits.principal),
        };
        let limit = match who.used_up().reason {
            Reason::Quota => share.quota.map(|quota| format!("quota of {quota}")),
            Reason::Rate | Reason::Policy | Reason::Draining => share.rate.map(|rate| format!("rate of {rate}")),
        };
        format!("{whose} `{name}` has used up its {}", limit.unwrap_or_default())
    }

    fn shard(&self, tenant: &str) -> &Mutex<HashMap<Arc<str>, Tenant>> {
        // The low bits choose: the remainder is below 16 whatever the width.
        let hash = self.hasher.hash_one(tenant) % SHARDS as u64;
        &self.shards[usize::try_from(hash).unwrap_or(0)]
    }

    fn take_from(&self, tenant: &mut Tenant, context: &CallContext, now: u64) -> Result<(), Who> {
        let taken = tenant.take(&self.limits, context, now)?;
        if taken == Taken::Shared {
            self.overflowed.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    #[cold]
    fn enrol(&self, shard: &Mutex<HashMap<Arc<str>, Tenant>>, context: &CallContext, now: u64) -> Result<(), Who> {
        self.sweep(now);
        let mut shard = lock(shard);
        if !shard.contains_key(context.tenant()) && !self.reserve() {
            drop(shard);
            self.overflowed.fetch_add(1, Ordering::Relaxed);
            return lock(&self.others).take(&self.limits, context, now).map(drop);
        }
        let tenant = shard.entry(context.to_tenant()).or_default();
        self.take_from(tenant, context, now)
    }

    fn reserve(&self) -> bool {
        let below = |tenants| (tenants < self.limits.max_tenants).then_some(tenants + 1);
        self.tenants.fetch_update(Ordering::Relaxed, Ordering::Relaxed, below).is_ok()
    }

    /// Forgets the tenants for whom that changes nothing, if the last time is long enough ago; O(all that is kept).
    fn sweep(&self, now: u64) {
        let swept = self.swept.load(Ordering::Relaxed);
        let is_full = self.tenants() >= self.limits.max_tenants;
        let is_mine = || self.swept.compare_exchange(swept, now, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        if !is_due(swept, is_full, now) || !is_mine() {
            return;
        }
        for shard in &self.shards {
            let mut tenants = lock(shard);
            let before = tenants.len();
            tenants.retain(|_, tenant| !tenant.is_idle(&self.limits, now));
            self.tenants.fetch_sub(before - tenants.len(), Ordering::Relaxed);
        }
    }
}

fn is_due(swept: u64, is_full: bool, now: u64) -> bool {
    // A clock that was set back makes it due.
    swept.abs_diff(now) >= if is_full { SWEEP_FULL_EVERY } else { SWEEP_EVERY }
}

/// From whose bucket a call was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    Own,
    Shared,
}

impl Tenant {
    fn take(&mut self, limits: &RateLimits, context: &CallContext, now: u64) -> Result<Taken, Who> {
        self.meter.turn_back(now);
        let meter = self.meter.take(&limits.tenant, now);
        if limits.principal.is_unlimited() {
            self.meter = meter.map_err(Who::Tenant)?;
            return Ok(Taken::Own);
        }
        if let Some(principal) = self.principals.get_mut(context.principal()) {
            (self.meter, *principal) = both(meter, take(principal, &limits.principal, now))?;
            return Ok(Taken::Own);
        }
        self.take_for_new(meter, limits, context, now)
    }

    #[cold]
    fn take_for_new(
        &mut self,
        meter: Result<Meter, UsedUp>,
        limits: &RateLimits,
        context: &CallContext,
        now: u64,
    ) -> Result<Taken, Who> {
        self.sweep(limits, now);
        if self.principals.len() >= limits.max_principals {
            (self.meter, self.others) = both(meter, take(&mut self.others, &limits.principal, now))?;
            return Ok(Taken::Shared);
        }
        let mut fresh = Meter::default();
        (self.meter, fresh) = both(meter, take(&mut fresh, &limits.principal, now))?;
        self.principals.insert(context.to_principal(), fresh);
        Ok(Taken::Own)
    }

    fn sweep(&mut self, limits: &RateLimits, now: u64) {
        if is_due(self.swept, self.principals.len() >= limits.max_principals, now) {
            self.swept = now;
            self.forget_idle(&limits.principal, now);
        }
    }

    fn forget_idle(&mut self, share: &Share, now: u64) {
        self.principals.retain(|_, meter| {
            meter.turn_back(now);
            !meter.is_idle(share, now)
        });
    }

    fn is_idle(&mut self, limits: &RateLimits, now: u64) -> bool {
        self.meter.turn_back(now);
        self.others.turn_back(now);
        self.forget_idle(&limits.principal, now);
        self.principals.is_empty()
            && self.meter.is_idle(&limits.tenant, now)
            && self.others.is_idle(&limits.principal, now)
    }
}

fn take(meter: &mut Meter, share: &Share, now: u64) -> Result<Meter, UsedUp> {
    meter.turn_back(now);
    meter.take(share, now)
}

/// Both or neither; where both are used up, the one that lasts longer is named.
fn both(tenant: Result<Meter, UsedUp>, principal: Result<Meter, UsedUp>) -> Result<(Meter, Meter), Who> {
    match (tenant, principal) {
        (Ok(tenant), Ok(principal)) => Ok((tenant, principal)),
        (Err(used_up), Ok(_)) => Err(Who::Tenant(used_up)),
        (Ok(_), Err(used_up)) => Err(Who::Principal(used_up)),
        (Err(tenant), Err(principal)) if principal.wait > tenant.wait => Err(Who::Principal(principal)),
        (Err(tenant), Err(_)) => Err(Who::Tenant(tenant)),
    }
}

impl Who {
    /// Returns what is used up, and for how long.
    pub(crate) fn used_up(self) -> UsedUp {
        match self {
            Self::Tenant(used_up) | Self::Principal(used_up) => used_up,
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for RateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimiter")
            .field("limits", &self.limits)
            .field("tenants", &self.tenants())
            .field("overflowed", &self.overflowed())
            .finish_non_exhaustive()
    }
}
