use std::{sync::Arc, time::Duration};

use tool_core::{
    AllowAll, CallContext, Effect, ErrorKind, Execution, Params, ToolExecutor, ToolOutput, ToolRegistry, ToolResult,
    ToolSpec, testing::TokioClock, tool_fn,
};
use tool_guard::{Abandoned, AdmittedExecutor, Gate};

use crate::scripted::{Bench, Script, ann};

const SECOND: Duration = Duration::from_secs(1);

type Admitted = AdmittedExecutor<Arc<ToolRegistry>>;

/// A gate by tokio's time, and an executor behind it.
fn gated(registry: &Arc<ToolRegistry>) -> (Arc<Gate>, Arc<Admitted>) {
    let clock = Arc::new(TokioClock::new());
    let gate = Arc::new(Gate::new().with_clock(clock.clone()));
    let admitted = AdmittedExecutor::new(Arc::clone(registry), Arc::new(AllowAll::new()));
    (Arc::clone(&gate), Arc::new(admitted.with_gate(gate).with_clock(clock)))
}

fn spawn(admitted: &Arc<Admitted>, bench: &Bench) -> tokio::task::JoinHandle<ToolResult> {
    let (admitted, call) = (Arc::clone(admitted), bench.call(ann()));
    tokio::spawn(async move { admitted.execute(call).await })
}

fn told(abandoned: &[Abandoned]) -> Vec<(&str, u64, Duration)> {
    abandoned.iter().map(|one| (one.tool.as_str(), one.calls, one.oldest)).collect()
}

