//! Which metric do some words name?

use super::sheet::Sheet;
use super::spelling::{is_slip, singular};
use crate::estate::MetricDef;

/// How people call what is measured, and which words a metric of it has in its name, the best first.
const SAYINGS: [(&[&str], &[&str]); 12] = [
    (
        &[
            "cpu",
            "cpu load",
            "cpu usage",
            "cpu utilization",
            "cpu utilisation",
            "processor",
            "processor load",
            "processor usage",
        ],
        &["cpu"],
    ),
    (
        &["memory", "mem", "ram", "memory usage", "mem usage", "ram usage", "memory consumption", "heap"],
        &["memory", "mem"],
    ),
    (&["disk", "disk space", "disk usage", "disk full", "storage usage"], &["disk_usage", "disk"]),
    (&["disk io", "disk i/o", "i/o", "disk activity", "disk busy"], &["disk_io", "io"]),
    (
        &["network in", "network traffic", "inbound traffic", "data received", "received data"],
        &["network_in", "network"],
    ),
    (
        &[
            "latency",
            "latencies",
            "response time",
            "response times",
            "answer time",
            "delay",
            "slowness",
            "respond time",
        ],
        &["latency", "response"],
    ),
    (&["availability", "uptime", "success rate"], &["availability", "success"]),
    (&["error", "errors", "error count", "failed requests", "failures"], &["errors", "error"]),
    (&["request", "requests", "request count", "hits", "load", "traffic", "throughput"], &["requests", "request"]),
    (
        &[
            "queue depth",
            "queue length",
            "queue size",
            "backlog",
            "waiting messages",
            "messages waiting",
            "depth of the queue",
        ],
        &["queue_depth", "depth", "backlog"],
    ),
    (&["lag", "consumer lag", "processing lag", "message age"], &["lag"]),
    (&["processed", "processed messages", "messages processed"], &["processed"]),
];

/// Finds the metric that is named at `at`, and where its name ends.
pub(super) fn at<'a>(sheet: &Sheet<'_>, at: usize, metrics: &'a [MetricDef]) -> Option<(&'a str, usize)> {
    by_name(sheet, at, metrics).or_else(|| by_saying(sheet, at, metrics))
}

fn by_name<'a>(sheet: &Sheet<'_>, at: usize, metrics: &'a [MetricDef]) -> Option<(&'a str, usize)> {
    let ends = metrics.iter().filter_map(|def| {
        let lower = def.name.to_lowercase();
        let end = sheet.phrase(at, &lower).or_else(|| sheet.phrase(at, &lower.replace(['_', '.', '-'], " ")))?;
        Some((def.name.as_str(), end))
    });
    ends.max_by_key(|(_, end)| *end)
}

fn by_saying<'a>(sheet: &Sheet<'_>, at: usize, metrics: &'a [MetricDef]) -> Option<(&'a str, usize)> {
    let found = SAYINGS.iter().filter_map(|(sayings, words)| {
        let end = sheet.any(at, sayings)?;
        Some((meant(words, metrics)?, end))
    });
    found.max_by_key(|(_, end)| *end)
}

/// Returns the metric with one of these words in its name; of several the shortest.
fn meant<'a>(words: &[&str], metrics: &'a [MetricDef]) -> Option<&'a str> {
    words.iter().find_map(|word| {
        let has = |def: &&MetricDef| {
            let name = def.name.to_lowercase();
            name == *word || name.split(['_', '.', '-']).any(|part| part == *word || singular(part) == *word)
        };
        metrics.iter().filter(has).map(|def| def.name.as_str()).min_by_key(|name| (name.len(), *name))
    })
}

/// Finds the metric whose name, or a common word for it, `at` misspells.
pub(super) fn near<'a>(sheet: &Sheet<'_>, at: usize, metrics: &'a [MetricDef]) -> Option<(&'a str, usize)> {
    let typed = sheet.word(at);
    let slip = |name: &str| is_slip(typed, name);
    let named = metrics.iter().map(|def| def.name.as_str()).find(|name| slip(&name.to_lowercase()));
    let said = || {
        SAYINGS.iter().find(|(sayings, _)| sayings.iter().any(|s| slip(s))).and_then(|(_, words)| meant(words, metrics))
    };
    sheet.is_free(at).then(|| named.or_else(said)).flatten().map(|name| (name, at + 1))
}
