//! Has every failure a cause, and every refusal its reason?

use runner::tool_core::{CacheMode, ErrorKind};

use crate::{
    ledger::{End, Run},
    record::{CallRecord, Kind, Outcome},
    trial::{Finding, Trial},
};

pub(crate) fn check(trial: &Trial) -> Vec<Finding> {
    trial.calls.iter().filter(|call| call.asked.kind != Kind::Composition).flat_map(|call| judge(trial, call)).collect()
}

fn judge(trial: &Trial, call: &CallRecord) -> Vec<Finding> {
    let (asked, kind) = (&call.asked, call.outcome.and_then(Outcome::kind));
    let mut findings = Vec::new();
    let mut found = |invariant, what: &str| {
        let what = format!("call {} ended with {:?}: {what}", asked.call, call.outcome);
        findings.push(Finding::new(invariant, what).about(asked.tool));
    };
    let ran = asked.kind != Kind::Step && trial.runs.iter().any(|run| run.call == Some(asked.call));
    match asked.objection {
        Some(_) if asked.kind == Kind::Unknown => {}
        Some(objection) if !matches!(kind, Some(ErrorKind::Denied)) && call.outcome != Some(Outcome::Left) => {
            found("policy_is_never_skipped", &format!("it should be denied: {objection:?}"));
        }
        Some(_) if ran => found("policy_is_never_skipped", "the tool ran all the same"),
        _ => {}
    }
    if asked.kind == Kind::Misfit && ran {
        found("bad_parameters_never_run", "the tool ran all the same");
    }
    if asked.mode == CacheMode::OnlyIfCached && trial.world.tools[asked.tool].is_cacheable() && ran {
        found("cache_control_is_obeyed", "it asked for a cached answer, and the tool ran");
    }
    if kind.is_some_and(|kind| !has_cause(trial, call, kind)) {
        found("failures_have_a_cause", "nothing happened that explains it");
    }
    findings
}

fn has_cause(trial: &Trial, call: &CallRecord, kind: ErrorKind) -> bool {
    let asked = &call.asked;
    match kind {
        ErrorKind::Denied => asked.objection.is_some(),
        ErrorKind::UnknownTool => asked.kind == Kind::Unknown,
        ErrorKind::InvalidParams => asked.kind == Kind::Misfit,
        ErrorKind::NotCached => asked.mode == CacheMode::OnlyIfCached,
        ErrorKind::TimedOut => is_late(call) || runs_within(trial, call).any(|run| is_overdue(trial, run)),
        ErrorKind::Panicked => runs_within(trial, call).any(|run| run.end == End::Panicked),
        // Nothing that a caller who stays should ever hear.
        ErrorKind::Cancelled => false,
        kind => runs_within(trial, call).any(|run| matches!(run.end, End::Failed(own, _) if own == kind)),
    }
}

fn is_late(call: &CallRecord) -> bool {
    let ended = call.ended.map(|ended| ended.at);
    call.asked.deadline.is_some_and(|due| ended.is_some_and(|ended| ended >= due))
}

/// Returns whether a run was stopped at its limit.
fn is_overdue(trial: &Trial, run: &Run) -> bool {
    let limit = run.deadline.unwrap_or(run.started.at + trial.world.timeout(run.tool));
    run.end == End::Dropped && run.ended.is_some_and(|ended| ended.at >= limit)
}

/// Returns the runs of the tool that ended while the call waited.
fn runs_within<'a>(trial: &'a Trial, call: &'a CallRecord) -> impl Iterator<Item = &'a Run> {
    let until = call.ended.map_or(u64::MAX, |ended| ended.order);
    let within = move |run: &&Run| {
        run.tool == call.asked.tool && run.ended.is_some_and(|ended| (call.started.order..until).contains(&ended.order))
    };
    trial.runs.iter().filter(within)
}
