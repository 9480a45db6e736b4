//! Which calls does a breaker let through?

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tool_core::BreakerState;

use super::{
    group::{Ejected, Group},
    window::{Counts, End, Window},
};
use crate::{BreakerPolicy, random::Random};

/// The states of a breaker and what moves them; reads no clock, takes no lock.
///
/// Source: M. Nygard, Release It!, second edition, chapter 5; the lease of a probe is our own.
///
/// | state | what happens | next |
/// |---|---|---|
/// | closed | the window holds `min_calls`, and a share of them failed or was slow; the group can spare the tool | open |
/// | open | its time is over and a call comes, which is the first probe | half open |
/// | half open | as many probes succeeded as there may be at once | closed |
/// | half open | a probe failed or was slow | open, for twice as long |
/// | half open | a probe was dropped, or its lease ended | its place is free again |
#[derive(Debug)]
pub(super) struct Machine {
    policy: BreakerPolicy,
    group: Option<Arc<Group>>,
    window: Window,
    state: State,
    forced: Option<BreakerState>,
    /// Moves with every state: what was let through in another one decides nothing.
    epoch: u64,
    /// How often in a row a probe failed.
    failed_probes: u32,
    next_lease: u64,
}

#[derive(Debug)]
enum State {
    Closed,
    Open { until: Instant, ejected: Ejected },
    HalfOpen { leases: Vec<Lease>, passed: u32, ejected: Ejected },
}

#[derive(Debug, Clone, Copy)]
struct Lease {
    number: u64,
    ends: Instant,
}

/// As what a call was let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ticket {
    /// In a closed epoch.
    Pass { epoch: u64 },
    /// As a probe.
    Probe { epoch: u64, lease: u64 },
    /// Because an operator says so: decides nothing.
    Free,
}

/// What a call that was let through says of the tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It does well.
    Good,
    /// It answers, but takes long.
    Slow,
    /// It fails.
    Bad,
    /// Nothing.
    Nothing,
}

/// What a verdict has led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    None,
    Opened,
    /// It should be left alone, but its group cannot spare it.
    Spared,
    Closed,
}

/// Why a call is not let through, and from when on one may be, if that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rejected {
    pub(crate) next_attempt_at: Option<Instant>,
}

/// What an operator wants of a breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum BreakerForce {
    /// It decides by itself.
    #[default]
    None,
    /// It lets nothing through, for as long as this holds.
    Open,
    /// It lets everything through, for as long as this holds.
    Closed,
}

/// How a breaker stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct BreakerStatus {
    /// What it lets through; half open from the moment on at which a probe may come.
    pub state: BreakerState,
    /// From when on a call may be let through, where it lets none through now.
    pub next_attempt_at: Option<Instant>,
    /// Whether an operator holds it where it is.
    pub forced: BreakerForce,
}

impl Machine {
    pub(super) fn new(policy: BreakerPolicy, group: Option<Arc<Group>>, now: Instant) -> Self {
        Self {
            policy,
            group,
            window: Window::new(policy.window, now),
            state: State::Closed,
            forced: None,
            epoch: 1,
            failed_probes: 0,
            next_lease: 0,
        }
    }

    /// Returns the epoch if every call passes, whatever the time.
    pub(super) fn closed_epoch(&self) -> Option<u64> {
        (self.forced.is_none() && matches!(self.state, State::Closed)).then_some(self.epoch)
    }

    /// Decides about a call that comes `now`.
    pub(super) fn admit(&mut self, now: Instant) -> Result<Ticket, Rejected> {
        match self.forced {
            Some(BreakerState::Open) => return Err(Rejected { next_attempt_at: None }),
            Some(_) => return Ok(Ticket::Free),
            None => {}
        }
        self.half_open_if_due(now);
        let (policy, epoch) = (self.policy, self.epoch);
        match &mut self.state {
            State::Closed => Ok(Ticket::Pass { epoch }),
            State::Open { until, .. } => Err(Rejected { next_attempt_at: Some(*until) }),
            State::HalfOpen { leases, .. } => {
                #[cfg(planted)]
                let lost = leases.clone();
                leases.retain(|lease| lease.ends > now);
                #[cfg(planted)]
                if tool_core::planted::active(tool_core::planted::Bug::ProbeLost) {
                    *leases = lost;
                }
                if leases.len() >= policy.probes as usize {
                    return Err(Rejected { next_attempt_at: leases.iter().map(|lease| lease.ends).min() });
                }
                self.next_lease += 1;
                leases.push(Lease { number: self.next_lease, ends: now + policy.lease });
                Ok(Ticket::Probe { epoch, lease: self.next_lease })
            }
        }
    }

    fn half_open_if_due(&mut self, now: Instant) {
        #[cfg(planted)]
        if tool_core::planted::active(tool_core::planted::Bug::BreakerNeverTries) {
            return;
        }
        if let State::Open { until, ejected } = &mut self.state
            && *until <= now
        {
            let ejected = std::mem::replace(ejected, Ejected::alone());
            self.state = State::HalfOpen { leases: Vec::new(), passed: 0, ejected };
            self.epoch += 1;
        }
    }

