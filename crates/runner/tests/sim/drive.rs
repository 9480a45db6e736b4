//! What happens when a world is let run?

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use runner::{
    Config, Runner,
    tool_core::{CacheControl, CallContext, Clock, ErrorKind, Params, ToolError, ToolResult, testing::TokioClock},
};
use serde_json::{Value, json};
use tokio::{
    runtime::Handle,
    task::JoinHandle,
    time::{sleep, sleep_until, timeout},
};

use crate::{
    fault::Fault,
    ledger::{Ledger, Stamp},
    plan::{Action, CallPlan, Leave, Subject, What},
    record::{Asked, CallRecord, Certainty, Kind, Outcome, Upheaval, deadline},
    recover,
    tools::{self, Cast},
    trial::{Books, Finding, Leftovers, Trial},
    turnstile::{Objection, Turnstile},
    world::{OWN, SELF, TEAM, Target, World},
};

/// The composition, and its tool.
const PAIR: &str = "pair";
pub(crate) const PAIR_TOOL: &str = "compose.pair";
/// The tools of its steps.
const STEPS: [usize; 2] = [TEAM, OWN];
/// How long after its last action a world may still be busy: far more than every limit together.
pub(crate) const PATIENCE: Duration = Duration::from_secs(2 * 60 * 60);

/// The stage on which a world is let run.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) runner: Runner,
    pub(crate) cast: Arc<Cast>,
    pub(crate) turnstile: Arc<Turnstile>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    calls: Vec<CallRecord>,
    upheavals: Vec<Upheaval>,
    findings: Vec<Finding>,
}

/// Lets a world run from its beginning to its end, in virtual time.
pub(crate) async fn drive(world: World) -> Trial {
    let stage = Arc::new(Stage::build(world));
    let mut callers = Vec::new();
    for Action { at, what } in &stage.world.actions {
        sleep_until(stage.ledger().tokio_instant(*at)).await;
        callers.extend(stage.act(what));
    }
    let all = async {
        for caller in callers {
            stage.join(caller).await;
        }
    };
    if timeout(PATIENCE, all).await.is_err() {
        stage.find("no_hang", "callers were never answered");
    }
    let leftovers = stage.settle().await;
    let books = stage.books();
    recover::recover(&stage).await;
    stage.trial(leftovers, books)
}

impl Stage {
    fn build(world: World) -> Self {
        let ledger = Arc::new(Ledger::new(world.tools.len()));
        let cast = Arc::new(Cast::new(Arc::clone(&ledger), world.settings.cache.max_flights));
        let turnstile = Arc::new(Turnstile::default());
        let config = Config::parse(&world.settings.toml(), "sim.toml").unwrap();
        let clock: Arc<dyn Clock> = Arc::new(TokioClock::new());
        let composition = json!({
            "name": PAIR,
            "description": "Asks two tools.",
            "params": {"n": {"type": "integer", "required": true}},
            "steps": [
                {"id": "team", "tool": world.tools[TEAM].name, "params": {"n": "${params.n}"}, "on_error": "skip"},
                {"id": "own", "tool": world.tools[OWN].name, "params": {"n": "${params.n}"}},
            ],
        });
        let runner = Runner::builder()
            .config(config)
            .cache(world.settings.cache.policy())
            .guard(world.settings.guard())
            .seed(world.settings.seed)
            .clock(clock)
            .policy(turnstile.clone())
            .tools(tools::all(&world, &cast))
            .composition(serde_json::from_value(composition).unwrap())
            .build()
            .unwrap();
        let itself = runner.registry().resolve(world.tools[SELF].name).unwrap();
        cast.itself.set((Arc::downgrade(runner.pipeline()), itself)).unwrap();
        Self { world, runner, cast, turnstile, state: Mutex::default() }
    }

