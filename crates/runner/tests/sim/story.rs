//! How did it come to this?

use std::time::Duration;

use crate::{
    ledger::Run,
    record::{Asked, CallRecord, Upheaval},
    trial::{Finding, Trial},
    world::World,
};

/// How many lines are enough to see it.
const LINES: usize = 60;

/// Tells what happened to the tool that a finding is about, in order, up to the end.
pub(crate) fn tell(trial: &Trial, finding: &Finding) -> String {
    let about = |tool: usize| finding.tool.is_none_or(|own| own == tool);
    let mut lines = Vec::new();
    for call in trial.calls.iter().filter(|call| about(call.asked.tool)) {
        lines.extend(call_lines(&trial.world, call));
    }
    for run in trial.runs.iter().filter(|run| about(run.tool)) {
        lines.extend(run_lines(&trial.world, run));
    }
    lines.extend(trial.upheavals.iter().map(upheaval_line));
    lines.sort_by_key(|line| line.order);
    let skipped = lines.len().saturating_sub(LINES);
    let told: Vec<String> =
        lines.iter().skip(skipped).map(|line| format!("  {:>12.3?} {}", line.at, line.text)).collect();
    let settings = &trial.world.settings;
    let head = format!(
        "  {settings:?}\n  {}",
        finding.tool.map_or(String::new(), |tool| format!("{:?}\n", trial.world.tools[tool]))
    );
    let head = if skipped > 0 { format!("{head}  … {skipped} lines before\n") } else { head };
    format!("{head}{}", told.join("\n"))
}

struct Line {
    at: Duration,
    order: u64,
    text: String,
}

fn call_lines(world: &World, call: &CallRecord) -> Vec<Line> {
    let Asked { call: number, kind, tool, tenant, principal, n, mode, deadline, .. } = call.asked;
    let name = world.tools[tool].name;
    let asks =
        format!("call {number}: {principal} of {tenant} asks {name} n={n} ({kind:?}, {mode:?}, until {deadline:?})");
    let mut lines = vec![Line { at: call.started.at, order: call.started.order, text: asks }];
    if let (Some(ended), Some(outcome)) = (call.ended, call.outcome) {
        lines.push(Line { at: ended.at, order: ended.order, text: format!("call {number}: {outcome:?}") });
    }
    lines
}

fn run_lines(world: &World, run: &Run) -> Vec<Line> {
    let begins = format!(
        "  run {} of {} n={} for call {:?} begins: {:?}, told {:?}",
        run.id, world.tools[run.tool].name, run.n, run.call, run.fault, run.deadline
    );
    let mut lines = vec![Line { at: run.started.at, order: run.started.order, text: begins }];
    if let Some(ended) = run.ended {
        lines.push(Line { at: ended.at, order: ended.order, text: format!("  run {} ends: {:?}", run.id, run.end) });
    }
    lines
}

fn upheaval_line(upheaval: &Upheaval) -> Line {
    let Upheaval { target, certainty, after, by } = upheaval;
    Line {
        at: by.at,
        order: by.order,
        text: format!("made stale: {target:?} ({certainty:?}, since order {})", after.order),
    }
}
