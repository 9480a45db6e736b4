//! What is measured, in which unit, and on which kind of item?

use crate::estate::MetricDef;
use crate::rca::MetricRole;

use super::grid::Field;
use super::nodes::Class;

/// One metric of the demo estate.
#[derive(Debug)]
pub(super) struct Metric {
    pub(super) name: &'static str,
    unit: &'static str,
    description: &'static str,
    role: MetricRole,
    /// Where its values are computed.
    pub(super) field: Field,
    /// Values are multiples of one over this: what a real collector would keep.
    pub(super) scale: f64,
    /// Whether people call an increase bad (`1`), or a decrease (`-1`).
    pub(super) bad: f64,
}

const fn up(
    name: &'static str,
    unit: &'static str,
    role: MetricRole,
    field: Field,
    scale: f64,
    description: &'static str,
) -> Metric {
    Metric { name, unit, description, role, field, scale, bad: 1.0 }
}

#[rustfmt::skip]
mod table {
    use super::{Field, Metric, MetricRole as Role, up};

    pub(in super::super) const LATENCY: Metric = up("latency", "s", Role::Latency, Field::Latency, 1e6, "Mean time to answer a request in the interval.");
    pub(in super::super) const REQUESTS: Metric = up("requests", "count", Role::Requests, Field::Requests, 1.0, "Requests that arrived in the interval.");
    pub(in super::super) const ERRORS: Metric = up("errors", "count", Role::Errors, Field::Errors, 1.0, "Requests that failed in the interval.");
    pub(in super::super) const AVAILABILITY: Metric = Metric { bad: -1.0, ..up("availability", "percent", Role::Availability, Field::Availability, 1e4, "Share of requests answered without error.") };
    pub(in super::super) const CPU: Metric = up("cpu_usage", "percent", Role::Saturation, Field::Cpu, 100.0, "Share of the processor time allowed to the item that it used.");
    pub(in super::super) const MEMORY: Metric = up("memory_usage", "percent", Role::Saturation, Field::Memory, 100.0, "Share of the memory allowed to the item that it held.");
    pub(in super::super) const DISK: Metric = up("disk_usage", "percent", Role::Saturation, Field::Disk, 1e3, "Share of the disk that is full.");
    pub(in super::super) const DISK_IO: Metric = up("disk_io", "percent", Role::Saturation, Field::Traffic, 100.0, "Share of the time the disks were busy.");
    pub(in super::super) const NETWORK_IN: Metric = up("network_in", "MB", Role::Throughput, Field::Traffic, 100.0, "Data received in the interval.");
    pub(in super::super) const DEPTH: Metric = up("queue_depth", "count", Role::Backlog, Field::Depth, 1.0, "Messages waiting at the end of the interval.");
    pub(in super::super) const PROCESSED: Metric = Metric { bad: -1.0, ..up("processed", "count", Role::Throughput, Field::Processed, 1.0, "Messages handed to consumers in the interval.") };
    pub(in super::super) const LAG: Metric = up("lag", "s", Role::Backlog, Field::Lag, 1000.0, "Age of a message when its processing starts, since the order was placed.");
}
pub(super) use table::{AVAILABILITY, CPU, DEPTH, LAG, LATENCY, MEMORY, REQUESTS};
use table::{DISK, DISK_IO, ERRORS, NETWORK_IN, PROCESSED};

/// Every metric there is.
const ALL: [&Metric; 12] = [
    &LATENCY,
    &REQUESTS,
    &ERRORS,
    &AVAILABILITY,
    &CPU,
    &MEMORY,
    &DISK,
    &DISK_IO,
    &NETWORK_IN,
    &DEPTH,
    &PROCESSED,
    &LAG,
];

/// Returns what is measured on items of `class`.
pub(super) const fn measured(class: Class) -> &'static [&'static Metric] {
    match class {
        Class::Balancer => &[&LATENCY, &REQUESTS, &ERRORS, &AVAILABILITY],
        Class::Web | Class::Gateway => &[&LATENCY, &REQUESTS, &ERRORS, &AVAILABILITY, &CPU],
        Class::Service => &[&LATENCY, &REQUESTS, &AVAILABILITY, &CPU, &MEMORY],
        Class::Worker => &[&LATENCY, &REQUESTS, &LAG, &CPU, &MEMORY],
        Class::Database => &[&LATENCY, &REQUESTS, &AVAILABILITY, &CPU],
        Class::Cache => &[&LATENCY, &REQUESTS, &AVAILABILITY, &MEMORY],
        Class::Queue => &[&REQUESTS, &PROCESSED, &DEPTH],
        Class::Link | Class::External => &[&LATENCY, &REQUESTS, &AVAILABILITY],
        Class::Server => &[&CPU, &MEMORY],
        Class::DataServer => &[&CPU, &MEMORY, &DISK],
        Class::Storage => &[&DISK_IO],
        Class::Network => &[&NETWORK_IN],
        Class::Security | Class::System | Class::Monitoring => &[],
    }
}

/// Returns the definitions of every metric.
pub(super) fn definitions() -> Vec<MetricDef> {
    ALL.map(|metric| MetricDef {
        name: metric.name.to_owned(),
        unit: metric.unit.to_owned(),
        description: metric.description.to_owned(),
        role: metric.role,
    })
    .to_vec()
}
