//! How fast does a large estate answer?
//!
//! 10,000 items, 40,000 relations and 1,000,000 metric values, in memory; each figure is the median of many calls through
//! the registry, parameters checked and result serialised, after a first call that warms it.

use std::sync::Arc;
use std::time::Duration;

use ops_tools::{Ci, Estate, EstateData, MetricDef, MetricRole, Relation, Series, SqliteEstate};
use serde_json::{Value, json};
use tool_core::{CallContext, Clock, Params, SystemClock, ToolExecutor, ToolRegistry};

use crate::row::Row;

const ITEMS: usize = 10_000;
const RELATIONS: usize = 40_000;
const SERIES: usize = 500;
const POINTS: usize = 2_000;
const STEP: i64 = 300;
const START: i64 = 1_700_000_000;
const TENANT: &str = "bench";
const ROUNDS: usize = 200;

/// Measures every case.
///
/// # Errors
///
/// Whatever the estate or a tool fails with.
pub(crate) fn run() -> Result<Vec<Row>, Box<dyn std::error::Error>> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(measure())
}

async fn measure() -> Result<Vec<Row>, Box<dyn std::error::Error>> {
    let clock = SystemClock::new();
    let data = synthetic();
    let started = clock.now();
    let estate: Arc<dyn Estate> = Arc::new(SqliteEstate::in_memory(std::slice::from_ref(&data))?);
    let load = clock.now() - started;
    let registry = ToolRegistry::new();
    for tool in ops_tools::tools(&estate) {
        registry.register_arc(tool)?;
    }
    let mut rows = vec![Row::new("estate", "load 1 M values in memory", "ms", millis(load))];
    for (case, tool, bound, params) in cases() {
        let row = Row::new("estate", case, "ms", median(&registry, &clock, tool, &params).await?);
        rows.push(match bound {
            Some(bound) => row.at_most(bound),
            None => row,
        });
    }
    Ok(rows)
}

type Case = (&'static str, &'static str, Option<f64>, fn(usize) -> Value);

fn cases() -> [Case; 5] {
    [
        (
            "graph.expand depth 4",
            "graph.expand",
            Some(1.0),
            |round| json!({"ci_id": code(round * 37), "view": "DEPENDENCY", "depth": 4}),
        ),
        ("metric.aggregate 10 items x 1 h", "metric.aggregate", Some(1.0), |round| {
            let ids: Vec<String> = (0..10).map(|i| code((round * 7 + i * 13) % SERIES)).collect();
            json!({"metric_name": "cpu", "ci_ids": ids, "time_range": "last_1h"})
        }),
        ("ci.search substring", "ci.search", Some(5.0), |round| json!({"keywords": [format!("{:03}", round % 1000)]})),
        (
            "metric.series 1,000 values",
            "metric.series",
            None,
            |round| json!({"metric_name": "cpu", "ci_id": code(round), "time_range": "last_7d", "limit": 1000}),
        ),
        (
            "graph.path",
            "graph.path",
            None,
            |round| json!({"ci_id": code(round * 31), "target_ci_id": code(round * 17 + 4_000)}),
        ),
    ]
}

/// Returns the median time of a call in milliseconds; every round has parameters of its own.
async fn median(
    registry: &ToolRegistry,
    clock: &SystemClock,
    tool: &str,
    params: &fn(usize) -> Value,
) -> Result<f64, Box<dyn std::error::Error>> {
    let mut times = Vec::with_capacity(ROUNDS);
    for round in 0..=ROUNDS {
        let params = Params::try_from(params(round))?;
        let call = registry.call(tool, params, CallContext::new(TENANT, "bench"))?;
        let started = clock.now();
        registry.execute(call).await?;
        let elapsed = clock.now() - started;
        // The first call reads the graph and warms the readers.
        if round > 0 {
            times.push(elapsed);
        }
    }
    times.sort_unstable();
    Ok(millis(times[times.len() / 2]))
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn code(n: usize) -> String {
    format!("ci-{:05}", n % ITEMS)
}

/// A fixed estate: relations to four pseudo-random items each, a saw tooth for values.
fn synthetic() -> EstateData {
    let mut data = EstateData::default();
    TENANT.clone_into(&mut data.tenant);
    "bench".clone_into(&mut data.origin);
    data.cis = (0..ITEMS).map(item).collect();
    let types = ["DEPENDS_ON", "RUNS_ON", "USES", "CONNECTED_TO"];
    data.relations = (0..RELATIONS)
        .map(|i| Relation::new(code(i / 4), types[i % 4], code((i * 7_919 + i / 4 * 104_729 + 1) % ITEMS)))
        .collect();
    data.metrics = vec![MetricDef::new("cpu", "percent", MetricRole::Saturation)];
    data.series = (0..SERIES).map(|i| Series::new(code(i), "cpu", points(i))).collect();
    data
}

fn item(n: usize) -> Ci {
    let mut ci = Ci::new(code(n), code(n));
    ci.ci_name = format!("item number {n} of rack {}", n % 97);
    "HW".clone_into(&mut ci.ci_type);
    "server".clone_into(&mut ci.ci_subtype);
    ci
}

fn points(seed: usize) -> Vec<(i64, f64)> {
    (START..).step_by(usize::try_from(STEP).unwrap_or(1)).zip((0..POINTS).map(|i| tooth(i + seed))).collect()
}

fn tooth(i: usize) -> f64 {
    f64::from(u8::try_from(i % 100).unwrap_or_default())
}
