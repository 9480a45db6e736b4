//! Which words say what kind of answer is wanted?

use super::sheet::Sheet;
use super::spelling::is_slip;

/// What some words hint at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Cue {
    /// A number of things.
    Count,
    /// A number per group.
    Group,
    /// Who needs it, whatever the order of the words.
    Impact,
    /// What it needs, whatever the order of the words.
    Needs,
    /// Who needs whom: the order of the words decides.
    Verb,
    /// What runs on what: the order of the words decides, one hop.
    RunsOn,
    Path,
    Parts,
    Around,
    Events,
    Work,
    Maintenance,
    /// How values go on.
    Series,
    /// The newest value.
    Newest,
    /// As opposed to its normal.
    Compare,
    /// What is the cause.
    Why,
    Rule,
    Metrics,
    Exists,
    /// A property of one item.
    Property,
    /// Items by words or properties.
    Find,
    /// Something that is done, planned or bought: no tool answers it.
    Beyond,
    Most,
    Severe,
}

/// The words for each hint.
#[rustfmt::skip]
const CUES: &[(Cue, &[&str])] = &[
    (Cue::Count, &["how many", "count", "count of", "number of", "nr of", "no of", "amount of", "total number of", "number", "counts", "tally"]),
    (Cue::Group, &["break down", "breakdown", "broken down", "breakdown of", "distribution", "distribution of", "group", "grouped", "split", "spread"]),
    (Cue::Impact, &["impact", "impact of", "impacted", "affected", "affect", "affects", "blast radius", "radius", "breaks", "break", "dependents", "dependants", "dependent", "upstream", "upstreams", "goes down", "go down", "went down", "is down", "outage", "fails", "fail", "dies", "hit", "suffer", "suffers", "reboot", "who needs", "consumers", "callers", "clients", "relying"]),
    (Cue::Needs, &["dependencies", "dependency", "deps", "dependency tree", "downstream", "prerequisites", "requirements", "relies upon", "underlying"]),
    (Cue::Verb, &["depend on", "depends on", "depending on", "depend", "depends", "dependent on", "relies on", "rely on", "needs", "need", "needed by", "require", "requires", "uses", "use", "using", "calls", "call", "talks to", "talk to"]),
    (Cue::RunsOn, &["run on", "runs on", "running on", "hosted on", "hosted by", "deployed to", "sits on"]),
    (Cue::Path, &["path", "route", "connected to", "connected", "connection", "connect", "link between", "linked", "linked to", "related", "related to", "get from", "reach", "reaches", "relation between", "shortest", "hop from"]),
    (Cue::Parts, &["made of", "made up of", "consist of", "consists of", "composed of", "composition", "composition of", "components", "component", "parts of", "parts", "belongs to", "belong to", "part of", "members of", "contains", "comprise", "comprises"]),
    (Cue::Around, &["neighbors", "neighbours", "neighbor", "neighbour", "neighborhood", "neighbourhood", "around", "adjacent", "next to", "surroundings", "surrounding", "directly connected"]),
    (Cue::Events, &["events", "event", "event log", "happened", "happen", "happening", "log", "logs", "logged", "incidents", "going on", "went on", "timeline", "occurred"]),
    (Cue::Work, &["changed", "changes", "change", "change history", "changelog", "work", "worked on", "worked", "work history", "who touched", "touched", "modified", "modifications"]),
    (Cue::Maintenance, &["maintenance", "upkeep", "planned maintenance", "maintenances", "backup", "backups", "backed up", "patches", "patch", "patched", "patching", "maintenance windows", "maintenance window"]),
    (Cue::Series, &["trend", "trends", "trend of", "over time", "time series", "timeseries", "series", "history of", "history", "plot", "graph", "chart", "develop", "developed", "development", "evolve", "evolved", "evolution", "values", "curve", "course", "per interval", "samples", "data points", "datapoints", "readings"]),
    (Cue::Newest, &["last value", "latest value", "newest value", "most recent value", "current value", "last reading", "latest reading", "current", "right now", "now", "at the moment"]),
    (Cue::Compare, &["normal", "normally", "than normal", "usual", "than usual", "usually", "as usual", "unusual", "unusually", "anomaly", "anomalies", "anomalous", "abnormal", "abnormally", "baseline", "healthy", "unhealthy", "health", "deviate", "deviates", "deviation", "compare", "compared", "compared to", "compared with", "off normal", "far off", "higher", "lower", "behaving", "behave", "behaves", "odd", "strange"]),
    (Cue::Why, &["why", "root cause", "root cause of", "root causes", "cause", "cause of", "causes", "causing", "caused", "reason", "reason for", "reasons for", "investigate", "investigation", "diagnose", "diagnosis", "wrong", "wrong with", "whats wrong", "culprit", "troubleshoot", "explain", "trouble at", "trouble", "problem", "problems", "rca", "rootcause", "slow", "to blame", "blame"]),
    (Cue::Rule, &["simulate", "trigger", "triggers", "triggered", "fire", "fires", "fired", "rule", "the rule", "evaluate"]),
    (Cue::Metrics, &["metrics", "be measured", "measured", "measurements", "measure", "metrics are there", "kpis", "metric names", "measures", "collected", "monitored"]),
    (Cue::Exists, &["exist", "exists", "is there a metric", "there a metric", "have a metric", "a metric", "metric"]),
    (Cue::Property, &["owner", "owner of", "owns", "owned", "status", "status of", "state of", "located", "location", "location of", "ip", "ip address", "address", "version", "version of", "cores", "memory does", "details", "detail", "details on", "details of", "info", "information", "describe", "description", "look up", "responsible", "responsible for", "zone", "rack", "team", "site", "specs", "engine", "whois", "about"]),
    (Cue::Find, &["list", "list of", "find", "search", "search for", "look for", "items", "item", "cis", "configuration items", "inventory", "assets", "everything", "entries", "components with", "which of", "show all", "all", "names", "things", "parts"]),
    (Cue::Beyond, &["restart", "restarts", "delete", "remove", "kill", "scale", "silence", "mute", "roll back", "rollback", "revert", "ticket", "tickets", "predict", "prediction", "forecast", "cost", "costs", "price", "on call", "oncall", "report for", "incident report", "write", "joke", "weather", "create", "open", "close", "acknowledge", "ack", "escalate", "assign", "deploy", "install", "upgrade", "migrate", "stop", "start", "shut down", "shutdown", "provision", "page", "notify", "email", "send", "book", "buy", "schedule", "disable", "enable", "fix", "repair", "should we", "should i"]),
    (Cue::Most, &["most", "busiest", "biggest", "largest", "worst", "slowest", "fastest", "least"]),
];

/// Finds the longest hint at `at`, and where its words end.
pub(super) fn at(sheet: &Sheet<'_>, at: usize) -> Option<(Cue, usize)> {
    let found = CUES.iter().filter_map(|(cue, phrases)| Some((*cue, sheet.any(at, phrases)?)));
    // Of several as long the first of the table: it is in the order of what decides.
    found.reduce(|best, next| if next.1 > best.1 { next } else { best })
}

/// Finds the hint that a single long word misspells.
pub(super) fn near(word: &str) -> Option<Cue> {
    CUES.iter().find(|(_, phrases)| phrases.iter().any(|phrase| is_slip(word, phrase))).map(|(cue, _)| *cue)
}
