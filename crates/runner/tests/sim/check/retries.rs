//! Is everything tried again only as often, and only when, it may be?

use runner::tool_core::Origin;

use crate::{
    ledger::Run,
    record::{Kind, Outcome},
    trial::{Finding, Trial},
};

pub(crate) fn check(trial: &Trial) -> Vec<Finding> {
    let mut findings: Vec<Finding> = (0..trial.world.tools.len()).flat_map(|tool| budget(trial, tool)).collect();
    findings.extend(trial.runs.iter().filter_map(|run| hasty(trial, run)));
    findings.extend(miscounted(trial));
    findings
}

/// What a run is to its call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    First,
    /// Begun after the one before had ended.
    Again,
    /// Begun beside one that ran.
    Beside,
}

/// Returns the runs of the same tool for the same call, before a run.
fn before<'a>(trial: &'a Trial, run: &'a Run) -> impl Iterator<Item = &'a Run> {
    let own = run.call.is_some();
    trial.runs[..run.id].iter().filter(move |other| own && other.call == run.call && other.tool == run.tool)
}

fn role(trial: &Trial, run: &Run) -> Role {
    let is_live = |other: &Run| other.ended.is_none_or(|ended| ended.order > run.started.order);
    match before(trial, run).last() {
        None => Role::First,
        Some(_) if before(trial, run).any(is_live) => Role::Beside,
        Some(_) => Role::Again,
    }
}

/// Finds a tool that was started oftener than its budgets and its calls allow.
fn budget(trial: &Trial, tool: usize) -> Vec<Finding> {
    let name = trial.world.tools[tool].name;
    let runs: Vec<&Run> = trial.runs.iter().filter(|run| run.tool == tool).collect();
    let count = |role_of| runs.iter().filter(|run| role(trial, run) == role_of).count();
    let counts = trial.books.guarded.tools.iter().find(|of| of.name.as_str() == name).map(|of| of.counts);
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    let calls = counts.map_or(0.0, |counts| counts.started as f64);
    let settings = &trial.world.settings;
    let retries = settings.retry.map_or(0.0, |retry| {
        let floor = retry.floor * trial.books.at.at.as_secs_f64();
        // One is there from the beginning, where there is a floor at all.
        retry.budget * calls + floor + if retry.floor > 0.0 { 1.0 } else { 0.0 }
    });
    let hedges = settings.hedge.map_or(0.0, |hedge| hedge.budget * calls);
    let mut findings = Vec::new();
    for (role, most) in [(Role::Again, retries), (Role::Beside, hedges)] {
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        let made = count(role) as f64;
        if made > most + 1e-6 {
            let what = format!("{made} more runs of {name} ({role:?}), {most} may be, of {calls} calls");
            findings.push(Finding::new("retries_stay_within_budget", what).about(tool));
        }
    }
    let most = settings.retry.map_or(1, |retry| retry.attempts) as usize + usize::from(settings.hedge.is_some());
    let too_often = runs.iter().find(|run| before(trial, run).count() >= most);
    findings.extend(too_often.map(|run| {
        let what = format!("run {} of call {:?} is one more than the {most} there may be", run.id, run.call);
        Finding::new("retries_are_bounded", what).about(tool)
    }));
    findings
}

/// Finds a run that came sooner than the one before it had asked.
fn hasty(trial: &Trial, run: &Run) -> Option<Finding> {
    if role(trial, run) != Role::Again {
        return None;
    }
    let last = before(trial, run).max_by_key(|other| other.ended.map(|ended| ended.order))?;
    let due = last.ended?.at.saturating_add(last.advice?);
    (run.started.at < due).then(|| {
        let what = format!("run {} began before {due:?}, when run {} wanted to be asked again", run.id, last.id);
        Finding::new("advice_is_taken", what).about(run.tool)
    })
}

/// Finds answers that do not say how often the tool was started for them.
fn miscounted(trial: &Trial) -> impl Iterator<Item = Finding> {
    trial.calls.iter().filter_map(|call| {
        let Some(Outcome::Answer { attempts, origin: Origin::Executed, .. }) = call.outcome else { return None };
        let own = |run: &&Run| run.call == Some(call.asked.call) && run.tool == call.asked.tool;
        let runs = trial.runs.iter().filter(own).count();
        (call.asked.kind == Kind::Tool && attempts as usize != runs).then(|| {
            let what = format!("call {} says {attempts} attempts, there were {runs}", call.asked.call);
            Finding::new("attempts_are_true", what).about(call.asked.tool)
        })
    })
}
