//! The cache against a map with deadlines: failures, nothing found, stale answers, tenants, too little room.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use proptest::prelude::*;
use serde_json::json;
use tool_cache::CachePolicy;
use tool_core::{CallContext, Clock, ErrorKind, Origin, ToolCall, ToolError, ToolExecutor, ToolOutput, ToolResult};

use crate::support::{World, reads, settle};

const TOOLS: [&str; 2] = ["a.one", "a.two"];
const TENANTS: [&str; 2] = ["acme", "umbrella"];
const TTL: Duration = Duration::from_secs(10);
const NEGATIVE: Duration = Duration::from_secs(2);
const WHILE_REVALIDATE: Duration = Duration::from_secs(4);
const IF_ERROR: Duration = Duration::from_secs(8);
const RETRY: Duration = Duration::from_secs(3);
/// Fewer than there are keys.
const ROOM: u64 = 5;

/// A tool, a tenant and a parameter.
type Key = (usize, usize, u64);

/// What a tool does when it is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Outcome {
    Answers,
    FindsNothing,
    /// Fails in a way that says nothing of how things are.
    IsAway,
    /// Fails, and is to be believed.
    Denies,
}

#[derive(Debug, Clone)]
enum Op {
    Ask(Key, Outcome),
    Set(Key, u64),
    Advance(u64),
    InvalidateKey(Key),
    InvalidateTool(usize),
    InvalidateTag,
    InvalidateTenant(usize),
    Clear,
    Sweep,
}

fn op() -> impl Strategy<Value = Op> {
    let key = || (0..TOOLS.len(), 0..TENANTS.len(), 0..2u64);
    let outcome = prop_oneof![
        4 => Just(Outcome::Answers),
        2 => Just(Outcome::FindsNothing),
        3 => Just(Outcome::IsAway),
        1 => Just(Outcome::Denies),
    ];
    prop_oneof![
        12 => (key(), outcome).prop_map(|(key, outcome)| Op::Ask(key, outcome)),
        2 => (key(), 1..20u64).prop_map(|(key, ttl)| Op::Set(key, ttl)),
        8 => (1..6u64).prop_map(Op::Advance),
        1 => key().prop_map(Op::InvalidateKey),
        1 => (0..TOOLS.len()).prop_map(Op::InvalidateTool),
        1 => Just(Op::InvalidateTag),
        1 => (0..TENANTS.len()).prop_map(Op::InvalidateTenant),
        1 => Just(Op::Clear),
        1 => Just(Op::Sweep),
    ]
}

/// What is held: the number of a run, or that there is nothing.
#[derive(Clone, Copy)]
struct Held {
    value: Option<u64>,
    soft: Instant,
    retry: Option<Instant>,
}

/// What a caller is told.
type Told = Result<(Origin, u64), (ErrorKind, Origin)>;

impl Held {
    fn told(self, origin: Origin) -> Told {
        self.value.map(|value| (origin, value)).ok_or((ErrorKind::NotFound, origin))
    }
}

struct Run {
    world: World,
    script: Arc<Mutex<Outcome>>,
    held: BTreeMap<Key, Held>,
    runs: u64,
    evicted: u64,
}

impl Run {
    fn new(room: u64) -> Self {
        let world = World::with(
            CachePolicy::builder()
                .default_ttl(TTL)
                .negative_ttl(NEGATIVE)
                .stale_while_revalidate(WHILE_REVALIDATE)
                .stale_if_error(IF_ERROR)
                .retry_interval(RETRY)
                .max_entries(usize::try_from(room).unwrap()),
        );
        let script = Arc::new(Mutex::new(Outcome::Answers));
        for (at, name) in TOOLS.iter().enumerate() {
            let (script, runs) = (Arc::clone(&script), Arc::clone(&world.runs));
            let spec = if at == 0 { reads(name).tag("tagged") } else { reads(name) };
            world.add(spec, move |_| {
                let run = runs.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
                let outcome = *script.lock().unwrap();
                async move {
                    match outcome {
                        Outcome::Answers => ToolOutput::json(&json!({ "run": run })),
                        Outcome::FindsNothing => Err(ToolError::new(ErrorKind::NotFound, "nothing")),
                        Outcome::IsAway => Err(ToolError::new(ErrorKind::Unavailable, "away")),
                        Outcome::Denies => Err(ToolError::new(ErrorKind::Denied, "no")),
                    }
                }
            });
        }
        Self { world, script, held: BTreeMap::new(), runs: 0, evicted: 0 }
    }

    fn call(&self, (tool, tenant, id): Key) -> ToolCall {
        self.world.make(TOOLS[tool], json!({ "id": id }), CallContext::new(TENANTS[tenant], "ann"))
    }

    fn now(&self) -> Instant {
        self.world.clock.now()
    }

    fn usable(&self, key: Key) -> Option<Held> {
        self.held.get(&key).copied().filter(|held| self.now() < held.soft + IF_ERROR)
    }

