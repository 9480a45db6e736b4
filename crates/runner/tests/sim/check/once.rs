//! Does nothing run more often than it may?

use runner::tool_core::{CacheMode, Effect, Execution, Scope};

use crate::{
    ledger::{End, Run},
    trial::{Finding, Trial},
    world::Target,
};

pub(crate) fn check(trial: &Trial) -> Vec<Finding> {
    let twice = trial.runs.iter().filter(|run| repeats(trial, run)).map(|run| {
        let what = format!("run {} of call {:?} came after one that may have done it", run.id, run.call);
        Finding::new("no_side_effect_twice", what).about(run.tool)
    });
    let stampedes = trial.runs.iter().filter_map(|run| stampede(trial, run));
    twice.chain(stampedes).collect()
}

/// Returns whether a run may do again what an earlier one of its call did.
fn repeats(trial: &Trial, run: &Run) -> bool {
    let plan = &trial.world.tools[run.tool];
    if plan.effect != Effect::Writes || plan.idempotent || run.call.is_none() {
        return false;
    }
    let did_nothing = |end| matches!(end, End::Failed(_, Execution::NotExecuted));
    trial.runs[..run.id].iter().any(|earlier| earlier.call == run.call && !did_nothing(earlier.end))
}

/// Finds a run that was begun while another one computed the same for the same.
fn stampede(trial: &Trial, run: &Run) -> Option<Finding> {
    let plan = &trial.world.tools[run.tool];
    // With so few loads at once, who finds no room loads alone.
    if trial.world.settings.cache.max_flights < 100 {
        return None;
    }
    let mode = |run: &Run| run.call.and_then(|call| trial.calls.get(call)).map(|call| call.asked.mode);
    // That of the question: a later attempt may read a source that has moved on.
    let generation = |run: &Run| run.call.and_then(|call| trial.calls.get(call)).map(|call| call.asked.generation);
    if !plan.is_cacheable() || mode(run) != Some(CacheMode::Use) {
        return None;
    }
    let same = |other: &&Run| {
        let owner = match plan.scope {
            Scope::Principal => other.tenant == run.tenant && other.principal == run.principal,
            Scope::Tenant => other.tenant == run.tenant,
            Scope::Shared => true,
        };
        let question = other.tool == run.tool && other.n == run.n && generation(other) == generation(run);
        let live = other.ended.is_some_and(|ended| ended.order > run.started.order);
        owner && question && live && other.call != run.call && mode(other) == Some(CacheMode::Use)
    };
    let other = trial.runs[..run.id].iter().find(same)?;
    // Superseded loads go on for those who wait for them.
    (!is_disturbed(trial, other, run)).then(|| {
        let what = format!("run {} began while run {} computed the same", run.id, other.id);
        Finding::new("one_load_per_question", what).about(run.tool)
    })
}

/// Returns whether something between two runs made the first one's answer unfit for later callers.
fn is_disturbed(trial: &Trial, first: &Run, second: &Run) -> bool {
    // A load begins with its call; its run may have to wait for its turn.
    let began = |run: &Run| {
        run.call.and_then(|call| trial.calls.get(call)).map_or(run.started.order, |call| call.started.order)
    };
    let since = began(first).min(began(second));
    let between = |order: u64| order > since && order < second.started.order;
    let refreshed = trial.calls.iter().any(|call| {
        call.asked.mode == CacheMode::Refresh && call.asked.tool == first.tool && between(call.started.order)
    });
    let upset = trial.upheavals.iter().any(|upheaval| {
        let concerns = match upheaval.target {
            Target::Tool(tool) | Target::Key { tool, .. } => tool == first.tool,
            Target::Tag(tag) => trial.world.tools[first.tool].tag == Some(tag),
            Target::All => true,
        };
        concerns && (between(upheaval.after.order) || between(upheaval.by.order))
    });
    refreshed || upset
}
