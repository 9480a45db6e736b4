use std::{num::NonZeroU32, sync::Arc, time::Duration};

use serde_json::{Value, json};
use tool_compose::{CompositionStep, ErrorHandling, ParamDefinition, ParamType, StepStatus};
use tool_core::{
    AttemptPolicy, CallContext, CallReport, Clock, Effect, ErrorKind, Execution, Extent, Limit, Origin, Params,
    ToolCall, ToolExecutor, ToolOutput, ToolRegistry, ToolResult, ToolSpec, testing::ManualClock, tool_fn,
};

use crate::support::{World, context, definition, empty, failing, statuses, step};

#[tokio::test]
async fn later_steps_see_every_earlier_result() {
    let world = World::new();
    let pipeline = empty()
        .step(step("a", json!({"records": [{"id": 1}, {"id": 2}]})))
        .step(step("b", json!({"ids": "${steps.a.output.records[*].id}"})))
        .step(step("c", json!({"first": "${steps.a.output.records[0]}", "ids": "${steps.b.output.ids}"})))
        .build_for(&world.registry)
        .unwrap();
    let run = world.run(&pipeline, json!({})).await;
    assert_eq!(statuses(&run), ["ok", "ok", "ok"]);
    assert_eq!(run.step("c").unwrap().params.as_ref().unwrap().as_value(), &json!({"first": {"id": 1}, "ids": [1, 2]}));
    assert_eq!(world.called(), ["test.a", "test.b", "test.c"]);
}

#[tokio::test]
async fn defaults_fill_absent_params() {
    let world = World::new();
    let pipeline = empty()
        .declare("n", ParamDefinition::new(ParamType::Integer).default_value(3))
        .declare("metric", ParamDefinition::new(ParamType::String))
        .step(step("a", json!({"n": "${params.n}", "metric": "${params.metric?}"})))
        .build()
        .unwrap();
    world.run(&pipeline, json!({})).await;
    world.run(&pipeline, json!({"n": 4, "metric": "cpu"})).await;
    let seen: Vec<Value> = world.calls.lock().unwrap().iter().map(|(_, params)| params.clone()).collect();
    assert_eq!(seen, [json!({"n": 3}), json!({"n": 4, "metric": "cpu"})]);
}

#[tokio::test]
async fn invalid_params_start_nothing() {
    let world = World::new();
    let pipeline = empty()
        .declare("n", ParamDefinition::new(ParamType::Integer).required().max(5))
        .step(step("a", json!({"n": "${params.n}"})))
        .build()
        .unwrap();
    let run = world.run(&pipeline, json!({"n": 6, "m": 1})).await;
    let error = run.error.as_ref().unwrap();
    assert_eq!((error.kind(), error.violations().len()), (ErrorKind::InvalidParams, 2));
    assert_eq!((statuses(&run), world.called().len()), (vec!["not_started"], 0));
}

