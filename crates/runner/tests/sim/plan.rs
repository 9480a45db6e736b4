//! Who does what, and when?

use std::time::Duration;

use runner::tool_core::CacheMode;

use crate::{
    dice::Dice,
    fault::Fault,
    world::{
        AGAIN, CALC, MALLORY, ONCE, OPEN, OWN, PLAIN, PRINCIPALS, QUESTIONS, SELF, SOURCES, TEAM, TENANTS, Target,
        ToolPlan,
    },
};

/// Something that happens at a time.
#[derive(Debug, Clone)]
pub(crate) struct Action {
    pub(crate) at: Duration,
    pub(crate) what: What,
}

#[derive(Debug, Clone)]
pub(crate) enum What {
    Call(CallPlan),
    Invalidate(Target),
    NewGeneration(usize),
    /// From now on a principal may not call a tool.
    Revoke(&'static str, usize),
    /// The runner is to stop, within so long.
    Shutdown(Duration),
    /// Marks a fault that has no action of its own.
    Note(Fault),
}

/// One call, and what its caller does meanwhile.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CallPlan {
    pub(crate) what: Subject,
    pub(crate) tenant: &'static str,
    pub(crate) principal: &'static str,
    pub(crate) n: u64,
    pub(crate) mode: CacheMode,
    pub(crate) max_age: Option<Duration>,
    pub(crate) max_stale: Option<Duration>,
    /// How long the caller has, from when it asks.
    pub(crate) time: Option<Duration>,
    pub(crate) leave: Leave,
}

/// What is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    Tool(usize),
    /// A tool, with parameters that do not fit it.
    Misfit(usize),
    Unknown,
    /// The composition, as a run of its own.
    Run,
    /// The composition, as a tool.
    Composite,
}

/// How a caller leaves before it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leave {
    Never,
    Drop(Duration),
    Abort(Duration),
}

/// Which tool is called how often beside the others.
const TRAFFIC: [(Subject, u64); 12] = [
    (Subject::Tool(OWN), 16),
    (Subject::Tool(TEAM), 20),
    (Subject::Tool(OPEN), 16),
    (Subject::Tool(CALC), 8),
    (Subject::Tool(ONCE), 8),
    (Subject::Tool(AGAIN), 8),
    (Subject::Tool(PLAIN), 6),
    (Subject::Tool(SELF), 2),
    (Subject::Misfit(TEAM), 2),
    (Subject::Unknown, 1),
    (Subject::Run, 4),
    (Subject::Composite, 4),
];

pub(crate) fn draw(dice: &mut Dice, tools: &[ToolPlan]) -> Vec<Action> {
    let horizon = dice.within(5_000..=60_000);
    let mut actions = Vec::new();
    for _ in 0..dice.within(20..=70) {
        let (at, call) = (dice.millis(0..=horizon), CallPlan::draw(dice));
        match dice.within(0..=99) {
            0..=5 => burst(&mut actions, at, call, dice),
            6..=9 => crowd(&mut actions, at, call, dice),
            _ => actions.push(Action { at, what: What::Call(call) }),
        }
    }
    for _ in 0..dice.within(0..=5) {
        let at = dice.millis(0..=horizon);
        actions.push(Action { at, what: upheaval(dice, tools) });
    }
    if dice.percent(15) {
        let at = dice.millis(horizon / 2..=horizon);
        actions.push(Action { at, what: What::Shutdown(dice.millis(0..=10_000)) });
    }
    actions.sort_by_key(|action| action.at);
    if dice.percent(15) {
        let hour = Duration::from_secs(3600);
        let from = actions.len() / 2;
        actions[from..].iter_mut().for_each(|action| action.at += hour);
        actions.insert(from, Action { at: actions[from].at, what: What::Note(Fault::LongSleep) });
    }
    actions
}

/// Many ask the same at once.
fn burst(actions: &mut Vec<Action>, at: Duration, call: CallPlan, dice: &mut Dice) {
    actions.push(Action { at, what: What::Note(Fault::Burst) });
    for _ in 0..dice.within(3..=12) {
        let own = CallPlan::draw(dice);
        let one = CallPlan { time: own.time, leave: own.leave, mode: CacheMode::Use, max_age: None, ..call };
        let (tenant, principal) =
            if dice.percent(70) { (call.tenant, call.principal) } else { (own.tenant, own.principal) };
        actions.push(Action { at, what: What::Call(CallPlan { tenant, principal, ..one }) });
    }
}

/// Many ask one tool different things at once.
fn crowd(actions: &mut Vec<Action>, at: Duration, call: CallPlan, dice: &mut Dice) {
    actions.push(Action { at, what: What::Note(Fault::Crowd) });
    for _ in 0..dice.within(4..=16) {
        let one = CallPlan { what: call.what, mode: CacheMode::Bypass, ..CallPlan::draw(dice) };
        actions.push(Action { at, what: What::Call(one) });
    }
}

/// Something that changes the world under the callers' feet.
fn upheaval(dice: &mut Dice, tools: &[ToolPlan]) -> What {
    let tool = dice.pick(&[OWN, TEAM, OPEN, CALC]);
    match dice.within(0..=9) {
        0..=1 => What::NewGeneration(dice.pick(&[0, SOURCES.len() - 1])),
        2..=3 => What::Invalidate(Target::Tool(tool)),
        4..=5 => What::Invalidate(Target::Tag(tools[tool].tag.unwrap_or("a"))),
        6 => What::Invalidate(Target::All),
        7..=8 => {
            let (tenant, principal) = (dice.pick(&TENANTS), dice.pick(&PRINCIPALS));
            What::Invalidate(Target::Key { tool, tenant, principal, n: dice.within(0..=QUESTIONS - 1) })
        }
        _ => What::Revoke("bob", tool),
    }
}

impl CallPlan {
    fn draw(dice: &mut Dice) -> Self {
        let mode = dice.weighted(&[
            (CacheMode::Use, 84),
            (CacheMode::Bypass, 5),
            (CacheMode::Refresh, 6),
            (CacheMode::OnlyIfCached, 5),
        ]);
        let time = match dice.within(0..=99) {
            0..=2 => Some(Duration::ZERO),
            3..=20 => Some(dice.millis(1..=3_000)),
            21..=50 => Some(dice.millis(3_000..=60_000)),
            _ => None,
        };
        let leave = match dice.within(0..=99) {
            0..=4 => Leave::Drop(dice.millis(0..=1_500)),
            5..=9 => Leave::Abort(dice.millis(0..=1_500)),
            _ => Leave::Never,
        };
        let principal = if dice.percent(4) { MALLORY } else { dice.pick(&PRINCIPALS[..3]) };
        let what = dice.weighted(&TRAFFIC);
        // A refresh begins another load of what a tool that asks itself is being asked.
        let mode = if what == Subject::Tool(SELF) && mode == CacheMode::Refresh { CacheMode::Use } else { mode };
        Self {
            what,
            tenant: dice.pick(&TENANTS),
            principal,
            n: dice.within(0..=QUESTIONS - 1),
            mode,
            max_age: dice.percent(6).then(|| dice.millis(0..=10_000)),
            max_stale: dice.percent(6).then(|| dice.millis(0..=20_000)),
            time,
            leave,
        }
    }
}