    /// Is told what a call says that was let through.
    pub(super) fn settle(&mut self, now: Instant, ticket: Ticket, verdict: Verdict, random: &Random) -> Change {
        match ticket {
            Ticket::Pass { epoch } if epoch == self.epoch && matches!(self.state, State::Closed) => {
                self.settle_call(now, verdict, random)
            }
            Ticket::Probe { epoch, lease } if epoch == self.epoch => self.settle_probe(now, lease, verdict, random),
            // Let through in a state that is gone, or by force.
            Ticket::Pass { .. } | Ticket::Probe { .. } | Ticket::Free => Change::None,
        }
    }

    fn settle_call(&mut self, now: Instant, verdict: Verdict, random: &Random) -> Change {
        let end = match verdict {
            Verdict::Good => End::Good,
            Verdict::Slow => End::Slow,
            Verdict::Bad => End::Bad,
            Verdict::Nothing => return Change::None,
        };
        let counts = self.window.record(now, end);
        if !self.is_too_much(counts) {
            return Change::None;
        }
        let ejected = match &self.group {
            Some(group) => group.eject(self.policy.max_ejected),
            None => Some(Ejected::alone()),
        };
        match ejected {
            Some(ejected) => self.open(now, ejected, random),
            None => Change::Spared,
        }
    }

    fn is_too_much(&self, counts: Counts) -> bool {
        let reaches = |part: u32, share: f64| part > 0 && f64::from(part) >= share * f64::from(counts.calls) - 1e-9;
        let policy = &self.policy;
        counts.calls >= policy.min_calls
            && (reaches(counts.bad, policy.failure_share) || reaches(counts.slow, policy.slow_share))
    }

    fn settle_probe(&mut self, now: Instant, lease: u64, verdict: Verdict, random: &Random) -> Change {
        let State::HalfOpen { leases, passed, ejected } = &mut self.state else { return Change::None };
        // A probe whose lease has ended may still say how the tool does: it only has no place any more.
        leases.retain(|held| held.number != lease);
        match verdict {
            Verdict::Nothing => Change::None,
            Verdict::Good => {
                *passed += 1;
                #[cfg(planted)]
                if tool_core::planted::active(tool_core::planted::Bug::BreakerNeverCloses) {
                    return Change::None;
                }
                if *passed < self.policy.probes {
                    return Change::None;
                }
                self.close();
                Change::Closed
            }
            Verdict::Slow | Verdict::Bad => {
                let ejected = std::mem::replace(ejected, Ejected::alone());
                self.failed_probes = self.failed_probes.saturating_add(1);
                self.open(now, ejected, random)
            }
        }
    }

    /// Is told that a probe ended without saying anything.
    pub(super) fn release(&mut self, epoch: u64, lease: u64) {
        #[cfg(planted)]
        if tool_core::planted::active(tool_core::planted::Bug::ProbeLost) {
            return;
        }
        if let State::HalfOpen { leases, .. } = &mut self.state
            && epoch == self.epoch
        {
            leases.retain(|held| held.number != lease);
        }
    }

    fn open(&mut self, now: Instant, ejected: Ejected, random: &Random) -> Change {
        let longest = open_time(&self.policy, self.failed_probes);
        // Up to a fifth less, by chance: many guards of one upstream must not ask all at once.
        let until = now + longest.mul_f64(1.0 - random.share() / 5.0);
        self.state = State::Open { until, ejected };
        self.epoch += 1;
        Change::Opened
    }

    fn close(&mut self) {
        self.state = State::Closed;
        self.window.clear();
        self.failed_probes = 0;
        self.epoch += 1;
    }

    /// Holds it open or closed, or lets go; when let go, it is closed and has seen nothing.
    pub(super) fn force(&mut self, force: BreakerForce) {
        self.forced = match force {
            BreakerForce::None => None,
            BreakerForce::Open => Some(BreakerState::Open),
            BreakerForce::Closed => Some(BreakerState::Closed),
        };
        self.close();
    }

    pub(super) fn status(&self, now: Instant) -> BreakerStatus {
        let (state, next_attempt_at) = match (&self.forced, &self.state) {
            (Some(forced), _) => (*forced, None),
            (None, State::Closed) => (BreakerState::Closed, None),
            (None, State::Open { until, .. }) if *until > now => (BreakerState::Open, Some(*until)),
            (None, State::Open { .. } | State::HalfOpen { .. }) => (BreakerState::HalfOpen, None),
        };
        let forced = match self.forced {
            None => BreakerForce::None,
            Some(BreakerState::Open) => BreakerForce::Open,
            Some(_) => BreakerForce::Closed,
        };
        BreakerStatus { state, next_attempt_at, forced }
    }
}

/// Returns how long it stays open at most, after so many probes in a row have failed.
fn open_time(policy: &BreakerPolicy, failed_probes: u32) -> Duration {
    policy.open_for.saturating_mul(2u32.saturating_pow(failed_probes)).min(policy.max_open)
}

#[cfg(test)]
mod tests;
