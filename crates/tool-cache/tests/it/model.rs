//! The cache against a map with deadlines, loads included.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use proptest::prelude::*;
use serde_json::json;
use tokio::{sync::oneshot, task::JoinHandle};
use tool_cache::CachePolicy;
use tool_core::{Clock, Origin, ToolCall, ToolOutput, ToolResult};

use crate::support::{World, reads, settle};

const TOOLS: [&str; 2] = ["a.one", "a.two"];
const TTL: Duration = Duration::from_secs(10);

/// A tool and a parameter.
type Key = (usize, u64);

#[derive(Debug, Clone)]
enum Op {
    Get(Key),
    Set(Key, u64),
    /// Asks; what is loaded stays under way until [`Op::Land`].
    Ask(Key),
    /// Ends one of the loads under way.
    Land(usize),
    Advance(u64),
    InvalidateKey(Key),
    InvalidateTool(usize),
    InvalidateTag,
    Clear,
    Sweep,
}

fn op() -> impl Strategy<Value = Op> {
    let key = || (0..TOOLS.len(), 0..3u64);
    prop_oneof![
        4 => key().prop_map(Op::Get),
        2 => (key(), 1..20u64).prop_map(|(key, ttl)| Op::Set(key, ttl)),
        5 => key().prop_map(Op::Ask),
        5 => (0..8usize).prop_map(Op::Land),
        3 => (1..8u64).prop_map(Op::Advance),
        1 => key().prop_map(Op::InvalidateKey),
        1 => (0..TOOLS.len()).prop_map(Op::InvalidateTool),
        1 => Just(Op::InvalidateTag),
        1 => Just(Op::Clear),
        1 => Just(Op::Sweep),
    ]
}

/// What the cache must be, by definition.
#[derive(Default)]
struct Model {
    held: BTreeMap<Key, (u64, Instant, Instant)>,
    /// The load that is joined, by key; those that are not in here any more answer their callers and no more.
    current: BTreeMap<Key, u64>,
}

impl Model {
    fn live(&self, key: Key, now: Instant) -> Option<(u64, Duration)> {
        self.held.get(&key).filter(|held| now < held.2).map(|held| (held.0, now - held.1))
    }

    fn forget(&mut self, gone: impl Fn(Key) -> bool) {
        self.held.retain(|key, _| !gone(*key));
        self.current.retain(|key, _| !gone(*key));
    }
}

/// One load under way, and everyone who waits for it.
struct Load {
    number: u64,
    key: Key,
    end: oneshot::Sender<()>,
    callers: Vec<JoinHandle<ToolResult>>,
}

type Ends = Arc<Mutex<Vec<(u64, oneshot::Sender<()>)>>>;

struct Run {
    world: World,
    model: Model,
    loads: Vec<Load>,
    ends: Ends,
    values: u64,
}

impl Run {
    fn new() -> Self {
        let world = World::with(CachePolicy::builder().default_ttl(TTL));
        let ends = Ends::default();
        for (at, name) in TOOLS.iter().enumerate() {
            let (ends, runs) = (Arc::clone(&ends), Arc::clone(&world.runs));
            let spec = if at == 0 { reads(name).tag("tagged") } else { reads(name) };
            world.add(spec, move |_| {
                let number = runs.fetch_add(1, std::sync::atomic::Ordering::SeqCst) as u64 + 1;
                let (end, ended) = oneshot::channel();
                ends.lock().unwrap().push((number, end));
                async move {
                    ended.await.unwrap();
                    ToolOutput::json(&json!({"load": number}))
                }
            });
        }
        Self { world, model: Model::default(), loads: Vec::new(), ends, values: 1000 }
    }

    fn call(&self, (tool, id): Key) -> ToolCall {
        self.world.call(TOOLS[tool], json!({ "id": id }))
    }

    async fn ask(&mut self, key: Key) {
        let caller = self.world.spawn(self.call(key));
        settle().await;
        if let Some((value, age)) = self.model.live(key, self.world.clock.now()) {
            let output = caller.await.unwrap().unwrap();
            assert_eq!((output.report.origin, output.report.age), (Origin::Hit, age));
            assert_eq!(output.payload.value()["load"], value);
            return;
        }
        if let Some(number) = self.model.current.get(&key) {
            let load = self.loads.iter_mut().find(|load| load.number == *number).unwrap();
            load.callers.push(caller);
            assert!(self.ends.lock().unwrap().is_empty(), "a second load of {key:?} began");
            return;
        }
        let (number, end) = self.ends.lock().unwrap().pop().unwrap();
        self.model.current.insert(key, number);
        self.loads.push(Load { number, key, end, callers: vec![caller] });
    }

    async fn land(&mut self, at: usize) {
        if self.loads.is_empty() {
            return;
        }
        let load = self.loads.remove(at % self.loads.len());
        load.end.send(()).unwrap();
        settle().await;
        for (at, caller) in load.callers.into_iter().enumerate() {
            let output = caller.await.unwrap().unwrap();
            let expected = if at == 0 { Origin::Executed } else { Origin::Shared };
            assert_eq!(output.report.origin, expected);
            assert_eq!(output.payload.value()["load"], load.number);
        }
        if self.model.current.get(&load.key) == Some(&load.number) {
            self.model.current.remove(&load.key);
            let now = self.world.clock.now();
            self.model.held.insert(load.key, (load.number, now, now + TTL));
        }
    }

    fn set(&mut self, key: Key, ttl: u64) {
        self.values += 1;
        let (now, ttl) = (self.world.clock.now(), Duration::from_secs(ttl));
        let output = ToolOutput::json(&json!({"load": self.values})).unwrap();
        self.world.cache().set(&self.call(key), &output, Some(ttl)).unwrap();
        self.model.current.remove(&key);
        self.model.held.insert(key, (self.values, now, now + ttl));
    }

    fn check(&self, key: Key) {
        let (found, expected) = (self.world.cache().get(&self.call(key)), self.model.live(key, self.world.clock.now()));
        let found = found.map(|output| (output.payload.value()["load"].as_u64().unwrap(), output.report.age));
        assert_eq!(found, expected);
    }

    async fn apply(&mut self, op: Op) {
        match op {
            Op::Get(key) => self.check(key),
            Op::Set(key, ttl) => self.set(key, ttl),
            Op::Ask(key) => self.ask(key).await,
            Op::Land(at) => self.land(at).await,
            Op::Advance(seconds) => self.world.clock.advance(Duration::from_secs(seconds)),
            Op::InvalidateKey(key) => {
                self.world.cache().invalidate(&self.call(key));
                self.model.forget(|other| other == key);
            }
            Op::InvalidateTool(tool) => {
                self.world.cache().invalidate_tool(&TOOLS[tool].parse().unwrap());
                self.model.forget(|(other, _)| other == tool);
            }
            Op::InvalidateTag => {
                self.world.cache().invalidate_tag("tagged");
                self.model.forget(|(tool, _)| tool == 0);
            }
            Op::Clear => {
                self.world.cache().clear();
                self.model.forget(|_| true);
            }
            Op::Sweep => {
                self.world.cache().sweep();
            }
        }
    }
}

proptest! {
    #[test]
    fn cache_is_a_map_with_deadlines(ops in prop::collection::vec(op(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut run = Run::new();
            for op in ops {
                run.apply(op).await;
                for key in (0..TOOLS.len()).flat_map(|tool| (0..3).map(move |id| (tool, id))) {
                    let live = run.model.live(key, run.world.clock.now()).is_some();
                    assert_eq!(run.world.cache().contains(&run.call(key)), live);
                }
            }
        });
    }
}
