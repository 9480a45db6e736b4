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
    /// How long one kind of caller waits for the item's answers, the way included, in seconds.
    LatencySeen,
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

/// Which words in a metric's name tell its role, the first that is found deciding.
const WORDS: [(&[&str], MetricRole); 9] = [
    (&["clientlatency", "client_latency", "latency_to"], MetricRole::Other),
    (&["latency_seen"], MetricRole::LatencySeen),
    (&["availability", "success"], MetricRole::Availability),
    (&["error", "fail", "5xx"], MetricRole::Errors),
    (&["latency", "duration", "response_time"], MetricRole::Latency),
    (&["queue", "backlog", "lag", "pending"], MetricRole::Backlog),
    (&["request", "workload", "calls"], MetricRole::Requests),
    (&["byte", "syscall", "network", "disk_io", "throughput"], MetricRole::Throughput),
    (&["cpu", "memory", "disk", "heap", "usage", "utilization", "utilisation"], MetricRole::Saturation),
];

/// Which words in a metric's name say that it is a quantile.
const QUANTILES: [&str; 6] = ["p50", "p75", "p90", "p95", "p99", "quantile"];

impl MetricRole {
    /// Guesses the role of a metric from its name, and of a resource from its unit: for imports that declare none.
    ///
    /// A resource counts as saturation in percent or as a ratio only: an absolute amount is the same fact twice.
    ///
    /// # Examples
    ///
    /// ```
    /// use ops_tools::MetricRole;
    ///
    /// assert_eq!(MetricRole::from_name("latency_p99", "s"), MetricRole::LatencyTail);
    /// assert_eq!(MetricRole::from_name("cpu_usage", "percent"), MetricRole::Saturation);
    /// assert_eq!(MetricRole::from_name("temperature", "celsius"), MetricRole::Other);
    /// ```
    #[must_use]
    pub fn from_name(name: &str, unit: &str) -> Self {
        let name = name.to_lowercase();
        let has = |word: &&str| name.contains(*word);
        let role = WORDS.iter().find(|(words, _)| words.iter().any(has)).map_or(Self::Other, |found| found.1);
        match role {
            Self::Latency if QUANTILES.iter().any(has) => Self::LatencyTail,
            Self::Saturation if !is_share(unit) => Self::Other,
            role => role,
        }
    }
}

/// Returns whether a unit is a share of something; an unknown unit gets the benefit of the doubt.
fn is_share(unit: &str) -> bool {
    matches!(unit.to_lowercase().as_str(), "" | "%" | "percent" | "ratio" | "share")
}