    pub(crate) fn ledger(&self) -> &Arc<Ledger> {
        &self.cast.ledger
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn find(&self, invariant: &'static str, what: impl Into<String>) {
        self.lock().findings.push(Finding::new(invariant, what));
    }

    /// Does one action; returns the tasks that it began.
    fn act(self: &Arc<Self>, what: &What) -> Vec<JoinHandle<()>> {
        self.look_at_queues();
        match what {
            What::Call(plan) => return self.call(*plan),
            What::Invalidate(target) => self.invalidate(*target),
            What::NewGeneration(source) => {
                let source = &self.cast.sources[*source];
                source.set_generation(source.generation() + 1);
                self.cast.upset();
                self.ledger().note(Fault::NewGeneration);
            }
            What::Revoke(principal, tool) => self.turnstile.revoke(principal, self.world.tools[*tool].name),
            What::Shutdown(within) => return vec![tokio::spawn(Arc::clone(self).shut_down(*within))],
            What::Note(fault) => self.ledger().note(*fault),
        }
        Vec::new()
    }

    /// Looks whether no more wait for their turn than may.
    fn look_at_queues(&self) {
        let Some(limit) = self.world.settings.limit else { return };
        let guarded = self.runner.pipeline().inner().inner().inner();
        for tool in guarded.stats().tools.iter().filter(|tool| tool.waiting > limit.queue) {
            let what = format!("{} calls wait for {}, {} may", tool.waiting, tool.name, limit.queue);
            self.find("queues_are_bounded", what);
        }
    }

    /// Stops the runner, and looks whether it says the truth about what it abandons.
    async fn shut_down(self: Arc<Self>, within: Duration) {
        self.ledger().note(Fault::Shutdown);
        let due = self.ledger().now() + within;
        let drained = self.runner.shutdown(within).await;
        let (now, open) = (self.ledger().now(), self.lock().calls.iter().filter(|call| call.is_under_way()).count());
        if drained.abandoned.is_empty() != (open == 0) {
            self.find("shutdown_says_what_it_abandons", format!("{open} calls are open, it says {drained:?}"));
        }
        if now > due + Duration::from_millis(1) {
            self.find("shutdown_ends_in_time", format!("it ended {:?} late", now - due));
        }
    }

    fn invalidate(&self, target: Target) {
        let cache = self.runner.cache();
        self.cast.upset();
        let after = self.ledger().stamp();
        let fault = match target {
            Target::Tool(tool) => {
                cache.invalidate_tool(&self.world.tools[tool].name.parse().unwrap());
                Fault::DropTool
            }
            Target::Tag(tag) => {
                cache.invalidate_tag(tag);
                Fault::DropTag
            }
            Target::All => {
                cache.clear();
                Fault::DropAll
            }
            Target::Key { tool, tenant, principal, n } => {
                let context = CallContext::new(tenant, principal);
                let call = self.runner.registry().call(self.world.tools[tool].name, question(n), context).unwrap();
                cache.invalidate(&call);
                Fault::DropKey
            }
        };
        self.ledger().note(fault);
        self.lock().upheavals.push(Upheaval { target, certainty: Certainty::Sure, after, by: self.ledger().stamp() });
    }

    /// Begins a call in a task of its own, and what its caller does meanwhile.
    fn call(self: &Arc<Self>, plan: CallPlan) -> Vec<JoinHandle<()>> {
        let stage = Arc::clone(self);
        let caller = tokio::spawn(async move { stage.caller(plan).await });
        let Leave::Abort(after) = plan.leave else { return vec![caller] };
        let handle = caller.abort_handle();
        let killer = tokio::spawn(async move {
            sleep(after).await;
            handle.abort();
        });
        vec![caller, killer]
    }

    async fn caller(self: Arc<Self>, plan: CallPlan) {
        let open = self.begin(&plan);
        let work = self.ask(&plan, open.call);
        let result = match plan.leave {
            Leave::Drop(after) => timeout(after, work).await.ok(),
            Leave::Never | Leave::Abort(_) => Some(work.await),
        };
        match result {
            Some(Heard::One(result)) => open.ends(Outcome::of(&result)),
            Some(Heard::Steps(result, steps)) => {
                open.ends(Outcome::of(&result));
                self.note_steps(open.call, &steps);
            }
            None => drop(open),
        }
    }

    /// Notes that a call begins.
    fn begin(&self, plan: &CallPlan) -> Open<'_> {
        let started = self.ledger().stamp();
        let kind = Kind::of(plan.what);
        let (tool, name) = match plan.what {
            Subject::Tool(tool) | Subject::Misfit(tool) => (tool, self.world.tools[tool].name),
            Subject::Run | Subject::Composite => (TEAM, PAIR_TOOL),
            Subject::Unknown => (TEAM, ""),
        };
        let objection = self.turnstile.objection(plan.principal, name);
        let mut state = self.lock();
        let call = state.calls.len();
        let asked = Asked {
            call,
            kind,
            tool,
            tenant: plan.tenant,
            principal: plan.principal,
            n: plan.n,
            mode: plan.mode,
            max_age: plan.max_age,
            max_stale: plan.max_stale,
            deadline: deadline(plan, started.at),
            generation: self.cast.sources[self.world.tools[tool].source].generation(),
            objection,
        };
        state.calls.push(CallRecord { asked, started, ended: None, outcome: None });
        drop(state);
        faults_of(plan, objection).for_each(|fault| self.ledger().note(fault));
        Open { stage: self, call, leave: plan.leave, ended: false.into() }
    }

