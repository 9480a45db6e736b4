//! What does a metric tell about an item?

use serde::{Deserialize, Serialize};

/// What a metric tells about an item: all that ranking looks at, so that no name of a data set matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MetricRole {
    /// Mean time to answer, in seconds.
    Latency,
    /// A quantile of the time to answer, in seconds.
    LatencyTail,
    /// Requests per interval.
    Requests,
    /// Share of requests answered well, in percent.
    Availability,
    /// Failed requests per interval.
    Errors,
    /// How full a resource is: CPU, memory, disk.
    Saturation,
    /// Work that waits: queue depth, lag.
    Backlog,
    /// Work done by a resource: bytes, system calls.
    Throughput,
    /// Anything else.
    Other,
}