#[tokio::test]
async fn failure_ends_the_run_with_partial_results() {
    let world = World::new();
    let pipeline =
        empty().step(step("a", json!({"x": 1}))).step(failing("b")).step(step("c", json!({}))).build().unwrap();
    let run = world.run(&pipeline, json!({})).await;
    let error = run.error.clone().unwrap();
    assert_eq!(statuses(&run), ["ok", "failed", "not_started"]);
    assert_eq!((error.kind(), error.execution()), (ErrorKind::NotFound, Execution::Executed));
    assert_eq!(error.to_string(), "step `b` (test.b): nothing is called `x`");
    assert_eq!(error.suggestions(), ["y"]);
    assert_eq!(run.primary().unwrap().payload.as_str(), r#"{"x":1}"#);
    assert_eq!(run.to_result().unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn cause_of_a_step_error_is_kept() {
    let world = World::new();
    let pipeline = empty().step(step("a", json!({"fail": "unavailable"}))).build().unwrap();
    let error = world.run(&pipeline, json!({})).await.error.unwrap();
    assert_eq!(error.execution(), Execution::NotExecuted);
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "refused");
}

#[tokio::test]
async fn error_after_a_write_forbids_repeating() {
    let world = World::new();
    let pipeline = empty()
        .step(CompositionStep::new("write", "test.write"))
        .step(step("a", json!({"fail": "unavailable"})))
        .build()
        .unwrap();
    assert_eq!(world.run(&pipeline, json!({})).await.error.unwrap().execution(), Execution::Unknown);
}

#[tokio::test]
async fn skipped_step_lets_the_run_go_on() {
    let world = World::new();
    let pipeline = empty()
        .step(failing("a").error_handling(ErrorHandling::Skip))
        .step(step("b", json!({"had": "${steps.a.output.ids ?? []}", "maybe": "${steps.a.output.id?}"})))
        .build()
        .unwrap();
    let run = world.run(&pipeline, json!({})).await;
    assert_eq!((statuses(&run), run.error.is_none()), (vec!["skipped", "ok"], true));
    assert_eq!(run.steps[1].output.as_ref().unwrap().payload.as_str(), r#"{"had":[]}"#);
    let result = run.to_result().unwrap();
    assert_eq!(&*result.report.warnings()[0], "step `a` was skipped: nothing is called `x`");
}

#[tokio::test]
async fn skipped_first_step_is_never_primary() {
    let world = World::new();
    let pipeline = empty()
        .step(failing("a").error_handling(ErrorHandling::Skip))
        .step(step("b", json!({"x": 1})))
        .build()
        .unwrap();
    let run = serde_json::to_value(world.run(&pipeline, json!({})).await).unwrap();
    assert_eq!((&run["primary"], &run["enriched"]), (&Value::Null, &json!({"b": {"x": 1}})));
    assert_eq!(run["metadata"]["steps_completed"], 1);
    assert_eq!(run["metadata"]["errors"][0]["step"], "a");
}

#[tokio::test]
async fn skipping_cascades_to_dependants() {
    let world = World::new();
    let pipeline = empty()
        .step(failing("a").error_handling(ErrorHandling::Skip))
        .step(step("b", json!({"id": "${steps.a.output.id}"})).error_handling(ErrorHandling::Skip))
        .build()
        .unwrap();
    let run = world.run(&pipeline, json!({})).await;
    assert_eq!((statuses(&run), world.called()), (vec!["skipped", "skipped"], vec!["test.a".to_owned()]));
    let error = run.steps[1].error.as_ref().unwrap();
    assert_eq!(error.to_string(), "`${steps.a.output.id}` is missing: step `a` was skipped");
    assert_eq!((error.kind(), run.steps[1].calls), (ErrorKind::Unavailable, 0));
}

#[tokio::test]
async fn fallback_really_runs() {
    let world = World::new();
    let pipeline =
        empty()
            .step(step("a", json!({"fail": "not_found"})).error_handling(ErrorHandling::fallback_with(
                "test.d",
                serde_json::from_value(json!({"y": 2})).unwrap(),
            )))
            .step(step("b", json!({"got": "${steps.a.output.y}"})))
            .build_for(&world.registry)
            .unwrap();
    let run = world.run(&pipeline, json!({})).await;
    let step = &run.steps[0];
    assert_eq!((step.status, step.tool.as_str(), step.calls), (StepStatus::Fallback, "test.d", 2));
    assert_eq!(step.fallback_from.as_ref().unwrap().as_str(), "test.a");
    assert_eq!(step.params.as_ref().unwrap().as_value(), &json!({"y": 2}));
    assert_eq!(step.error.as_ref().unwrap().kind(), ErrorKind::NotFound);
    assert_eq!(run.steps[1].output.as_ref().unwrap().payload.as_str(), r#"{"got":2}"#);
    assert_eq!(world.called(), ["test.a", "test.d", "test.b"]);
}

#[tokio::test]
async fn fallback_without_params_takes_the_same() {
    let world = World::new();
    let pipeline = empty().step(failing("a").error_handling(ErrorHandling::fallback("test.b"))).build().unwrap();
    let run = world.run(&pipeline, json!({})).await;
    assert_eq!(statuses(&run), ["failed"]);
    assert_eq!(run.error.unwrap().to_string(), "step `a` (test.b in place of test.a): nothing is called `x`");
    let calls = world.calls.lock().unwrap();
    assert_eq!(calls[0].1, calls[1].1);
}

#[tokio::test]
async fn steps_of_one_tool_stay_apart() {
    let world = World::new();
    let pipeline =
        empty().step(step("a1", json!({"n": 1}))).step(step("a2", json!({"n": 2}))).step(step("a3", json!({"n": 3})));
    let run = serde_json::to_value(world.run(&pipeline.build().unwrap(), json!({})).await).unwrap();
    assert_eq!((&run["primary"], &run["enriched"]), (&json!({"n": 1}), &json!({"a2": {"n": 2}, "a3": {"n": 3}})));
}

#[tokio::test]
async fn runs_share_nothing() {
    let world = World::new();
    let pipeline = empty()
        .declare("n", ParamDefinition::new(ParamType::Integer).required())
        .step(step("a", json!({"n": "${params.n}"})))
        .build()
        .unwrap();
    for n in 0..3 {
        let run = world.run(&pipeline, json!({"n": n})).await;
        assert_eq!((run.steps.len(), run.primary().unwrap().payload.value()["n"].as_i64()), (1, Some(n)));
    }
}

#[tokio::test]
async fn missing_path_names_step_and_place() {
    let world = World::new();
    let pipeline = empty()
        .step(step("a", json!({"records": [{"id": 1}]})))
        .step(step("b", json!({"id": "${steps.a.output.records[0].ci_id}"})))
        .build()
        .unwrap();
    let error = world.run(&pipeline, json!({})).await.error.unwrap();
    assert_eq!(
        error.to_string(),
        "step `b` (test.b): `${steps.a.output.records[0].ci_id}` is missing: there is an object with `id`"
    );
    assert_eq!((error.kind(), error.execution()), (ErrorKind::InvalidOutput, Execution::NotExecuted));
}

#[tokio::test]
async fn closures_make_params_too() {
    let world = World::new();
    let pipeline = empty()
        .step(step("a", json!({"ids": [1, 2, 3]})))
        .step(CompositionStep::new("b", "test.b").params_transform(|inputs| {
            let ids = inputs.output("a").and_then(|output| output["ids"].as_array()).map_or(0, Vec::len);
            Params::try_from(json!({"count": ids}))
        }))
        .build()
        .unwrap();
    let run = world.run(&pipeline, json!({})).await;
    assert_eq!(run.steps[1].output.as_ref().unwrap().payload.as_str(), r#"{"count":3}"#);
}

#[tokio::test]
async fn passed_deadline_starts_no_step() {
    let (world, clock) = (World::new(), Arc::new(ManualClock::new()));
    let slow = Arc::clone(&clock);
    let spec = ToolSpec::builder("test.slow", "Takes a second.").effect(Effect::Reads).build().unwrap();
    let tool = tool_fn(spec, move |_| {
        slow.advance(Duration::from_secs(1));
        async { ToolOutput::json(&json!({})) }
    });
    world.registry.register(tool).unwrap();
    let deadline = clock.now() + Duration::from_millis(500);
    let pipeline = empty()
        .clock(clock)
        .step(CompositionStep::new("slow", "test.slow"))
        .step(step("a", json!({})))
        .build()
        .unwrap();
    let run = world.run_in(&pipeline, json!({}), context().with_deadline(deadline)).await;
    assert_eq!(statuses(&run), ["ok", "not_started"]);
    assert_eq!(run.error.as_ref().unwrap().kind(), ErrorKind::TimedOut);
    assert_eq!((run.steps[0].elapsed, run.elapsed), (Duration::from_secs(1), Duration::from_secs(1)));
}

/// Answers every call with the facts that the caller handed down, as a cache hit with a limit.
struct Mirror;

impl ToolExecutor for Mirror {
    async fn execute(&self, call: ToolCall) -> ToolResult {
        let attempts = call.context().attempts();
        let seen = json!({
            "depth": call.context().depth(),
            "timeout_ms": attempts.timeout.map(|time| time.as_millis()),
            "attempts": attempts.max_attempts.map(NonZeroU32::get),
            "tenant": call.context().tenant(),
            "bounded": call.context().deadline().is_some(),
        });
        let report = CallReport::executed().with_limit(Limit::new("limit", Some(100), 50));
        let mut report = report.served(Origin::Hit, Duration::from_secs(2));
        report.extent = Extent::Cut;
        Ok(ToolOutput::json(&seen)?.with_report(report))
    }
}

#[tokio::test]
async fn context_and_policy_reach_the_step() {
    let world = World::new();
    let pipeline = empty()
        .step(step("a", json!({})).timeout(Duration::from_millis(70)))
        .step(step("b", json!({})).max_attempts(NonZeroU32::MIN))
        .build()
        .unwrap();
    let wish = AttemptPolicy::default().with_timeout(Duration::from_millis(9));
    let context = CallContext::new("acme", "ann").with_attempts(wish);
    let run = pipeline.execute(&Mirror, &world.registry, Params::empty(), context).await;
    let seen = |step: usize| run.steps[step].output.as_ref().unwrap().payload.value().clone();
    assert_eq!(seen(0), json!({"depth": 1, "timeout_ms": 70, "attempts": null, "tenant": "acme", "bounded": false}));
    assert_eq!(seen(1), json!({"depth": 1, "timeout_ms": 9, "attempts": 1, "tenant": "acme", "bounded": false}));
}

#[tokio::test]
async fn trace_tells_origin_and_age() {
    let world = World::new();
    let pipeline = empty().step(step("a", json!({}))).build().unwrap();
    let run = pipeline.execute(&Mirror, &world.registry, Params::empty(), context()).await;
    let told = serde_json::to_value(&run).unwrap();
    let entry = &told["execution_trace"][0];
    assert_eq!((&entry["origin"], &entry["age_ms"]), (&json!("hit"), &json!(2000.0)));
    assert_eq!((&entry["step"], &entry["tool"], &entry["status"]), (&json!("a"), &json!("test.a"), &json!("ok")));
}

#[tokio::test]
async fn limits_and_cuts_are_passed_on() {
    let world = World::new();
    let pipeline = empty().step(step("a", json!({}))).build().unwrap();
    let run = pipeline.execute(&Mirror, &world.registry, Params::empty(), context()).await;
    let report = run.to_result().unwrap().report;
    assert_eq!((report.limits(), report.extent), ([Limit::new("a.limit", Some(100), 50)].as_slice(), Extent::Cut));
}

#[tokio::test]
async fn timeout_of_a_composition_is_a_deadline() {
    let world = World::new();
    let spec = ToolSpec::builder("test.inner", "Calls others.").effect(Effect::Composite).build().unwrap();
    world.registry.register(tool_fn(spec, |_| async { ToolOutput::json(&json!({})) })).unwrap();
    let inner = CompositionStep::new("inner", "test.inner").timeout(Duration::from_secs(1));
    let pipeline = empty().step(inner).build().unwrap();
    let run = pipeline.execute(&Mirror, &world.registry, Params::empty(), context()).await;
    assert_eq!(run.primary().unwrap().payload.value()["bounded"], true);
}

#[tokio::test]
async fn output_template_makes_the_result() {
    let world = World::new();
    let pipeline = tool_compose::CompositionBuilder::from(definition(json!({
        "name": "ops.both", "description": "Two results in one.",
        "steps": [
            {"id": "a", "tool": "test.a", "params": {"n": 1}},
            {"id": "b", "tool": "test.b", "params": {"fail": "not_found"}, "on_error": "skip"},
        ],
        "output": {"a": "${steps.a.output.n}", "b": "${steps.b.output ?? null}", "text": "n is ${steps.a.output.n}"},
    })))
    .build_for(&world.registry)
    .unwrap();
    let run = world.run(&pipeline, json!({})).await;
    assert_eq!(run.to_result().unwrap().payload.value(), &json!({"a": 1, "b": null, "text": "n is 1"}));
}

#[tokio::test]
async fn removed_tool_fails_its_step() {
    let world = World::new();
    let pipeline = empty().step(step("a", json!({}))).build_for(&world.registry).unwrap();
    world.registry.remove(&"test.a".parse().unwrap()).unwrap();
    let run = world.run(&pipeline, json!({})).await;
    assert_eq!((statuses(&run), run.error.unwrap().kind()), (vec!["failed"], ErrorKind::UnknownTool));
    let empty_registry = ToolRegistry::new();
    assert!(empty().step(step("a", json!({}))).build_for(&empty_registry).is_err());
}