    async fn ask(&self, plan: &CallPlan, call: usize) -> Heard {
        let mut control = CacheControl::mode(plan.mode);
        control = plan.max_age.into_iter().fold(control, CacheControl::with_max_age);
        control = plan.max_stale.into_iter().fold(control, CacheControl::with_max_stale);
        let context =
            CallContext::new(plan.tenant, plan.principal).with_request_id(format!("c{call}")).with_cache(control);
        let due = deadline(plan, self.ledger().now());
        let context = due.into_iter().fold(context, |context, at| context.with_deadline(self.ledger().instant(at)));
        match plan.what {
            Subject::Tool(tool) => {
                Heard::One(self.runner.call(self.world.tools[tool].name, question(plan.n), context).await)
            }
            Subject::Misfit(tool) => {
                let params = json!({"n": "many"}).try_into().unwrap();
                Heard::One(self.runner.call(self.world.tools[tool].name, params, context).await)
            }
            Subject::Unknown => Heard::One(self.runner.call("read.owm", question(plan.n), context).await),
            Subject::Composite => Heard::One(self.runner.call(PAIR_TOOL, question(plan.n), context).await),
            Subject::Run => match self.runner.run(PAIR, question(plan.n), context).await {
                Ok(run) => Heard::Steps(
                    run.to_result(),
                    run.steps.into_iter().map(|step| step.output.map(Ok).or(step.error.map(Err))).collect(),
                ),
                Err(error) => Heard::One(Err(error)),
            },
        }
    }

    /// Notes what the steps of a composition heard, as calls that began and ended with it.
    fn note_steps(&self, call: usize, steps: &[Option<ToolResult>]) {
        let mut state = self.lock();
        let whole = state.calls[call].clone();
        for (tool, result) in STEPS.into_iter().zip(steps) {
            let Some(result) = result else { continue };
            let outcome = Outcome::of(result);
            // It may have been revoked while the composition ran: then only a denial says when the step came.
            let is_denied = outcome.kind() == Some(ErrorKind::Denied);
            let objection = self.turnstile.objection(whole.asked.principal, self.world.tools[tool].name);
            let objection = objection.filter(|_| is_denied);
            // Both steps read the same source, whose generation was noted.
            let asked = Asked { kind: Kind::Step, tool, objection, ..whole.asked };
            state.calls.push(CallRecord { asked, outcome: Some(outcome), ..whole.clone() });
        }
    }

    async fn join(&self, caller: JoinHandle<()>) {
        match caller.await {
            Err(error) if error.is_panic() => self.find("no_panic_escapes", "a caller's task panicked"),
            _ => {}
        }
    }

    /// Waits until nothing runs any more, and says what is left if that never comes.
    async fn settle(&self) -> Leftovers {
        let metrics = Handle::current().metrics();
        let until = self.ledger().now() + PATIENCE;
        // Nobody waits for these any more: they must end by themselves.
        while metrics.num_alive_tasks() > 0 && self.ledger().now() < until {
            sleep(Duration::from_millis(250)).await;
        }
        let guarded = self.runner.pipeline().inner().inner().inner();
        Leftovers {
            tasks: metrics.num_alive_tasks(),
            runs: self.ledger().live(),
            in_flight: guarded.in_flight().total(),
        }
    }

