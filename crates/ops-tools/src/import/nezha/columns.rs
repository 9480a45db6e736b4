//! What does each column of a pod's file mean?

use crate::{MetricDef, MetricRole};

/// A published column: its name there, and what it becomes.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) published: &'static str,
    pub(super) name: &'static str,
    unit: &'static str,
    role: MetricRole,
    description: &'static str,
}

const fn column(
    published: &'static str,
    name: &'static str,
    unit: &'static str,
    role: MetricRole,
    description: &'static str,
) -> Column {
    Column { published, name, unit, role, description }
}

impl Column {
    pub(super) fn definition(&self) -> MetricDef {
        let mut def = MetricDef::new(self.name, self.unit, self.role);
        self.description.clone_into(&mut def.description);
        def
    }
}

/// The columns about the pod itself.
///
/// Where a share of the limit is given beside an absolute value, the share is what ranks and the absolute value is
/// [`MetricRole::Other`], or the same fact would count twice. Client latency is time spent waiting for others, not
/// time to answer.
pub(super) const POD: [Column; 16] = [
    column("CpuUsage(m)", "cpu_usage", "millicores", MetricRole::Other, "CPU used"),
    column("CpuUsageRate(%)", "cpu_usage_rate", "percent", MetricRole::Saturation, "CPU used, of the limit"),
    column("MemoryUsage(Mi)", "memory_usage", "MiB", MetricRole::Other, "Memory used"),
    column("MemoryUsageRate(%)", "memory_usage_rate", "percent", MetricRole::Saturation, "Memory used, of the limit"),
    column("SyscallRead", "syscall_read", "count", MetricRole::Throughput, "Read system calls"),
    column("SyscallWrite", "syscall_write", "count", MetricRole::Throughput, "Write system calls"),
    column("NetworkReceiveBytes", "network_receive_bytes", "bytes", MetricRole::Throughput, "Bytes received"),
    column("NetworkTransmitBytes", "network_transmit_bytes", "bytes", MetricRole::Throughput, "Bytes sent"),
    column("PodClientLatencyP90(s)", "client_latency_p90", "s", MetricRole::Other, "Time waited for callees, p90"),
    column("PodServerLatencyP90(s)", "latency_p90", "s", MetricRole::LatencyTail, "Time to answer, p90"),
    column("PodClientLatencyP95(s)", "client_latency_p95", "s", MetricRole::Other, "Time waited for callees, p95"),
    column("PodServerLatencyP95(s)", "latency_p95", "s", MetricRole::LatencyTail, "Time to answer, p95"),
    column("PodClientLatencyP99(s)", "client_latency_p99", "s", MetricRole::Other, "Time waited for callees, p99"),
    column("PodServerLatencyP99(s)", "latency_p99", "s", MetricRole::LatencyTail, "Time to answer, p99"),
    column("PodWorkload(Ops)", "requests", "ops", MetricRole::Requests, "Requests"),
    column("PodSuccessRate(%)", "availability", "percent", MetricRole::Availability, "Requests answered well"),
];

/// The columns about the host that the pod runs on.
pub(super) const HOST: [Column; 3] = [
    column("NodeCpuUsageRate(%)", "node_cpu_usage_rate", "percent", MetricRole::Saturation, "CPU used on the host"),
    column(
        "NodeMemoryUsageRate(%)",
        "node_memory_usage_rate",
        "percent",
        MetricRole::Saturation,
        "Memory used on the host",
    ),
    column(
        "NodeNetworkReceiveBytes",
        "node_network_receive_bytes",
        "bytes",
        MetricRole::Throughput,
        "Bytes the host received",
    ),
];

/// The columns of `front_service.csv`. Means are not published, so the median stands in for the mean.
pub(super) const FRONT: [Column; 5] = [
    column("SuccessRate(%)", "availability", "percent", MetricRole::Availability, "Requests answered well"),
    column("LatencyP50(s)", "latency_p50", "s", MetricRole::Latency, "Time to answer, median"),
    column("LatencyP90(s)", "latency_p90", "s", MetricRole::LatencyTail, "Time to answer, p90"),
    column("LatencyP95(s)", "latency_p95", "s", MetricRole::LatencyTail, "Time to answer, p95"),
    column("LatencyP99(s)", "latency_p99", "s", MetricRole::LatencyTail, "Time to answer, p99"),
];
