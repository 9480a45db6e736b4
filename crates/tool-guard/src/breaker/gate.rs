//! How does a call pass a breaker?

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use super::{
    group::Group,
    machine::{BreakerForce, BreakerStatus, Change, Machine, Rejected, Ticket, Verdict},
};
use crate::{BreakerPolicy, ErrorKinds, random::Random, stats::Counters};

/// The breaker of one tool: passing a closed one costs one atomic load, telling it of a result a short lock.
#[derive(Debug)]
pub(crate) struct Breaker {
    machine: Mutex<Machine>,
    /// The epoch of the machine while every call passes, otherwise 0.
    closed: AtomicU64,
    random: Random,
    failures: ErrorKinds,
    slow_call: Duration,
}

impl Breaker {
    pub(crate) fn new(policy: BreakerPolicy, group: Option<Arc<Group>>, random: Random, now: Instant) -> Self {
        let machine = Machine::new(policy, group, now);
        let closed = AtomicU64::new(machine.closed_epoch().unwrap_or(0));
        let (failures, slow_call) = (policy.failures, policy.slow_call);
        Self { machine: Mutex::new(machine), closed, random, failures, slow_call }
    }

    /// Returns the kinds of error that a tool is to blame for.
    pub(crate) fn failures(&self) -> ErrorKinds {
        self.failures
    }

    /// Returns from how long on a run is slow.
    pub(crate) fn slow_call(&self) -> Duration {
        self.slow_call
    }

    /// Lets a call through, or not. What is returned must be told how the call went, or is dropped: then the call says
    /// nothing, and a probe gives its place back.
    pub(crate) fn admit<'a>(&'a self, now: Instant, counters: &'a Counters) -> Result<Admission<'a>, Rejected> {
        let ticket = match self.closed.load(Ordering::Acquire) {
            0 => self.locked(|machine| machine.admit(now))?,
            epoch => Ticket::Pass { epoch },
        };
        Ok(Admission { breaker: self, counters, ticket: Some(ticket) })
    }

    /// Returns whether every call passes.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire) != 0
    }

    pub(crate) fn force(&self, force: BreakerForce) {
        self.locked(|machine| machine.force(force));
    }

    pub(crate) fn status(&self, now: Instant) -> BreakerStatus {
        self.lock().status(now)
    }

    fn settle(&self, now: Instant, ticket: Ticket, verdict: Verdict, counters: &Counters) {
        match self.locked(|machine| machine.settle(now, ticket, verdict, &self.random)) {
            Change::None => {}
            Change::Opened => counters.breaker_opened(),
            Change::Spared => counters.breaker_spared(),
            Change::Closed => counters.breaker_closed(),
        }
    }

    /// Changes the machine and publishes whether it is closed, before another call can see it.
    fn locked<T>(&self, change: impl FnOnce(&mut Machine) -> T) -> T {
        let mut machine = self.lock();
        let done = change(&mut machine);
        self.closed.store(machine.closed_epoch().unwrap_or(0), Ordering::Release);
        done
    }

    fn lock(&self) -> MutexGuard<'_, Machine> {
        self.machine.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call that was let through and has not been told of yet.
#[derive(Debug)]
pub(crate) struct Admission<'a> {
    breaker: &'a Breaker,
    counters: &'a Counters,
    ticket: Option<Ticket>,
}

impl Admission<'_> {
    /// Tells what the call says of the tool.
    pub(crate) fn settle(mut self, now: Instant, verdict: Verdict) {
        if let Some(ticket) = self.ticket.take() {
            self.breaker.settle(now, ticket, verdict, self.counters);
        }
    }
}

impl Drop for Admission<'_> {
    /// Gives the place of a probe back; needs no time, since nothing is judged.
    fn drop(&mut self) {
        if let Some(Ticket::Probe { epoch, lease }) = self.ticket.take() {
            self.breaker.locked(|machine| machine.release(epoch, lease));
        }
    }
}
