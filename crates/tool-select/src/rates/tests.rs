use tool_core::{Effect, ToolOutput, ToolRegistry, ToolSpec, tool_fn};

use super::*;

fn tools(count: usize) -> Vec<ToolHandle> {
    let registry = ToolRegistry::new();
    let spec = |at| ToolSpec::builder(&format!("t.n{at}"), "A replica.").effect(Effect::Reads).build().unwrap();
    (0..count).map(|at| registry.register(tool_fn(spec(at), |_| async { ToolOutput::json(&()) })).unwrap()).collect()
}

/// Runs a tool so often, succeeding `good` times in ten, each run of so many milliseconds.
fn run(rates: &ServiceRates, tool: &ToolHandle, times: u64, good: u64, millis: u64) {
    for n in 0..times {
        let outcome = if n % 10 < good { Outcome::Success } else { Outcome::Failure };
        rates.observe(tool.id(), outcome, Duration::from_millis(millis));
    }
}

#[track_caller]
fn check(rates: &ServiceRates, tools: &[ToolHandle], expected: usize) {
    assert_eq!(rates.choose(tools).unwrap().id(), tools[expected].id());
}

#[test]
fn untried_tool_comes_first() {
    let (rates, tools) = (ServiceRates::new(), tools(3));
    check(&rates, &tools, 0);
    run(&rates, &tools[0], 50, 10, 1);
    check(&rates, &tools, 1);
    assert!(rates.choose(&[]).is_none());
}

#[test]
fn rate_is_successes_by_time() {
    let (rates, tools) = (ServiceRates::new(), tools(2));
    run(&rates, &tools[0], 5000, 5, 20);
    assert!((rates.rate(tools[0].id()).unwrap() / 25.0 - 1.0).abs() < 0.02);
    assert_eq!(rates.rate(tools[1].id()), None);
}

#[test]
fn slow_and_sure_wins_only_by_the_rate() {
    let (rates, tools) = (ServiceRates::new(), tools(2));
    for _ in 0..40 {
        run(&rates, &tools[0], 10, 4, 10); // 40 a second
        run(&rates, &tools[1], 10, 9, 30); // 30 a second
    }
    check(&rates, &tools, 0);
}

#[test]
fn change_is_noticed() {
    let (rates, tools) = (ServiceRates::new(), tools(2));
    for _ in 0..100 {
        run(&rates, &tools[0], 10, 10, 10);
        run(&rates, &tools[1], 10, 10, 20);
    }
    check(&rates, &tools, 0);
    for _ in 0..100 {
        run(&rates, &tools[0], 10, 1, 10);
        run(&rates, &tools[1], 10, 10, 20);
    }
    check(&rates, &tools, 1);
}

#[test]
fn long_untried_tool_gets_another_chance() {
    let (rates, tools) = (ServiceRates::new().with_memory(50).unwrap(), tools(2));
    run(&rates, &tools[1], 20, 2, 20);
    run(&rates, &tools[0], 20, 10, 10);
    check(&rates, &tools, 0);
    run(&rates, &tools[0], 2000, 10, 10);
    check(&rates, &tools, 1);
}

#[test]
fn weights_never_overflow() {
    let (rates, tools) = (ServiceRates::new().with_memory(2).unwrap(), tools(1));
    run(&rates, &tools[0], 5000, 10, 10);
    assert!((rates.rate(tools[0].id()).unwrap() - 100.0).abs() < 1e-6);
}

#[test]
fn short_memory_is_refused() {
    assert_eq!(ServiceRates::new().with_memory(1).unwrap_err().to_string(), "`memory` is 1 runs, expected at least 2");
}
