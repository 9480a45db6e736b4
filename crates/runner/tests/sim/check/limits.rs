//! Does no more run at once, and no oftener, than may?

use std::time::Duration;

use crate::{
    ledger::Run,
    record::{CallRecord, Kind, Outcome, Refusal},
    settings::Rate,
    trial::{Finding, Trial},
};

pub(crate) fn check(trial: &Trial) -> Vec<Finding> {
    let mut findings = Vec::new();
    let settings = &trial.world.settings;
    if let Some(limit) = settings.limit {
        for tool in 0..trial.world.tools.len() {
            let peak = peak(trial.runs.iter().filter(|run| run.tool == tool));
            if peak > limit.most() {
                let what = format!("{peak} ran at once, {} may", limit.most());
                findings.push(Finding::new("limits_are_kept", what).about(tool));
            }
        }
    }
    let (peak, most) = (peak(trial.runs.iter()), settings.total.map_or(u32::MAX, |total| total.most()));
    if peak > most {
        findings.push(Finding::new("limits_are_kept", format!("{peak} ran at once in all, {most} may")));
    }
    let is_shed = |call: &&CallRecord| call.outcome.and_then(Outcome::refusal) == Some(Refusal::Queue);
    let shed = trial.calls.iter().filter(is_shed).filter(|call| call.asked.kind != Kind::Composition);
    findings.extend(shed.filter(|call| !is_full(trial, call)).map(|call| {
        let what = format!("call {} was shed, and there was room", call.asked.call);
        Finding::new("only_the_full_shed", what).about(call.asked.tool)
    }));
    findings.extend(settings.rate.and_then(|rate| over_rate(trial, rate)));
    findings
}

/// Returns how many of these ran at once at most.
fn peak<'a>(runs: impl Iterator<Item = &'a Run>) -> u32 {
    let mut moves: Vec<(u64, bool)> = Vec::new();
    for run in runs {
        moves.push((run.started.order, true));
        moves.extend(run.ended.map(|ended| (ended.order, false)));
    }
    moves.sort_unstable();
    let (mut now, mut most) = (0u32, 0);
    for (_, begins) in moves {
        now = if begins { now + 1 } else { now - 1 };
        most = most.max(now);
    }
    most
}

/// Returns whether as much ran as may, when a call ended or at its instant.
fn is_full(trial: &Trial, call: &CallRecord) -> bool {
    let Some(ended) = call.ended else { return true };
    let settings = &trial.world.settings;
    // An adaptive limit may be as small as one.
    let least = |limit: crate::settings::Limit| if limit.adaptive.is_some() { 1 } else { limit.size };
    let began = match call.asked.kind {
        // It was shed at some time while the composition ran.
        Kind::Step => call.started.at.saturating_sub(settings.max_timeout),
        _ if is_shared(call) => ended.at.saturating_sub(settings.max_timeout),
        _ => ended.at,
    };
    let around = |run: &&Run| run.started.at <= ended.at && run.ended.is_none_or(|over| over.at >= began);
    let own = trial.runs.iter().filter(around).filter(|run| run.tool == call.asked.tool).count();
    let all = trial.runs.iter().filter(around).count();
    let fills =
        |count: usize, limit: Option<crate::settings::Limit>| limit.is_some_and(|limit| count >= least(limit) as usize);
    fills(own, settings.limit) || fills(all, settings.total)
}

fn is_shared(call: &CallRecord) -> bool {
    matches!(call.outcome, Some(Outcome::Failure { origin: runner::tool_core::Origin::Shared, .. }))
}

/// Finds a principal who was let through oftener than may be.
fn over_rate(trial: &Trial, rate: Rate) -> Option<Finding> {
    for call in &trial.calls {
        let who = (call.asked.tenant, call.asked.principal);
        let own = trial.calls.iter().filter(|other| (other.asked.tenant, other.asked.principal) == who);
        let admitted: Vec<Duration> = own.filter(|other| is_admitted(other)).map(|other| other.started.at).collect();
        let from = admitted.iter().position(|at| *at >= call.started.at)?;
        for (count, at) in (1u32..).zip(&admitted[from..]) {
            let time = (*at - admitted[from]).as_secs_f64();
            if f64::from(count) > f64::from(rate.burst) + f64::from(rate.per_second) * time + 1e-6 {
                let what = format!("{who:?} was let through {count} times within {time} s");
                return Some(Finding::new("rates_are_kept", what));
            }
        }
    }
    None
}

/// Returns whether a call has passed admission for certain.
fn is_admitted(call: &CallRecord) -> bool {
    let passed = match call.outcome {
        Some(Outcome::Answer { .. }) => true,
        Some(Outcome::Failure { refusal, .. }) => !matches!(refusal, Some(Refusal::Rate | Refusal::Gate)),
        Some(Outcome::Left) | None => false,
    };
    passed && call.asked.objection.is_none() && !matches!(call.asked.kind, Kind::Unknown | Kind::Step)
}
