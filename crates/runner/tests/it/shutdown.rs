use std::{sync::Arc, time::Duration};

use runner::tool_core::{ErrorKind, Execution, testing::TokioClock};
use serde_json::json;

use crate::bench::{Bench, context, params};

const SECOND: Duration = Duration::from_secs(1);

fn bench(toml: &str) -> Arc<Bench> {
    Arc::new(Bench::with_clock(toml, Arc::new(TokioClock::new())))
}

#[tokio::test(start_paused = true)]
async fn idle_runner_shuts_down_at_once() {
    let bench = bench("");
    bench.call("test.echo", json!({})).await.unwrap();
    let start = tokio::time::Instant::now();
    let drained = bench.runner.shutdown(10 * SECOND).await;
    assert_eq!((drained.completed, drained.abandoned.len(), start.elapsed()), (0, 0, Duration::ZERO));

    let error = bench.call("test.echo", json!({})).await.unwrap_err();
    assert_eq!((error.kind(), error.execution()), (ErrorKind::Unavailable, Execution::NotExecuted));
    let error = bench.runner.run("twice", params(json!({})), context()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!((bench.runs(), bench.runner.refusals().draining), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn hanging_call_is_told_as_abandoned() {
    // Without policy, guard and observation: the gate is there all the same.
    let bench = bench("[policy]\nenabled = false\n[guard]\nenabled = false\n[observe]\nenabled = false\n");
    let hanging = Arc::clone(&bench);
    let hanging = tokio::spawn(async move { hanging.call("test.hang", json!({})).await });
    tokio::time::sleep(SECOND).await;
    let start = tokio::time::Instant::now();
    let drained = bench.runner.shutdown(10 * SECOND).await;
    assert_eq!(start.elapsed(), 10 * SECOND);
    let told: Vec<_> = drained.abandoned.iter().map(|one| (one.tool.as_str(), one.calls, one.oldest)).collect();
    assert_eq!(told, [("test.hang", 1, 11 * SECOND)]);
    hanging.abort();
    assert!(hanging.await.is_err());
    assert!(bench.runner.shutdown(SECOND).await.abandoned.is_empty());
}

#[tokio::test(start_paused = true)]
async fn shutdown_waits_for_who_times_out() {
    let bench = bench("[guard]\ntimeout = \"4s\"\n");
    let hanging = Arc::clone(&bench);
    let hanging = tokio::spawn(async move { hanging.call("test.hang", json!({})).await });
    tokio::time::sleep(SECOND).await;
    let start = tokio::time::Instant::now();
    let drained = bench.runner.shutdown(10 * SECOND).await;
    assert_eq!((drained.completed, drained.abandoned.len(), start.elapsed()), (1, 0, 3 * SECOND));
    assert_eq!(hanging.await.unwrap().unwrap_err().kind(), ErrorKind::TimedOut);
}