    /// Reads what the layers counted.
    fn books(&self) -> Books {
        let guarded = self.runner.pipeline().inner().inner().inner();
        Books {
            at: self.ledger().stamp(),
            denied: self.turnstile.denied(),
            guarded: guarded.stats(),
            refused: self.runner.refusals(),
            asked: self.turnstile.asked(),
            traced: self.runner.tracer().performance_stats(),
            cached: self.runner.cache().stats(),
        }
    }

    fn trial(self: Arc<Self>, leftovers: Leftovers, books: Books) -> Trial {
        for heard in self.cast.odd.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            self.find("recursion_is_refused", heard);
        }
        let state = std::mem::take(&mut *self.lock());
        Trial {
            world: self.world.clone(),
            runs: self.ledger().runs(),
            fired: self.ledger().fired(),
            calls: state.calls,
            upheavals: state.upheavals,
            findings: state.findings,
            leftovers,
            books,
        }
    }
}

/// What a caller hears.
enum Heard {
    One(ToolResult),
    Steps(ToolResult, Vec<Option<Result<runner::tool_core::ToolOutput, ToolError>>>),
}

pub(crate) fn question(n: u64) -> Params {
    let Value::Object(map) = json!({"n": n}) else { unreachable!("an object") };
    map.into()
}

/// Returns what a caller does that callers should not, or seldom do.
fn faults_of(plan: &CallPlan, objection: Option<Objection>) -> impl Iterator<Item = Fault> {
    use runner::tool_core::CacheMode;
    let mode = match plan.mode {
        CacheMode::Bypass => Some(Fault::Bypass),
        CacheMode::Refresh => Some(Fault::Refresh),
        CacheMode::OnlyIfCached => Some(Fault::OnlyIfCached),
        _ => None,
    };
    let what = match plan.what {
        Subject::Misfit(_) => Some(Fault::BadParams),
        Subject::Unknown => Some(Fault::UnknownTool),
        Subject::Run | Subject::Composite => Some(Fault::Composition),
        Subject::Tool(_) => None,
    };
    let objection = objection.map(|objection| match objection {
        Objection::Stranger => Fault::Stranger,
        Objection::Revoked => Fault::Revoked,
    });
    let late = plan.time.filter(Duration::is_zero).map(|_| Fault::TooLate);
    let age = plan.max_age.map(|_| Fault::MaxAge);
    let stale = plan.max_stale.map(|_| Fault::MaxStale);
    [mode, what, objection, late, age, stale].into_iter().flatten()
}

/// A call that is not over; dropped without an end, its caller left.
struct Open<'a> {
    stage: &'a Stage,
    call: usize,
    leave: Leave,
    ended: AtomicBool,
}

impl Open<'_> {
    fn ends(&self, outcome: Outcome) {
        self.ended.store(true, Ordering::Relaxed);
        self.stage.end(self.call, outcome);
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if !self.ended.load(Ordering::Relaxed) {
            self.stage.ledger().note(if matches!(self.leave, Leave::Abort(_)) { Fault::Abort } else { Fault::Leave });
            self.stage.end(self.call, Outcome::Left);
        }
    }
}

impl Stage {
    fn end(&self, call: usize, outcome: Outcome) {
        let ended = self.ledger().stamp();
        let mut state = self.lock();
        let record = &mut state.calls[call];
        (record.ended, record.outcome) = (Some(ended), Some(outcome));
        let record = record.clone();
        if record.asked.deadline.is_some_and(|due| ended.at >= due) {
            self.ledger().note(Fault::Hurry);
        }
        state.upheavals.extend(self.written(&record, ended));
    }

    /// Returns what a write has made stale by now: surely if it ran.
    fn written(&self, record: &CallRecord, by: Stamp) -> Vec<Upheaval> {
        let targets = self.world.tools[record.asked.tool].invalidates;
        if record.asked.kind != Kind::Tool || targets.is_empty() {
            return Vec::new();
        }
        let runs = self.ledger().runs();
        let own = runs.iter().filter(|run| run.call == Some(record.asked.call));
        let last = own.filter_map(|run| run.ended).next_back();
        if last.is_some() {
            self.ledger().note(Fault::Write);
        }
        let certainty = if last.is_some() { Certainty::Sure } else { Certainty::Possible };
        let after = last.unwrap_or(record.started);
        targets.iter().map(|target| Upheaval { target: *target, certainty, after, by }).collect()
    }
}
