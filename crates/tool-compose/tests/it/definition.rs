use serde_json::{Value, json};
use tool_compose::{CompositionBuilder, CompositionPipeline, Definition, FaultKind, ToolResolver};

use crate::support::{World, definition, empty, step};

fn sample(params: Value, steps: Value) -> CompositionBuilder {
    let mut written = json!({"name": "sample", "description": "A sample."});
    written["params"] = params;
    written["steps"] = steps;
    definition(written).into()
}

#[track_caller]
fn check(builder: CompositionBuilder, expected: &[(FaultKind, &str)]) {
    let world = World::new();
    let error = builder.build_for(&world.registry as &dyn ToolResolver).unwrap_err();
    let found: Vec<(FaultKind, &str)> = error.faults().iter().map(|fault| (fault.kind, &*fault.place)).collect();
    assert_eq!(found, expected, "{error}");
}

#[test]
fn all_faults_come_at_once() {
    let builder = sample(
        json!({"n": {"type": "integer"}, "idle": {"default": 1}}),
        json!([
            {"id": "a", "tool": "test.x", "params": {"n": "${params.n}", "m": "${params.nn?}"}},
            {"id": "a", "tool": "nodot", "params": {"x": "${steps.b.output}"}},
            {"id": "b", "tool": "test.b", "params": {"x": ["${steps.z.output}", "${steps.b.output}", "${oops"]}, "timeout_ms": 0},
            {"id": "c d", "tool": "compose.sample", "on_error": {"fallback": {"tool": "test.y"}}},
        ]),
    );
    check(
        builder,
        &[
            (FaultKind::UnknownTool, "steps.a.tool"),
            (FaultKind::UnknownParam, "steps.a.params.m"),
            (FaultKind::MayBeMissing, "steps.a.params.n"),
            (FaultKind::DuplicateStep, "steps[1].id"),
            (FaultKind::BadName, "steps[1].tool"),
            (FaultKind::LaterStep, "steps[1].params.x"),
            (FaultKind::OutOfBounds, "steps.b.timeout_ms"),
            (FaultKind::BadReference, "steps.b.params.x[2]"),
            (FaultKind::UnknownStep, "steps.b.params.x[0]"),
            (FaultKind::LaterStep, "steps.b.params.x[1]"),
            (FaultKind::BadName, "steps[3].id"),
            (FaultKind::Recursion, "steps[3].tool"),
            (FaultKind::UnknownTool, "steps[3].on_error.fallback.tool"),
            (FaultKind::UnusedParam, "params.idle"),
        ],
    );
}

#[test]
fn faults_name_the_nearest() {
    let world = World::new();
    let steps = json!([
        {"id": "find", "tool": "test.a"},
        {"id": "use", "tool": "test.wrte", "params": {"x": "${steps.fin.output}"}},
    ]);
    let error = sample(json!({}), steps).build_for(&world.registry).unwrap_err().to_string();
    assert_eq!(
        error,
        "composition `sample` cannot run: \
         steps.use.tool: no tool is called `test.wrte`; did you mean `test.write`?; \
         steps.use.params.x: no step is called `fin`; did you mean `find`?"
    );
}

#[test]
fn number_of_steps_is_bounded() {
    check(empty(), &[(FaultKind::NoSteps, "steps")]);
    let most = CompositionPipeline::MAX_STEPS;
    let many = |count: usize| (0..count).fold(empty(), |all, n| all.step(step(&format!("a{n}"), json!({}))));
    assert!(many(most).build().is_ok());
    check(many(most + 1), &[(FaultKind::OutOfBounds, "steps")]);
}

#[test]
fn skippable_result_needs_a_default() {
    let steps = |reading: Value| {
        json!([
            {"id": "a", "tool": "test.a", "on_error": "skip"},
            {"id": "b", "tool": "test.b", "params": {"x": "${steps.a.output.x}"}, "on_error": reading},
        ])
    };
    check(sample(json!({}), steps(json!("fail_fast"))), &[(FaultKind::MayBeMissing, "steps.b.params.x")]);
    let same = json!({"fallback": {"tool": "test.c"}});
    check(sample(json!({}), steps(same)), &[(FaultKind::MayBeMissing, "steps.b.params.x")]);
    assert!(sample(json!({}), steps(json!("skip"))).build().is_ok());
    assert!(sample(json!({}), steps(json!({"fallback": {"tool": "test.c", "params": {}}}))).build().is_ok());
    let output = sample(json!({}), json!([{"id": "a", "tool": "test.a", "on_error": "skip"}]));
    check(output.output(json!({"a": ["${steps.a.output}"]})), &[(FaultKind::MayBeMissing, "output.a[0]")]);
}

