use std::{collections::BTreeMap, time::Duration};

use proptest::prelude::*;
use tool_core::{CallContext, CallReport, ErrorKind, Origin, Params, ToolExecutor, ToolOutput, ToolResult};
use tool_observe::{ObservePolicy, ToolStats};

use crate::scripted::{Observed, executed, failed};

/// One call of a model run.
#[derive(Debug, Clone)]
struct Op {
    tenant: usize,
    get: bool,
    micros: u64,
    end: End,
}

#[derive(Debug, Clone)]
enum End {
    Ok { origin: Origin, attempts: u32, text: String, fallback: bool },
    Err(ErrorKind),
    Dropped,
}

fn op() -> impl Strategy<Value = Op> {
    let origin = prop::sample::select(vec![Origin::Executed, Origin::Hit, Origin::Stale, Origin::Shared]);
    let ok = (origin, 0..4_u32, "[a-z]{0,9}", any::<bool>()).prop_map(|(origin, attempts, text, fallback)| End::Ok {
        origin,
        attempts,
        text,
        fallback,
    });
    let kinds = vec![ErrorKind::TimedOut, ErrorKind::NotFound, ErrorKind::Failed, ErrorKind::Denied];
    let end = prop_oneof![4 => ok, 2 => prop::sample::select(kinds).prop_map(End::Err), 1 => Just(End::Dropped)];
    (0..3_usize, any::<bool>(), 0..5_000_000_u64, end).prop_map(|(tenant, get, micros, end)| Op {
        tenant,
        get,
        micros,
        end,
    })
}

const TENANTS: [&str; 3] = ["acme", "beta", "corp"];

fn result(end: &End) -> Option<ToolResult> {
    match end {
        End::Ok { origin, attempts, text, fallback } => {
            let mut report = CallReport::executed().served(*origin, Duration::ZERO);
            report.attempts = *attempts;
            report.fallback_from = fallback.then(|| "x.y".parse().unwrap());
            Some(Ok(ToolOutput::json(text).unwrap().with_report(report)))
        }
        End::Err(kind) => Some(failed(*kind)),
        End::Dropped => None,
    }
}

async fn run(observed: &Observed, op: &Op) {
    let tool = if op.get { &observed.get } else { &observed.search };
    let call = tool.call(Params::empty(), CallContext::new(TENANTS[op.tenant], "ann"));
    let time = Duration::from_micros(op.micros);
    match result(&op.end) {
        Some(result) => {
            observed.then(time, result);
            let _ = observed.traced.execute(call).await;
        }
        None => {
            let open = observed.tracer.start_trace(&call);
            observed.clock.advance(time);
            drop(open);
        }
    }
}

/// Counts again, plainly, from the definition of each number.
fn recount(ops: &[&Op]) -> BTreeMap<String, Vec<u64>> {
    let mut tools: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for op in ops {
        let row = tools.entry(if op.get { "ci.get" } else { "ci.search" }.to_owned()).or_insert_with(|| vec![0; 9]);
        let (ok, hit, bytes, retries, fallback) = match &op.end {
            End::Ok { origin, attempts, text, fallback } => {
                let hit = *origin == Origin::Hit || *origin == Origin::Stale;
                (1, u64::from(hit), text.len() as u64 + 2, u64::from((*attempts).max(1) - 1), u64::from(*fallback))
            }
            End::Err(_) | End::Dropped => (0, 0, 0, 0, 0),
        };
        row[0] += 1;
        row[1] += ok;
        row[2] += 1 - ok;
        row[3] += hit;
        row[4] += op.micros;
        row[5] = row[5].max(op.micros);
        row[6] += bytes;
        row[7] += retries;
        row[8] += fallback;
    }
    tools
}

fn counted(stats: &[ToolStats]) -> BTreeMap<String, Vec<u64>> {
    let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap();
    let row = |s: &ToolStats| {
        assert_eq!(s.errors_by_kind.values().sum::<u64>(), s.errors);
        assert_eq!(s.mean, s.total / u32::try_from(s.calls).unwrap());
        let times = (micros(s.total), micros(s.max));
        vec![s.calls, s.ok, s.errors, s.cache_hits, times.0, times.1, s.result_bytes, s.retries, s.fallbacks]
    };
    stats.iter().map(|stats| (stats.tool.to_string(), row(stats))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn counts_are_exact_while_the_ring_overflows(ops in prop::collection::vec(op(), 0..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let observed = Observed::new(ObservePolicy::builder().max_traces(5).build().unwrap(), executed());
        runtime.block_on(async {
            for op in &ops {
                run(&observed, op).await;
            }
        });
        let tracer = &observed.tracer;
        prop_assert_eq!(counted(&tracer.performance_stats()), recount(&ops.iter().collect::<Vec<_>>()));
        for (index, tenant) in TENANTS.into_iter().enumerate() {
            let own: Vec<&Op> = ops.iter().filter(|op| op.tenant == index).collect();
            prop_assert_eq!(counted(&tracer.performance_stats_of(tenant)), recount(&own));
        }
        prop_assert_eq!(tracer.losses().traces, ops.len().saturating_sub(5) as u64);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counts_are_exact_on_two_threads() {
    let observed = std::sync::Arc::new(Observed::new(ObservePolicy::default(), executed()));
    let tasks = (0..4).map(|task| {
        let observed = std::sync::Arc::clone(&observed);
        tokio::spawn(async move {
            for _ in 0..5000 {
                let context = CallContext::new(TENANTS[task % 3], "ann");
                observed.traced.execute(observed.call("{}", context)).await.unwrap();
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    assert_eq!((observed.tracer.performance_stats()[0].calls, observed.tracer.losses().traces), (20_000, 19_000));
    assert_eq!(observed.tracer.performance_stats_of("acme")[0].calls, 10_000);
}

#[tokio::test]
async fn same_number_of_another_registry_is_another_tool() {
    let (one, other) = (Observed::new(ObservePolicy::default(), executed()), tool_core::ToolRegistry::new());
    let spec = tool_core::ToolSpec::builder("disk.read", "Reads.").build().unwrap();
    let foreign = other.register(tool_core::tool_fn(spec, |_| async { executed() })).unwrap();
    assert_eq!(foreign.id(), one.search.id());
    one.run(Duration::ZERO, executed(), crate::scripted::ann()).await;
    one.traced.execute(foreign.call(Params::empty(), crate::scripted::ann())).await.unwrap();
    let stats = one.tracer.performance_stats();
    let names: Vec<(&str, u64)> = stats.iter().map(|stats| (stats.tool.as_str(), stats.calls)).collect();
    assert_eq!(names, [("ci.search", 1), ("disk.read", 1)]);
}
