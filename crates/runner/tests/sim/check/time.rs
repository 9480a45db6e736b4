//! Does everything end in time?

use std::time::Duration;

use runner::tool_core::Effect;

use crate::{
    record::{CallRecord, Kind, Outcome},
    trial::{Finding, Trial},
};

/// The grain of tokio's timer: it rounds up to whole milliseconds.
const GRAIN: Duration = Duration::from_millis(1);

pub(crate) fn check(trial: &Trial) -> Vec<Finding> {
    let late = trial.calls.iter().filter_map(|call| {
        let over = overrun(call).filter(|over| *over > GRAIN)?;
        let what = format!("call {} ended {over:?} after its deadline: {:?}", call.asked.call, call.outcome);
        Some(Finding::new("deadlines_are_kept", what).about(call.asked.tool))
    });
    late.chain(endless(trial)).chain(untold(trial)).collect()
}

/// Returns by how much each call that had a deadline, and waited for it, missed it.
pub(crate) fn overruns(trial: &Trial) -> impl Iterator<Item = Duration> {
    trial.calls.iter().filter_map(overrun)
}

fn overrun(call: &CallRecord) -> Option<Duration> {
    let (deadline, ended) = (call.asked.deadline?.max(call.started.at), call.ended?.at);
    (call.outcome != Some(Outcome::Left)).then(|| ended.saturating_sub(deadline))
}

/// Finds calls that went on beyond every limit.
fn endless(trial: &Trial) -> impl Iterator<Item = Finding> {
    trial.calls.iter().filter(|call| call.asked.kind == Kind::Tool).filter_map(|call| {
        let (took, limit) = (call.ended?.at - call.started.at, trial.world.timeout(call.asked.tool));
        (took > limit + GRAIN).then(|| {
            let what = format!("call {} took {took:?}, its tool may take {limit:?}", call.asked.call);
            Finding::new("a_hard_limit_holds", what).about(call.asked.tool)
        })
    })
}

/// Finds runs that were not told until when they may run, or told too late a time.
fn untold(trial: &Trial) -> impl Iterator<Item = Finding> {
    trial.runs.iter().filter_map(|run| {
        let limit = run.started.at + trial.world.timeout(run.tool) + GRAIN;
        let plan = &trial.world.tools[run.tool];
        let asked = run.call.and_then(|call| trial.calls.get(call)).and_then(|call| call.asked.deadline);
        // A load is for whoever comes: it has no caller's deadline. A write is for its caller alone.
        let limit = if plan.effect == Effect::Writes { asked.map_or(limit, |asked| asked.min(limit)) } else { limit };
        (run.deadline.is_none_or(|told| told > limit)).then(|| {
            let what = format!("run {} was told {:?}, not at most {limit:?}", run.id, run.deadline);
            Finding::new("deadlines_are_passed_down", what).about(run.tool)
        })
    })
}
