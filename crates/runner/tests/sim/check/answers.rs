//! Is every answer a right one, and one that its caller may have?

use std::time::Duration;

use runner::{
    tool_core::{CacheMode, ErrorKind, Extent, Origin, Scope},
    tool_guard::{Excess, Validation},
};

use crate::{
    fault::Fault,
    ledger::{End, Run},
    record::{Asked, CallRecord, Kind, Outcome},
    trial::{Finding, Trial},
};

/// One answer, and the run that it comes from; that there is nothing is an answer too, and so is the failure of a run.
#[derive(Clone, Copy)]
pub(crate) struct Answer<'a> {
    pub(crate) call: &'a CallRecord,
    pub(crate) asked: &'a Asked,
    pub(crate) run: &'a Run,
    pub(crate) origin: Origin,
    pub(crate) age: Duration,
    /// As what it failed, if it is a failure.
    pub(crate) failure: Option<ErrorKind>,
}

/// Returns every answer of a tool with its run.
pub(crate) fn all(trial: &Trial) -> impl Iterator<Item = Answer<'_>> {
    trial.calls.iter().filter_map(|call| {
        let (run, origin, age, failure) = match call.outcome? {
            Outcome::Answer { run, origin, age, .. } => (run?, origin, age, None),
            Outcome::Failure { run, origin, age, kind, .. } => (run?, origin, age, Some(kind)),
            Outcome::Left => return None,
        };
        let is_tool = matches!(call.asked.kind, Kind::Tool | Kind::Step);
        is_tool.then_some(Answer { call, asked: &call.asked, run: trial.runs.get(run)?, origin, age, failure })
    })
}

/// Returns whether a run ended as its answer says.
fn is_the_end(answer: Answer<'_>) -> bool {
    match answer.failure {
        None => answer.run.end == End::Answered,
        Some(kind) => matches!(answer.run.end, End::Failed(own, _) if own == kind),
    }
}

pub(crate) fn check(trial: &Trial) -> Vec<Finding> {
    let mut findings: Vec<Finding> = trial.calls.iter().filter_map(|call| unfounded(trial, call)).collect();
    for answer in all(trial) {
        let Answer { call, asked, run, origin, failure, .. } = answer;
        let mut found = |invariant, what: &str| {
            let what = format!("call {} got run {} ({origin:?}): {what}", asked.call, run.id);
            findings.push(Finding::new(invariant, what).about(asked.tool));
        };
        if run.tool != asked.tool || run.n != asked.n {
            found("answers_fit_their_question", "it is the answer to another question");
        }
        if is_foreign(trial, answer) {
            found("no_foreign_answer", "it was computed for somebody else");
        }
        if !is_the_end(answer) {
            found("no_failure_as_answer", &format!("that run ended otherwise: {:?}", run.end));
        }
        if origin.is_cached() && failure.is_some_and(|kind| kind != ErrorKind::NotFound) {
            found("failures_are_never_kept", "it is a failure that says nothing about later calls");
        }
        if origin.is_cached() && run.fault == Some(Fault::Cut) {
            found("cut_is_never_kept", "the result had been cut");
        }
        if is_unbounded(trial, answer) {
            found("results_are_bounded", &format!("{:?} is more than a tool may return", run.fault));
        }
        if origin.is_cached() && !trial.world.tools[asked.tool].is_cacheable() {
            found("writes_are_never_kept", "the tool is not one whose answers may be kept");
        }
        let is_own = run.call == Some(asked.call);
        let is_right = match origin {
            Origin::Executed => is_own,
            Origin::Shared => run.ended.is_some_and(|ended| ended.order > call.started.order),
            _ => run.ended.is_some_and(|ended| ended.order < call.ended.map_or(0, |ended| ended.order)),
        };
        // A load that fails may have waited after its last run, for another attempt.
        if !is_right && failure.is_none() {
            found("origin_is_true", "that is not where it comes from");
        }
        let obeys = match asked.mode {
            CacheMode::Bypass => is_own,
            // Refreshes that come together share one load.
            CacheMode::Refresh => run.started.order > call.started.order || is_of_refresh(trial, run),
            CacheMode::OnlyIfCached => origin.is_cached() || !trial.world.tools[asked.tool].is_cacheable(),
            _ => true,
        };
        if !obeys {
            found("cache_control_is_obeyed", &format!("it asked for {:?}", asked.mode));
        }
    }
    findings
}

/// Returns whether a result came through that is too large, too deep or of another shape than policy lets through.
fn is_unbounded(trial: &Trial, Answer { call, run, failure, .. }: Answer<'_>) -> bool {
    let Some(bounds) = trial.world.settings.result.filter(|_| failure.is_none()) else { return false };
    let is_cut = matches!(call.outcome, Some(Outcome::Answer { extent: Extent::Cut, .. }));
    match run.fault {
        Some(Fault::Huge | Fault::Deep) => !is_cut || bounds.excess == Excess::Refuse,
        Some(Fault::WrongShape) => bounds.validation == Validation::Enforce,
        _ => false,
    }
}

fn is_of_refresh(trial: &Trial, run: &Run) -> bool {
    let call = run.call.and_then(|call| trial.calls.get(call));
    call.is_some_and(|call| call.asked.mode == CacheMode::Refresh)
}

/// Finds an answer that no run can have given.
fn unfounded(trial: &Trial, call: &CallRecord) -> Option<Finding> {
    let Some(Outcome::Answer { run, n, extent, .. }) = call.outcome else { return None };
    let is_tool = matches!(call.asked.kind, Kind::Tool | Kind::Step);
    let is_founded = run.is_some_and(|run| run < trial.runs.len()) && n == Some(call.asked.n);
    (is_tool && !is_founded && extent == Extent::Whole).then(|| {
        let what = format!("call {} got an answer that no run gave: {:?}", call.asked.call, call.outcome);
        Finding::new("answers_fit_their_question", what).about(call.asked.tool)
    })
}

fn is_foreign(trial: &Trial, Answer { asked, run, .. }: Answer<'_>) -> bool {
    let (same_tenant, same_principal) = (*run.tenant == *asked.tenant, *run.principal == *asked.principal);
    match trial.world.tools[asked.tool].scope {
        Scope::Principal => !same_tenant || !same_principal,
        Scope::Tenant => !same_tenant,
        Scope::Shared => false,
    }
}
