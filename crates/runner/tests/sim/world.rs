//! What is there: which tools, with which faults, under which settings?

use std::time::Duration;

use runner::tool_core::{Effect, Scope};

use crate::{
    dice::Dice,
    fault::Fault,
    plan::{self, Action},
    settings::Settings,
};

/// Everything that a seed decides; nothing is decided later.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) settings: Settings,
    pub(crate) tools: Vec<ToolPlan>,
    pub(crate) actions: Vec<Action>,
}

/// What a tool is, and how it behaves.
#[derive(Debug, Clone)]
pub(crate) struct ToolPlan {
    pub(crate) name: &'static str,
    pub(crate) effect: Effect,
    pub(crate) idempotent: bool,
    pub(crate) scope: Scope,
    pub(crate) ttl: Option<Duration>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) tag: Option<&'static str>,
    /// Which of [`SOURCES`] it reads.
    pub(crate) source: usize,
    pub(crate) invalidates: &'static [Target],
    pub(crate) temper: Temper,
}

/// What an invalidation names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Tool(usize),
    Tag(&'static str),
    All,
    Key { tool: usize, tenant: &'static str, principal: &'static str, n: u64 },
}

/// How a tool behaves from run to run.
#[derive(Debug, Clone)]
pub(crate) struct Temper {
    pub(crate) delay: u64,
    pub(crate) faults: Vec<(Option<Fault>, u64)>,
    pub(crate) outage: Option<(Duration, Duration)>,
    /// Whether it flapped the last time it could.
    pub(crate) down: bool,
    pub(crate) dice: Dice,
}

/// What the tools read.
pub(crate) const SOURCES: [&str; 2] = ["estate:sim", "feed:sim"];
/// Names that give the same text when they are put together carelessly.
pub(crate) const TENANTS: [&str; 3] = ["acme", "acmea", "globex"];
pub(crate) const PRINCIPALS: [&str; 4] = ["ann", "nn", "bob", MALLORY];
/// Who may call next to nothing.
pub(crate) const MALLORY: &str = "mallory";
/// How many different questions there are to a tool.
pub(crate) const QUESTIONS: u64 = 4;

pub(crate) const OWN: usize = 0;
pub(crate) const TEAM: usize = 1;
pub(crate) const OPEN: usize = 2;
pub(crate) const CALC: usize = 3;
pub(crate) const ONCE: usize = 4;
pub(crate) const AGAIN: usize = 5;
pub(crate) const PLAIN: usize = 6;
pub(crate) const SELF: usize = 7;

/// Name, effect, idempotent, scope, tag, source, what it makes stale.
type Row = (&'static str, Effect, bool, Scope, Option<&'static str>, usize, &'static [Target]);

/// In the order of the numbers above.
const TOOLS: [Row; 8] = [
    ("read.own", Effect::Reads, false, Scope::Principal, Some("a"), 0, &[]),
    ("read.team", Effect::Reads, false, Scope::Tenant, Some("a"), 0, &[]),
    ("read.open", Effect::Reads, false, Scope::Shared, Some("b"), 1, &[]),
    ("pure.calc", Effect::Pure, false, Scope::Shared, None, 0, &[]),
    ("write.once", Effect::Writes, false, Scope::Tenant, None, 0, &[Target::Tool(TEAM)]),
    ("write.again", Effect::Writes, true, Scope::Tenant, None, 0, &[Target::Tag("a"), Target::Tool(OPEN)]),
    ("write.plain", Effect::Writes, false, Scope::Tenant, None, 0, &[]),
    ("read.self", Effect::Reads, false, Scope::Tenant, None, 0, &[]),
];

/// What may befall any tool, and how often beside the others.
const FAULTS: [(Option<Fault>, u64); 18] = [
    (Some(Fault::Slow), 10),
    (Some(Fault::Late), 4),
    (Some(Fault::Hang), 4),
    (Some(Fault::Fail), 8),
    (Some(Fault::Refused), 6),
    (Some(Fault::Flap), 6),
    (Some(Fault::RetryAfter), 6),
    (Some(Fault::NotFound), 6),
    (Some(Fault::PanicBefore), 4),
    (Some(Fault::PanicAfter), 4),
    (Some(Fault::PanicInDrop), 4),
    (Some(Fault::Huge), 4),
    (Some(Fault::Deep), 4),
    (Some(Fault::Malformed), 4),
    (Some(Fault::WrongShape), 5),
    (Some(Fault::Cut), 5),
    (Some(Fault::ShortLived), 5),
    (None, 80),
];

impl World {
    pub(crate) fn draw(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let settings = Settings::draw(&mut dice);
        let tools: Vec<ToolPlan> = TOOLS.iter().map(|row| ToolPlan::draw(row, &mut dice)).collect();
        let actions = plan::draw(&mut dice, &tools);
        Self { settings, tools, actions }
    }

    /// Returns how long an answer of a tool is good.
    pub(crate) fn ttl(&self, tool: usize) -> Duration {
        self.tools[tool].ttl.unwrap_or(self.settings.cache.default_ttl)
    }

    /// Returns the longest that a run of a tool may take.
    pub(crate) fn timeout(&self, tool: usize) -> Duration {
        self.tools[tool].timeout.unwrap_or(self.settings.timeout).min(self.settings.max_timeout)
    }
}

impl ToolPlan {
    fn draw(row: &Row, dice: &mut Dice) -> Self {
        let (name, effect, idempotent, scope, tag, source, invalidates) = *row;
        let ttl = dice.percent(50).then(|| dice.millis(500..=40_000));
        let timeout = dice.percent(30).then(|| dice.millis(300..=12_000));
        Self { name, effect, idempotent, scope, ttl, timeout, tag, source, invalidates, temper: Temper::draw(dice) }
    }

    pub(crate) fn is_cacheable(&self) -> bool {
        matches!(self.effect, Effect::Reads | Effect::Pure)
    }
}

impl Temper {
    fn draw(dice: &mut Dice) -> Self {
        // Each tool is prone to a few faults, the same ones over and over: so breakers and budgets have work to do.
        let mut faults = vec![(None, dice.within(10..=120))];
        for _ in 0..dice.within(2..=6) {
            faults.push((dice.weighted(&FAULTS), dice.within(4..=25)));
        }
        let outage = dice.percent(25).then(|| {
            let from = dice.millis(0..=40_000);
            (from, from + dice.millis(1_000..=15_000))
        });
        Self { delay: dice.pick(&[0, 5, 100, 800]), faults, outage, down: false, dice: dice.fork() }
    }

    /// Returns what goes wrong with the next run, and how long it takes.
    pub(crate) fn next(&mut self, now: Duration) -> (Option<Fault>, Duration) {
        let delay = self.dice.millis(0..=self.delay);
        match self.outage {
            Some((from, until)) if (from..until).contains(&now) => (Some(Fault::Outage), delay),
            _ => (self.fault(), delay),
        }
    }

    fn fault(&mut self) -> Option<Fault> {
        let fault = self.dice.weighted(&self.faults);
        self.down ^= fault == Some(Fault::Flap);
        fault.filter(|fault| *fault != Fault::Flap || self.down)
    }
}
