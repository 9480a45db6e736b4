use tool_core::{
    CallContext, Effect, Params, Profile, ToolError, ToolHandle, ToolOutput, ToolRegistry, testing::ManualClock,
    tool_fn,
};

use super::*;

/// A tool that declares 0.5 and 100 ms, profiles, and the clock that they read.
fn profiled() -> (ToolHandle, Profiles, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new());
    (tool(0.5, 100), Profiles::with_clock(clock.clone()), clock)
}

fn tool(accuracy: f64, millis: u64) -> ToolHandle {
    let profile = Profile::new(accuracy, Duration::from_millis(millis));
    let spec = ToolSpec::builder("t.a", "A tool.").effect(Effect::Reads).profile(profile).build().unwrap();
    ToolRegistry::new().register(tool_fn(spec, |_| async { ToolOutput::json(&()) })).unwrap()
}

#[derive(Clone, Copy)]
enum End {
    Well,
    Error(ErrorKind),
    Dropped,
}

fn run(profiles: &Profiles, tool: &ToolHandle, millis: u64, end: End, times: usize) {
    let call = tool.call(Params::empty(), CallContext::new("acme", "ann"));
    let result = match end {
        End::Error(kind) => Err(ToolError::new(kind, "x")),
        End::Well | End::Dropped => ToolOutput::json(&()),
    };
    let end = match end {
        End::Dropped => ExecutionEnd::Dropped,
        End::Well | End::Error(_) => ExecutionEnd::Returned(&result),
    };
    for _ in 0..times {
        profiles.executed(&ExecutionRecord::new(&call, Duration::from_millis(millis), end));
    }
}

#[track_caller]
fn check(profiles: &Profiles, tool: &ToolHandle, health: f64, millis: f64) {
    let signals = profiles.read(tool.id());
    let (found, latency) = (signals.health.unwrap(), signals.latency.unwrap().as_secs_f64() * 1000.0);
    assert!((found - health).abs() < 1e-6, "health {found} and not {health}");
    assert!((latency / millis).ln().abs() < 0.19, "{latency} ms and not {millis}");
}

#[test]
fn nothing_is_reported_before_a_run() {
    let (tool, profiles, _) = profiled();
    assert_eq!(profiles.read(tool.id()), ToolSignals::default());
}

#[test]
fn declared_values_count_as_ten_runs() {
    let (tool, profiles, _) = profiled();
    run(&profiles, &tool, 400, End::Well, 9);
    check(&profiles, &tool, (10.0 * 0.5 + 9.0) / 19.0, 100.0);
    run(&profiles, &tool, 400, End::Well, 2);
    check(&profiles, &tool, (10.0 * 0.5 + 11.0) / 21.0, 400.0);
}

#[test]
fn old_runs_fade_and_the_declaration_returns() {
    let (tool, profiles, clock) = profiled();
    run(&profiles, &tool, 400, End::Well, 40);
    clock.advance(Duration::from_secs(600));
    run(&profiles, &tool, 400, End::Error(ErrorKind::Failed), 1);
    check(&profiles, &tool, (10.0 * 0.5 + 20.0) / (10.0 + 20.0 + 1.0), 400.0);
    clock.advance(Duration::from_secs(600 * 60));
    run(&profiles, &tool, 400, End::Well, 1);
    check(&profiles, &tool, 6.0 / 11.0, 100.0);
}

#[test]
fn failure_never_looks_fast() {
    let (tool, profiles, _) = profiled();
    run(&profiles, &tool, 0, End::Error(ErrorKind::Unavailable), 100);
    check(&profiles, &tool, 5.0 / 110.0, 100.0);
}

#[test]
fn what_says_nothing_of_the_tool_does_not_count() {
    let (tool, profiles, _) = profiled();
    run(&profiles, &tool, 100, End::Well, 10);
    for kind in [ErrorKind::InvalidParams, ErrorKind::NotFound, ErrorKind::Denied, ErrorKind::UnknownTool] {
        run(&profiles, &tool, 1, End::Error(kind), 50);
    }
    run(&profiles, &tool, 1, End::Dropped, 50);
    check(&profiles, &tool, 15.0 / 20.0, 100.0);
}

#[test]
fn run_given_up_on_late_is_a_failure() {
    let (tool, profiles, _) = profiled();
    run(&profiles, &tool, 30_000, End::Dropped, 20);
    check(&profiles, &tool, 5.0 / 30.0, 30_000.0);
}

#[test]
fn saved_runs_count_in_the_next_process_faded() {
    let (tool, profiles, clock) = profiled();
    run(&profiles, &tool, 400, End::Well, 40);
    let saved = profiles.save().unwrap();
    clock.advance(Duration::from_secs(600));
    let next = Profiles::with_clock(clock);
    next.restore(&saved).unwrap();
    assert_eq!(next.read(tool.id()), ToolSignals::default());
    next.know(tool.id(), tool.spec());
    check(&next, &tool, (5.0 + 20.0) / 30.0, 400.0);
    assert!(next.save().unwrap().contains("t.a"));
}

#[test]
fn saved_runs_of_another_definition_do_not_count() {
    let (tool, profiles, clock) = profiled();
    run(&profiles, &tool, 400, End::Well, 40);
    let saved = profiles.save().unwrap().replace("\"fingerprint\":[", "\"fingerprint\":[255,").replacen(
        &format!(",{}],\"succeeded", tool.spec().fingerprint()[31]),
        "],\"succeeded",
        1,
    );
    let next = Profiles::with_clock(clock);
    next.restore(&saved).unwrap();
    next.know(tool.id(), tool.spec());
    check(&next, &tool, 0.5, 100.0);
}

#[test]
fn damaged_state_is_refused_or_left_out() {
    let (tool, profiles, _) = profiled();
    for text in ["", "[]", "{\"t.a\": 3}"] {
        assert!(profiles.restore(text).is_err(), "{text}");
    }
    run(&profiles, &tool, 400, End::Well, 40);
    let saved = profiles.save().unwrap().replace("\"counted\":40.0", "\"counted\":-1.0");
    let next = Profiles::new();
    next.restore(&saved).unwrap();
    next.know(tool.id(), tool.spec());
    check(&next, &tool, 0.5, 100.0);
}
