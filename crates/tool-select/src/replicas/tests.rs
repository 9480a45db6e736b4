use proptest::prelude::*;
use tool_core::{Effect, Profile, ToolOutput, ToolRegistry, ToolSpec, testing::ManualClock, tool_fn};

use super::*;

fn tools(count: usize) -> Vec<ToolHandle> {
    let registry = ToolRegistry::new();
    let spec = |at| {
        let profile = Profile::new(0.9, Duration::from_millis(100));
        ToolSpec::builder(&format!("t.n{at}"), "A replica.").effect(Effect::Reads).profile(profile).build().unwrap()
    };
    (0..count).map(|at| registry.register(tool_fn(spec(at), |_| async { ToolOutput::json(&()) })).unwrap()).collect()
}

fn balancer() -> (Arc<Replicas>, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new());
    (Arc::new(Replicas::new().with_clock(clock.clone())), clock)
}

fn run(replicas: &Arc<Replicas>, clock: &ManualClock, tool: &ToolHandle, millis: u64, outcome: Outcome) {
    let pending = replicas.start(tool.id());
    clock.advance(Duration::from_millis(millis));
    pending.end(outcome);
}

fn shares(replicas: &Replicas, tools: &[ToolHandle]) -> Vec<usize> {
    let mut counts = vec![0; tools.len()];
    for _ in 0..10_000 {
        let chosen = replicas.choose(tools).unwrap().id();
        counts[tools.iter().position(|tool| tool.id() == chosen).unwrap()] += 1;
    }
    counts
}

#[test]
fn nothing_and_one_need_no_draw() {
    let (replicas, _) = balancer();
    assert!(replicas.choose(&[]).is_none());
    let one = tools(1);
    assert_eq!(replicas.choose(&one).unwrap().id(), one[0].id());
}

#[test]
fn equal_tools_share_alike() {
    let (replicas, _) = balancer();
    for count in shares(&replicas, &tools(5)) {
        assert!((1800..2200).contains(&count), "{count}");
    }
}

#[test]
fn slower_of_two_is_not_chosen() {
    let (replicas, clock) = balancer();
    let tools = tools(2);
    run(&replicas, &clock, &tools[0], 50, Outcome::Success);
    run(&replicas, &clock, &tools[1], 60, Outcome::Success);
    assert_eq!(shares(&replicas, &tools), [10_000, 0]);
}

#[test]
fn pending_calls_count_as_waiting() {
    let (replicas, clock) = balancer();
    let tools = tools(2);
    run(&replicas, &clock, &tools[0], 50, Outcome::Success);
    run(&replicas, &clock, &tools[1], 60, Outcome::Success);
    let pending = replicas.start(tools[0].id());
    assert_eq!((replicas.pending(tools[0].id()), shares(&replicas, &tools)[0]), (1, 0));
    drop(pending);
    assert_eq!((replicas.pending(tools[0].id()), shares(&replicas, &tools)[0]), (0, 10_000));
}

#[test]
fn peak_counts_at_once_and_fades() {
    let (replicas, clock) = balancer();
    let tools = tools(2);
    run(&replicas, &clock, &tools[0], 20, Outcome::Success);
    run(&replicas, &clock, &tools[1], 30, Outcome::Success);
    run(&replicas, &clock, &tools[0], 500, Outcome::Success);
    assert_eq!(shares(&replicas, &tools)[0], 0);
    // 500 ms fall below 30 ms within 2.9 decays, if meanwhile the other goes on answering.
    for _ in 0..60 {
        clock.advance(Duration::from_millis(470));
        run(&replicas, &clock, &tools[1], 30, Outcome::Success);
    }
    assert_eq!(shares(&replicas, &tools)[0], 10_000);
}

#[test]
fn quick_failure_does_not_look_fast() {
    let (replicas, clock) = balancer();
    let tools = tools(2);
    run(&replicas, &clock, &tools[0], 1, Outcome::Failure);
    run(&replicas, &clock, &tools[1], 400, Outcome::Success);
    assert_eq!(shares(&replicas, &tools), [0, 10_000]);
}

#[test]
fn settings_of_zero_are_refused() {
    let error = Replicas::new().with_decay(Duration::ZERO).unwrap_err();
    assert_eq!(error.to_string(), "`decay` is zero, expected more");
    assert!(Replicas::new().with_penalty(Duration::ZERO).is_err());
}

proptest! {
    #[test]
    fn draws_are_two_different_tools(count in 2_usize..40, seed in any::<u64>()) {
        let replicas = Replicas::new().with_seed(seed);
        for _ in 0..50 {
            let (one, other) = replicas.draw_two(count);
            prop_assert!(one < count && other < count && one != other);
        }
    }

    #[test]
    fn estimate_survives_packing(micros in 1.0_f64..1e12, at in any::<u32>()) {
        let (estimate, when) = unpack(pack(micros, at));
        prop_assert!((estimate / micros - 1.0).abs() < 1e-6);
        prop_assert_eq!(when, at);
    }
}

#[test]
fn concurrent_calls_end_balanced() {
    let (replicas, _) = balancer();
    let tools = tools(3);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for at in 0..2000 {
                    let pending = replicas.start(replicas.choose(&tools).unwrap().id());
                    if at % 3 == 0 { drop(pending) } else { pending.end(Outcome::Success) }
                }
            });
        }
    });
    assert!(tools.iter().all(|tool| replicas.pending(tool.id()) == 0));
}
