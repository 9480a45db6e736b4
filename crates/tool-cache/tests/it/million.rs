//! Many callers of one cache at once, with parameters that collide: nobody gets what is another's.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use serde_json::{Value, json};
use tool_cache::{CachePolicy, CachedExecutor, ToolResultCache};
use tool_core::{
    CacheControl, CacheMode, CallContext, Effect, Origin, Params, Scope, Source, ToolExecutor, ToolHandle, ToolOutput,
    ToolRegistry, ToolSpec, testing::ManualClock, tool_fn,
};

/// How many calls there are, unless `TOOL_CACHE_CALLS` says.
const CALLS: u64 = 64_000;
const TASKS: u64 = 8;
/// How many calls of a task are under way at once.
const AT_ONCE: u64 = 4;

/// Names that run into each other if they are put together carelessly.
const NAMES: [&str; 8] = ["a", "ab", "", "b", "bc", "a\0b", "t:1", "t"];
const SOURCES: [&str; 3] = ["s", "s1", "s\u{1}"];
const SCOPES: [(&str, Scope); 3] =
    [("x.shared", Scope::Shared), ("x.tenant", Scope::Tenant), ("x.principal", Scope::Principal)];

/// Parameters that are one another's neighbours: by type, by nesting, by order, beyond doubles.
fn parameters() -> Vec<Params> {
    let texts = [
        r#"{}"#,
        r#"{"id":1}"#,
        r#"{"id":"1"}"#,
        r#"{"id":[1]}"#,
        r#"{"id":{"id":1}}"#,
        r#"{"id":null}"#,
        r#"{"id":""}"#,
        r#"{"id":true}"#,
        r#"{"a":1,"b":2}"#,
        r#"{"a":2,"b":1}"#,
        r#"{"ab":12}"#,
        r#"{"a":"b","c":"d"}"#,
        r#"{"a":"b\",\"c\":\"d"}"#,
        r#"{"id":9007199254740992}"#,
        r#"{"id":9007199254740993}"#,
        r#"{"id":18446744073709551615}"#,
        r#"{"id":18446744073709551614}"#,
        r#"{"id":1.5}"#,
        r#"{"id":-1}"#,
    ];
    texts.iter().map(|text| Params::parse(text).unwrap()).collect()
}

/// Everything that a tool knows of who asks it what, and so all that its answer may depend on.
fn answer(call: &tool_core::ToolCall, source: &str, generation: u64) -> Value {
    let context = call.context();
    let (tenant, principal) = match call.spec().scope() {
        Scope::Shared => ("*", "*"),
        Scope::Tenant => (context.tenant(), "*"),
        Scope::Principal => (context.tenant(), context.principal()),
    };
    json!([tenant, principal, source, generation, call.spec().name().as_str(), call.params().as_value()])
}

struct World {
    cache: Arc<ToolResultCache>,
    clock: Arc<ManualClock>,
    /// One registry for each source and generation, all with tools of the same names and definitions.
    estates: Vec<Estate>,
    parameters: Vec<Params>,
    origins: [AtomicU64; 5],
}

struct Estate {
    source: Source,
    executor: CachedExecutor<ToolRegistry>,
    tools: Vec<ToolHandle>,
}

impl Estate {
    fn new(source: Source, cache: &Arc<ToolResultCache>) -> Self {
        let registry = ToolRegistry::new();
        let add = |(name, scope): (&str, Scope)| {
            let spec = ToolSpec::builder(name, "Says who asks.").effect(Effect::Reads).scope(scope).tag("items");
            let spec = spec.source(source.clone()).build().unwrap();
            let own = source.clone();
            let tool = tool_fn(spec, move |call| {
                let answer = answer(&call, own.id(), own.generation());
                async move {
                    tokio::task::yield_now().await;
                    ToolOutput::json(&answer)
                }
            });
            registry.register(tool).unwrap()
        };
        let tools = SCOPES.map(add).to_vec();
        Self { source, executor: CachedExecutor::new(registry, Arc::clone(cache)), tools }
    }
}

impl World {
    fn new() -> Self {
        let policy = CachePolicy::builder()
            .max_entries(3000)
            .default_ttl(Duration::from_secs(5))
            .stale_while_revalidate(Duration::from_secs(5));
        let clock = Arc::new(ManualClock::new());
        let cache = Arc::new(ToolResultCache::new(policy.build().unwrap()).with_clock(clock.clone()));
        let sources = SOURCES.iter().flat_map(|id| [Source::new(*id, 0), Source::new(*id, 1)]);
        let estates = sources.map(|source| Estate::new(source, &cache)).collect();
        Self { cache, clock, estates, parameters: parameters(), origins: Default::default() }
    }

    /// Makes one call and checks that its answer is the caller's own.
    async fn call(&self, draw: &mut u64) {
        let mut next = |below: usize| {
            // Source: SplitMix64, <https://prng.di.unimi.it/splitmix64.c>.
            *draw = draw.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = *draw;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            usize::try_from((z ^ (z >> 31)) % below as u64).unwrap()
        };
        let Estate { source, executor, tools } = &self.estates[next(self.estates.len())];
        let tool = &tools[next(tools.len())];
        let params = &self.parameters[next(self.parameters.len())];
        let context = CallContext::new(NAMES[next(NAMES.len())], NAMES[next(NAMES.len())]);
        let context = match next(20) {
            0 => context.with_cache(CacheControl::mode(CacheMode::Refresh)),
            1 => context.with_cache(CacheControl::mode(CacheMode::Bypass)),
            _ => context,
        };
        let call = tool.call(params.clone(), context);
        let cache = &self.cache;
        match next(400) {
            0 => cache.invalidate_tenant(call.context().tenant()),
            1 => cache.invalidate_tag("items"),
            2 => cache.invalidate_tool(call.spec().name()),
            3 => _ = cache.invalidate(&call),
            4 => self.clock.advance(Duration::from_millis(500)),
            _ => {}
        }
        let expected = answer(&call, source.id(), source.generation());
        let output = executor.execute(call).await.unwrap();
        assert_eq!(output.payload.value(), &expected, "the answer is another's");
        let at = [Origin::Executed, Origin::Hit, Origin::Stale, Origin::Shared];
        let at = at.iter().position(|origin| *origin == output.report.origin).unwrap_or(4);
        self.origins[at].fetch_add(1, Relaxed);
    }
}

#[test]
fn nobody_gets_anothers_answer() {
    let calls = std::env::var("TOOL_CACHE_CALLS").map_or(CALLS, |calls| calls.parse().unwrap());
    let world = Arc::new(World::new());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().unwrap();
    runtime.block_on(async {
        let lanes = (0..TASKS * AT_ONCE).map(|lane| {
            let world = Arc::clone(&world);
            tokio::spawn(async move {
                let mut draw = lane;
                for _ in 0..calls / (TASKS * AT_ONCE) {
                    world.call(&mut draw).await;
                }
            })
        });
        for lane in lanes.collect::<Vec<_>>() {
            lane.await.unwrap();
        }
    });
    let [executed, hit, stale, shared, other] = world.origins.each_ref().map(|count| count.load(Relaxed));
    let stats = world.cache.stats();
    assert_eq!(executed + hit + stale + shared, calls / (TASKS * AT_ONCE) * TASKS * AT_ONCE);
    // Each way of being answered was taken, and answers had to go.
    assert!(hit > 0 && shared > 0 && other == 0, "{stats:?}");
    assert!(stats.evicted.capacity > 0 && stats.evicted.invalidated > 0 && stats.entries <= 3000, "{stats:?}");
}