#[tokio::test(start_paused = true)]
async fn empty_gate_drains_at_once() {
    let bench = Bench::new(Script::Sleep(Duration::ZERO));
    let (gate, admitted) = gated(&bench.registry);
    admitted.execute(bench.call(ann())).await.unwrap();
    let start = tokio::time::Instant::now();
    let drained = gate.drain(10 * SECOND).await;
    assert_eq!((drained.completed, drained.abandoned.len(), start.elapsed()), (0, 0, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn shut_gate_refuses_without_running() {
    let bench = Bench::new(Script::Sleep(Duration::ZERO));
    let (gate, admitted) = gated(&bench.registry);
    gate.shut();
    let error = admitted.execute(bench.call(ann())).await.unwrap_err();
    assert_eq!((error.kind(), error.execution()), (ErrorKind::Unavailable, Execution::NotExecuted));
    assert_eq!(error.to_string(), "shutting down: x.work is not started any more");
    assert_eq!((bench.started(), gate.inside(), admitted.refusals().draining), (0, 0, 1));
    assert_eq!(admitted.denied(), 0);
}

#[tokio::test(start_paused = true)]
async fn drain_waits_for_the_last_call() {
    let bench = Bench::new(Script::Sleep(3 * SECOND));
    let (gate, admitted) = gated(&bench.registry);
    let running = [spawn(&admitted, &bench), spawn(&admitted, &bench)];
    tokio::time::sleep(SECOND).await;
    let start = tokio::time::Instant::now();
    let drained = gate.drain(10 * SECOND).await;
    assert_eq!((drained.completed, drained.abandoned.len(), start.elapsed()), (2, 0, 2 * SECOND));
    for call in running {
        call.await.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn hanging_calls_are_told_as_abandoned() {
    let bench = Bench::new(Script::Hang);
    let (gate, admitted) = gated(&bench.registry);
    let first = spawn(&admitted, &bench);
    tokio::time::sleep(5 * SECOND).await;
    let second = spawn(&admitted, &bench);
    tokio::time::sleep(2 * SECOND).await;
    let start = tokio::time::Instant::now();
    let drained = gate.drain(10 * SECOND).await;
    assert_eq!(start.elapsed(), 10 * SECOND);
    assert_eq!(told(&drained.abandoned), [("x.work", 2, 17 * SECOND)]);
    assert_eq!(drained.completed, 0);

    first.abort();
    let again = gate.drain(Duration::ZERO).await;
    assert_eq!(told(&again.abandoned), [("x.work", 2, 17 * SECOND)], "nobody has dropped the first yet");
    let _ = first.await;
    assert_eq!(told(&gate.drain(SECOND).await.abandoned), [("x.work", 1, 13 * SECOND)]);
    second.abort();
    let last = gate.drain(SECOND).await;
    assert_eq!((last.completed, last.abandoned.len()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn dropped_and_panicked_calls_leave() {
    for script in [Script::Hang, Script::Panic] {
        let bench = Bench::new(script);
        let (gate, admitted) = gated(&bench.registry);
        for _ in 0..100 {
            let _ = tokio::time::timeout(SECOND, admitted.execute(bench.call(ann()))).await;
        }
        let mut unpolled = std::pin::pin!(admitted.execute(bench.call(ann())));
        assert!(
            std::future::poll_fn(|cx| std::task::Poll::Ready(unpolled.as_mut().poll(cx).is_ready())).await
                == matches!(script, Script::Panic)
        );
        assert_eq!(gate.inside(), u64::from(matches!(script, Script::Hang)));
    }
}

#[tokio::test(start_paused = true)]
async fn shut_gate_lets_steps_pass() {
    let bench = Bench::new(Script::Sleep(SECOND));
    let registry = Arc::clone(&bench.registry);
    let (gate, admitted) = gated(&registry);
    let spec = ToolSpec::builder("compose.outer", "Calls twice.").effect(Effect::Composite).build().unwrap();
    let (weak, step) = (Arc::downgrade(&admitted), bench.tool.clone());
    let outer = registry.register(tool_fn(spec, move |call| {
        let (weak, step) = (weak.clone(), step.clone());
        async move {
            for _ in 0..2 {
                let context = call.context().inside(call.spec().name())?;
                weak.upgrade().unwrap().execute(step.call(Params::empty(), context)).await?;
            }
            ToolOutput::json(&"both done")
        }
    }));
    let (executor, call) = (Arc::clone(&admitted), outer.unwrap().call(Params::empty(), ann()));
    let running = tokio::spawn(async move { executor.execute(call).await });
    tokio::time::sleep(SECOND / 2).await;
    assert_eq!(gate.inside(), 2, "the composition and its first step");
    let drained = gate.drain(10 * SECOND).await;
    assert!(running.await.unwrap().is_ok());
    assert_eq!((drained.completed, drained.abandoned.len()), (3, 0));
}

#[tokio::test(start_paused = true)]
async fn every_call_beside_a_drain_ends_once() {
    let bench = Arc::new(Bench::new(Script::Sleep(SECOND)));
    let (gate, admitted) = gated(&bench.registry);
    let calls: Vec<_> = (0..1000_u32)
        .map(|n| {
            let (admitted, bench) = (Arc::clone(&admitted), Arc::clone(&bench));
            tokio::spawn(async move {
                tokio::time::sleep(SECOND * (n % 10)).await;
                let call = admitted.execute(bench.call(CallContext::new("acme", "ann")));
                match n % 7 {
                    0 => tokio::time::timeout(SECOND / 2, call).await.ok(),
                    _ => Some(call.await),
                }
            })
        })
        .collect();
    tokio::time::sleep(SECOND * 9 / 2).await;
    let drained = gate.drain(10 * SECOND).await;
    assert!(drained.abandoned.is_empty());
    let (mut done, mut refused, mut gone) = (0, 0, 0);
    for call in calls {
        match call.await.unwrap() {
            None => gone += 1,
            Some(Ok(_)) => done += 1,
            Some(Err(error)) => refused += u64::from(error.kind() == ErrorKind::Unavailable),
        }
    }
    // Those that come at 0 to 4 s run, of which every seventh goes away; the others find the gate shut.
    assert_eq!((done + gone, refused), (500, 500));
    assert_eq!((bench.started(), bench.ended()), (500, 500));
    assert_eq!((admitted.refusals().draining, gate.inside()), (500, 0));
}

#[test]
fn threads_beside_a_drain_are_all_seen() {
    for _ in 0..50 {
        let bench = Bench::new(Script::Hang);
        let (gate, admitted) = {
            let gate = Arc::new(Gate::new());
            let admitted = AdmittedExecutor::new((), Arc::new(AllowAll::new())).with_gate(Arc::clone(&gate));
            (gate, admitted)
        };
        let inside = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    while let Ok(admission) = admitted.admit(&bench.call(ann())) {
                        assert!(!inside.load(std::sync::atomic::Ordering::SeqCst), "inside after the gate was empty");
                        drop(admission);
                    }
                });
            }
            gate.shut();
            while gate.inside() > 0 {
                std::thread::yield_now();
            }
            inside.store(true, std::sync::atomic::Ordering::SeqCst);
        });
        assert_eq!(gate.inside(), 0);
    }
}