#[test]
fn defaults_fit_their_declaration() {
    let params = json!({
        "n": {"type": "integer", "max": 5, "default": 6},
        "list": {"type": "array", "items": "string", "default": ["x", 1]},
        "must": {"type": "string", "required": true},
    });
    let steps =
        json!([{"id": "a", "tool": "test.a", "params": {"x": ["${params.n}", "${params.list}", "${params.must}"]}}]);
    check(
        sample(params, steps),
        &[(FaultKind::BadParam, "params.list.default"), (FaultKind::BadParam, "params.n.default")],
    );
}

#[test]
fn bad_names_are_refused() {
    let one = || step("a", json!({}));
    check(CompositionPipeline::builder("no good", "x").step(one()), &[(FaultKind::BadName, "name")]);
    check(CompositionPipeline::builder("good", " ").step(one()), &[(FaultKind::BadParam, "description")]);
}

#[test]
fn unknown_fields_are_refused() {
    let refused = |value: Value| serde_json::from_value::<Definition>(value).unwrap_err().to_string();
    let with = |step: Value| json!({"name": "x", "description": "x", "steps": [step]});
    assert!(refused(with(json!({"id": "a", "tool": "b.c", "when": "x"}))).contains("unknown field `when`"));
    assert!(refused(with(json!({"id": "a", "tool": "b.c", "on_error": "retry"}))).contains("unknown variant `retry`"));
    let fallback = json!({"fallback": {"tool": "b.c", "parms": {}}});
    assert!(refused(with(json!({"id": "a", "tool": "b.c", "on_error": fallback}))).contains("unknown field `parms`"));
}

#[test]
fn definition_survives_a_round_trip() {
    let written = json!({
        "name": "x", "description": "x",
        "params": {"t": {"type": ["string", "object"], "default": "last_1h", "description": "When."}},
        "steps": [
            {"id": "a", "tool": "test.a", "params": {"t": "${params.t}"}, "on_error": "skip", "timeout_ms": 5, "max_attempts": 2},
            {"id": "b", "tool": "test.b", "on_error": {"fallback": {"tool": "test.c", "params": {"n": 1}}}},
        ],
        "output": ["${steps.b.output}"],
    });
    assert_eq!(serde_json::to_value(definition(written.clone())).unwrap(), written);
}

#[test]
fn input_schema_follows_the_declaration() {
    let params = json!({"n": {"type": "integer", "min": 1, "required": true}, "key": {"secret": true}});
    let steps = json!([{"id": "a", "tool": "test.a", "params": {"n": "${params.n}", "key": "${params.key?}"}}]);
    let pipeline = sample(params, steps).build().unwrap();
    assert_eq!(
        pipeline.spec().input_schema(),
        &json!({
            "type": "object", "additionalProperties": false, "required": ["n"],
            "properties": {"n": {"type": "integer", "minimum": 1}, "key": {"writeOnly": true}},
        })
    );
}

#[test]
fn toml_says_the_same_as_json() {
    let written = r#"
        name = "x"
        description = "x"
        [params.n]
        type = ["integer", "string"]
        default = 4
        min = 1
        [params.share]
        type = "number"
        max = 0.5
        [[steps]]
        id = "a"
        tool = "test.a"
        on_error = "skip"
        params = { n = "${params.n}", deep = [{ share = "${params.share?}" }] }
        [[steps]]
        id = "b"
        tool = "test.b"
        timeout_ms = 50
        on_error = { fallback = { tool = "test.c", params = { x = 1.5 } } }
        [output]
        a = "${steps.a.output ?? null}"
    "#;
    let expected = json!({
        "name": "x", "description": "x",
        "params": {"n": {"type": ["integer", "string"], "default": 4, "min": 1}, "share": {"type": "number", "max": 0.5}},
        "steps": [
            {"id": "a", "tool": "test.a", "on_error": "skip",
             "params": {"n": "${params.n}", "deep": [{"share": "${params.share?}"}]}},
            {"id": "b", "tool": "test.b", "timeout_ms": 50,
             "on_error": {"fallback": {"tool": "test.c", "params": {"x": 1.5}}}},
        ],
        "output": {"a": "${steps.a.output ?? null}"},
    });
    let read: Definition = toml::from_str(written).unwrap();
    assert_eq!(read, definition(expected));
    assert!(CompositionBuilder::from(read).build().is_ok());
}