    /// What a load leaves behind, and what it tells who waits for it.
    fn load(&mut self, key: Key, outcome: Outcome) -> Told {
        self.runs += 1;
        let (now, runs) = (self.now(), self.runs);
        let usable = self.usable(key);
        let mut keep = |value, ttl| self.held.insert(key, Held { value, soft: now + ttl, retry: None });
        match (outcome, usable) {
            (Outcome::Answers, _) => {
                keep(Some(runs), TTL);
                Ok((Origin::Executed, runs))
            }
            (Outcome::FindsNothing, _) => {
                keep(None, NEGATIVE);
                Err((ErrorKind::NotFound, Origin::Executed))
            }
            (Outcome::IsAway, Some(held)) => {
                self.held.insert(key, Held { retry: Some(now + RETRY), ..held });
                held.told(Origin::Stale)
            }
            (Outcome::IsAway, None) => Err((ErrorKind::Unavailable, Origin::Executed)),
            (Outcome::Denies, _) => {
                self.held.remove(&key);
                Err((ErrorKind::Denied, Origin::Executed))
            }
        }
    }

    fn expected(&mut self, key: Key, outcome: Outcome) -> Told {
        let now = self.now();
        let Some(held) = self.usable(key) else { return self.load(key, outcome) };
        if now < held.soft {
            return held.told(Origin::Hit);
        }
        let may_retry = held.retry.is_none_or(|retry| now >= retry);
        let serves_at_once = now < held.soft + WHILE_REVALIDATE;
        match (serves_at_once, may_retry) {
            (_, false) => held.told(Origin::Stale),
            (true, true) => {
                let _ = self.load(key, outcome);
                held.told(Origin::Stale)
            }
            (false, true) => self.load(key, outcome),
        }
    }

    async fn ask(&mut self, key: Key, outcome: Outcome) {
        *self.script.lock().unwrap() = outcome;
        let told = told(self.world.executor.execute(self.call(key)).await);
        settle().await;
        assert_eq!(told, self.expected(key, outcome));
        assert_eq!(self.world.runs() as u64, self.runs);
    }

    fn set(&mut self, key: Key, ttl: u64) {
        let value = 1_000_000 + ttl;
        let output = ToolOutput::json(&json!({ "run": value })).unwrap();

        self.world.cache().set(&self.call(key), &output, Some(Duration::from_secs(ttl))).unwrap();
        let soft = self.now() + Duration::from_secs(ttl);
        self.held.insert(key, Held { value: Some(value), soft, retry: None });
    }

    fn forget(&mut self, gone: impl Fn(Key) -> bool) {
        self.held.retain(|key, _| !gone(*key));
    }

    async fn apply(&mut self, op: Op) {
        match op {
            Op::Ask(key, outcome) => self.ask(key, outcome).await,
            Op::Set(key, ttl) => self.set(key, ttl),
            Op::Advance(seconds) => self.world.clock.advance(Duration::from_secs(seconds)),
            Op::InvalidateKey(key) => {
                self.world.cache().invalidate(&self.call(key));
                self.forget(|other| other == key);
            }
            Op::InvalidateTool(tool) => {
                self.world.cache().invalidate_tool(&TOOLS[tool].parse().unwrap());
                self.forget(|(other, ..)| other == tool);
            }
            Op::InvalidateTag => {
                self.world.cache().invalidate_tag("tagged");
                self.forget(|(tool, ..)| tool == 0);
            }
            Op::InvalidateTenant(tenant) => {
                self.world.cache().invalidate_tenant(TENANTS[tenant]);
                self.forget(|(_, other, _)| other == tenant);
            }
            Op::Clear => {
                self.world.cache().clear();
                self.forget(|_| true);
            }
            Op::Sweep => {
                self.world.cache().sweep();
            }
        }
    }

    /// Holds the bounds, and lets the model forget what was evicted: no more than the cache says.
    fn check(&mut self, room: u64) {
        let cache = self.world.cache();
        let stats = cache.stats();
        assert!(stats.entries <= room && stats.bytes <= cache.policy().max_bytes());
        let listed: Vec<_> = cache.snapshot_keys().into_iter().map(|info| info.key).collect();
        let is_held = |key: &Key| listed.contains(&cache.generate_key(&self.call(*key)).to_string());
        let gone: Vec<_> = self.held.keys().filter(|key| self.usable(**key).is_some() && !is_held(key)).collect();
        assert!(gone.len() as u64 <= stats.evicted.capacity - self.evicted, "{gone:?} went by themselves");
        let gone: Vec<_> = gone.into_iter().copied().collect();
        self.evicted = stats.evicted.capacity;
        self.forget(|key| gone.contains(&key));
        for (key, held) in &self.held {
            assert_eq!(self.world.cache().contains(&self.call(*key)), self.now() < held.soft, "{key:?}");
        }
    }
}

fn told(result: ToolResult) -> Told {
    match result {
        Ok(output) => Ok((output.report.origin, output.payload.value()["run"].as_u64().unwrap())),
        Err(error) => Err((error.kind(), error.report().origin)),
    }
}

fn check(ops: Vec<Op>, room: u64) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut run = Run::new(room);
        for op in ops {
            run.apply(op).await;
            run.check(room);
        }
        assert!(room < 8 || run.evicted == 0);
    });
}

proptest! {
    #[test]
    fn failures_and_stale_answers_follow_the_model(ops in prop::collection::vec(op(), 1..60)) {
        check(ops, 100);
    }

    #[test]
    fn eviction_only_makes_room(ops in prop::collection::vec(op(), 1..80)) {
        check(ops, ROOM);
    }
}
