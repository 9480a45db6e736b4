//! Has every failure a cause, and every refusal its reason?

use std::time::Duration;

use runner::tool_core::{CacheMode, ErrorKind, Origin};

use crate::{
    fault::Fault,
    ledger::{End, Run},
    record::{CallRecord, Kind, Outcome, Refusal},
    trial::{Finding, Trial},
};

pub(crate) fn check(trial: &Trial) -> Vec<Finding> {
    trial.calls.iter().filter(|call| call.asked.kind != Kind::Composition).flat_map(|call| judge(trial, call)).collect()
}

fn judge(trial: &Trial, call: &CallRecord) -> Vec<Finding> {
    let (asked, kind) = (&call.asked, call.outcome.and_then(Outcome::kind));
    let refusal = call.outcome.and_then(Outcome::refusal);
    let mut findings = Vec::new();
    let mut found = |invariant, what: &str| {
        let what = format!("call {} ended with {:?}: {what}", asked.call, call.outcome);
        findings.push(Finding::new(invariant, what).about(asked.tool));
    };
    let ran = asked.kind != Kind::Step && trial.runs.iter().any(|run| run.call == Some(asked.call));
    match asked.objection {
        Some(_) if asked.kind == Kind::Unknown => {}
        Some(_) if refusal == Some(Refusal::Gate) => {}
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
    match call.outcome.and_then(Outcome::refusal) {
        Some(Refusal::Rate) => return trial.world.settings.rate.is_some(),
        Some(Refusal::Gate) => return trial.fired.of(Fault::Shutdown) > 0,
        // There is a check of its own for it.
        Some(Refusal::Queue) => return true,
        Some(Refusal::Breaker) => return is_left_alone(trial, call),
        None => {}
    }
    let is_from_cache = matches!(call.outcome, Some(Outcome::Failure { origin, .. }) if origin.is_cached());
    match kind {
        // Where it comes from is checked with the answers.
        ErrorKind::NotFound if is_from_cache => true,
        ErrorKind::Denied => asked.objection.is_some(),
        ErrorKind::UnknownTool => asked.kind == Kind::Unknown,
        ErrorKind::InvalidParams => asked.kind == Kind::Misfit,
        ErrorKind::NotCached => asked.mode == CacheMode::OnlyIfCached,
        ErrorKind::TimedOut => {
            is_late(call) || is_over(trial, call) || runs(trial, call).any(|run| is_overdue(trial, run))
        }
        ErrorKind::Panicked => runs(trial, call).any(|run| run.end == End::Panicked),
        ErrorKind::TooLarge => runs(trial, call).any(|run| matches!(run.fault, Some(Fault::Huge | Fault::Deep))),
        ErrorKind::InvalidOutput => {
            runs(trial, call).any(|run| matches!(run.fault, Some(Fault::Malformed | Fault::WrongShape)))
        }
        // Nothing that a caller who stays should ever hear.
        ErrorKind::Cancelled => false,
        kind => runs(trial, call).any(|run| matches!(run.end, End::Failed(own, _) if own == kind)),
    }
}

/// Returns whether the breaker has a reason not to let a call through: failures, and a run that may have opened it not
/// longer ago than it may stay open; or a probe that is out and within its lease.
fn is_left_alone(trial: &Trial, call: &CallRecord) -> bool {
    let (Some(breaker), Some(ended)) = (trial.world.settings.breaker, call.ended) else { return false };
    // The refusal of a load reaches who joined it as soon as the one who began it; that of a step came at some time
    // while its composition ran.
    let now = if call.asked.kind == Kind::Step { call.started.at } else { ended.at };
    let since = now.saturating_sub(breaker.max_open);
    let is_bad = |run: &Run| {
        let took = run.ended.map(|ended| ended.at.saturating_sub(run.started.at));
        run.end != End::Answered
            || took.is_some_and(|took| took >= breaker.slow_call)
            || run.fault == Some(Fault::WrongShape)
    };
    let own = || trial.runs.iter().filter(|run| run.tool == call.asked.tool && run.started.order < ended.order);
    let over = |run: &Run| run.ended.is_some_and(|over| over.order < ended.order);
    let is_out = |run: &Run| !over(run) && run.started.at + breaker.lease > now;
    // It may open by any run that ends, as long as enough of those before have failed.
    let may_be_open = own().any(|run| over(run) && run.ended.is_some_and(|over| over.at >= since));
    own().any(is_out) || (may_be_open && own().any(|run| over(run) && is_bad(run)))
}

/// Returns whether all the time that a call of the tool may take was over.
fn is_over(trial: &Trial, call: &CallRecord) -> bool {
    let Some(ended) = call.ended else { return false };
    let limit = trial.world.timeout(call.asked.tool);
    // It may have joined the load of a call that came before it, or of a step, which came when nobody saw.
    let by_step = |other: &CallRecord| {
        other.asked.kind == Kind::Composition && other.started.at + limit <= ended.at && other.ended >= call.ended
    };
    let is_or_joins_a_step = is_shared(call) || call.asked.kind == Kind::Step;
    if is_or_joins_a_step && trial.calls.iter().any(by_step) {
        return true;
    }
    trial
        .calls
        .iter()
        .filter(|other| other.asked.tool == call.asked.tool && other.started.order <= call.started.order)
        .any(|other| {
            ended.at >= other.started.at + limit && ended.at <= other.started.at + limit + Duration::from_millis(1)
        })
}

fn is_shared(call: &CallRecord) -> bool {
    matches!(call.outcome, Some(Outcome::Failure { origin: Origin::Shared, .. }))
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

/// Returns the runs of the tool that may be why a call ended as it did: those that ended while it waited, and those of
/// the load that it joined.
fn runs<'a>(trial: &'a Trial, call: &'a CallRecord) -> impl Iterator<Item = &'a Run> {
    let until = call.ended.map_or(u64::MAX, |ended| ended.order);
    let is_shared = is_shared(call);
    let since =
        call.started.at.saturating_sub(if is_shared { trial.world.timeout(call.asked.tool) } else { Duration::ZERO });
    trial.runs.iter().filter(move |run| {
        let ended = run.ended.filter(|ended| ended.order < until && ended.at >= since);
        run.tool == call.asked.tool && ended.is_some_and(|ended| is_shared || ended.order > call.started.order)
    })
}
