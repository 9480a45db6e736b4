//! What can go wrong, and what does it push?

use std::fmt;

use super::force::{Driver, Profile};
use super::links::ENTRANCES;
use super::metric::{AVAILABILITY, CPU, DEPTH, LATENCY, MEMORY, Metric, REQUESTS};
use super::nodes::{Class, Node};
use super::shop::Part;

/// A kind of incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum IncidentKind {
    /// A database answers slowly.
    SlowQuery,
    /// Requests fail at one item.
    ErrorBurst,
    /// A service's memory fills until collecting it takes the time.
    MemoryLeak,
    /// Something takes the processor of a host from its guests.
    CpuHog,
    /// A new version is slower, or fails more.
    BadDeployment,
    /// A queue hands on less than arrives.
    QueueBacklog,
    /// Packets to one item take longer.
    NetworkDelay,
    /// More visitors than usual at one entrance.
    TrafficSurge,
}

impl IncidentKind {
    /// Every kind.
    pub(super) const ALL: [Self; 8] = [
        Self::SlowQuery,
        Self::ErrorBurst,
        Self::MemoryLeak,
        Self::CpuHog,
        Self::BadDeployment,
        Self::QueueBacklog,
        Self::NetworkDelay,
        Self::TrafficSurge,
    ];

    /// Returns the kind's name, as in `slow_query`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SlowQuery => "slow_query",
            Self::ErrorBurst => "error_burst",
            Self::MemoryLeak => "memory_leak",
            Self::CpuHog => "cpu_hog",
            Self::BadDeployment => "bad_deployment",
            Self::QueueBacklog => "queue_backlog",
            Self::NetworkDelay => "network_delay",
            Self::TrafficSurge => "traffic_surge",
        }
    }

    /// Returns whether it can befall an item.
    pub(super) fn befalls(self, node: &Node) -> bool {
        let class = node.class;
        match self {
            Self::SlowQuery => matches!(class, Class::Database),
            Self::ErrorBurst => matches!(class, Class::Service | Class::Database | Class::External | Class::Link),
            Self::MemoryLeak => matches!(class, Class::Service),
            Self::CpuHog => class.hosts(),
            Self::BadDeployment => matches!(class, Class::Service | Class::Gateway),
            Self::QueueBacklog => matches!(class, Class::Queue),
            Self::NetworkDelay => matches!(class, Class::Link | Class::Service | Class::Cache),
            Self::TrafficSurge => ENTRANCES.iter().any(|(code, ..)| *code == node.code),
        }
    }

    /// Returns how it develops.
    pub(super) const fn profile(self) -> Profile {
        match self {
            Self::MemoryLeak => Profile::Ramp,
            _ => Profile::Step,
        }
    }

    /// Returns the ways in which it shows at its cause.
    pub(super) const fn faces(self) -> &'static [Face] {
        match self {
            Self::SlowQuery => &[Face { shows: &LATENCY, pushes: &[(Driver::Delay, 1.0), (Driver::Cpu, 0.06)] }],
            Self::ErrorBurst => &[Face { shows: &AVAILABILITY, pushes: &[(Driver::Fault, 0.01)] }],
            Self::MemoryLeak => &[Face { shows: &MEMORY, pushes: &[(Driver::Heap, 10.0)] }],
            Self::CpuHog => &[Face { shows: &CPU, pushes: &[(Driver::Cpu, 0.1)] }],
            Self::BadDeployment => &[
                Face { shows: &LATENCY, pushes: &[(Driver::Delay, 1.0), (Driver::Cpu, 0.1), (Driver::Fault, 0.002)] },
                Face { shows: &AVAILABILITY, pushes: &[(Driver::Fault, 0.01), (Driver::Delay, 0.05)] },
            ],
            Self::QueueBacklog => &[Face { shows: &DEPTH, pushes: &[(Driver::Drain, 0.1)] }],
            Self::NetworkDelay => &[Face { shows: &LATENCY, pushes: &[(Driver::Delay, 1.0)] }],
            Self::TrafficSurge => &[Face { shows: &REQUESTS, pushes: &[(Driver::Surge, 0.1)] }],
        }
    }
}

impl fmt::Display for IncidentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One way in which a kind of incident shows.
#[derive(Debug)]
pub(super) struct Face {
    /// The metric of the cause that it moves most: what its magnitude is measured on.
    pub(super) shows: &'static Metric,
    /// What it pushes, for an amplitude of 1; a delay is in units of the item's own work.
    pub(super) pushes: &'static [(Driver, f64)],
}

/// Returns the unit in which a push on an item is given.
pub(super) const fn unit(driver: Driver, part: &Part) -> f64 {
    match driver {
        Driver::Delay => part.work,
        _ => 1.0,
    }
}
