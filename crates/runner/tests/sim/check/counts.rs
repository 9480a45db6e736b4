//! Do the layers count what happened?

use std::collections::BTreeMap;

use runner::tool_observe::ToolStats;

use crate::{
    drive::PAIR_TOOL,
    record::{Kind, Outcome},
    trial::{Finding, Trial},
    world::{OWN, SELF, TEAM},
};

/// Counts by what: origins of answers, kinds of failures.
type Counts = BTreeMap<String, u64>;

pub(crate) fn check(trial: &Trial) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut compare = |what: &str, ours: u64, theirs: u64| {
        if ours != theirs {
            findings.push(Finding::new("totals_agree", format!("{what}: {ours} happened, {theirs} are counted")));
        }
    };
    // What a shutdown turns away is not asked about.
    let turned_away = trial.books.refused.draining;
    let (asked, traced_calls) =
        (trial.books.asked.values().sum::<u64>(), trial.books.traced.iter().map(|stats| stats.calls).sum());
    compare("calls of all tools", asked + turned_away, traced_calls);
    for (tool, asked) in trial.books.asked.iter().filter(|_| turned_away == 0) {
        compare(&format!("calls of {tool}"), *asked, traced(trial, tool).map_or(0, |stats| stats.calls));
    }
    for (index, plan) in trial.world.tools.iter().enumerate() {
        // What compositions and tools call is not seen from outside.
        if [OWN, TEAM, SELF].contains(&index) {
            continue;
        }
        let (ours, theirs) = (seen(trial, index), counted(trial, plan.name));
        for name in ours.keys().chain(theirs.keys()) {
            let of = |counts: &Counts| counts.get(name).copied().unwrap_or(0);
            compare(&format!("{name} of {}", plan.name), of(&ours), of(&theirs));
        }
    }
    guarded(trial, &mut compare);
    let hits: u64 = trial.books.traced.iter().map(|stats| stats.cache_hits).sum();
    let cached = &trial.books.cached;
    compare("answers from the cache", hits + cached.negative_hits, cached.hits + cached.stale);
    findings
}

/// Compares what the guard counted with what ran.
fn guarded(trial: &Trial, compare: &mut impl FnMut(&str, u64, u64)) {
    for of in &trial.books.guarded.tools {
        let counts = of.counts;
        let ended = counts.succeeded + counts.failed + counts.cancelled;
        compare(&format!("ends of guarded calls of {}", of.name), ended, counts.started);
        let tool = trial.world.tools.iter().position(|plan| plan.name == of.name.as_str());
        // Parameters that do not fit count as a start of the tool, and do not run it.
        let Some(tool) = tool.filter(|tool| *tool != TEAM) else { continue };
        let runs = trial.runs.iter().filter(|run| run.tool == tool && run.started.order < trial.books.at.order).count();
        compare(&format!("runs of {}", of.name), runs as u64, counts.attempts);
    }
    compare("denials by policy", trial.books.denied, trial.books.refused.policy);
}

fn traced<'a>(trial: &'a Trial, tool: &str) -> Option<&'a ToolStats> {
    trial.books.traced.iter().find(|stats| stats.tool.as_str() == tool)
}

/// Counts what callers heard of a tool.
fn seen(trial: &Trial, tool: usize) -> Counts {
    let mut counts = Counts::new();
    let calls = trial
        .calls
        .iter()
        .filter(|call| call.asked.tool == tool && matches!(call.asked.kind, Kind::Tool | Kind::Misfit));
    for call in calls {
        let name = match call.outcome {
            Some(Outcome::Answer { origin, .. }) => origin.as_str(),
            Some(Outcome::Failure { kind, .. }) => kind.as_str(),
            Some(Outcome::Left) => "cancelled",
            None => continue,
        };
        *counts.entry(name.to_owned()).or_default() += 1;
    }
    counts
}

/// Returns what the tracer counted of a tool, without the call that tried it at the end.
fn counted(trial: &Trial, tool: &str) -> Counts {
    debug_assert_ne!(tool, PAIR_TOOL);
    let Some(stats) = traced(trial, tool) else { return Counts::new() };
    let all = stats.ok_by_origin.iter().chain(&stats.errors_by_kind);
    all.map(|(name, count)| (name.to_string(), *count)).collect()
}
