//! Random chains against a plain sequential reading of them.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};
use tool_compose::ErrorHandling;

use crate::support::{World, empty, statuses, step};

#[derive(Debug, Clone, Copy)]
enum On {
    Fail,
    Skip,
    Fallback,
}

/// One step: whether it fails, what happens then, and which earlier steps it reads.
#[derive(Debug, Clone)]
struct Plan {
    fails: bool,
    on: On,
    reads: Vec<usize>,
}

fn plans() -> impl Strategy<Value = Vec<Plan>> {
    let on = prop_oneof![Just(On::Fail), Just(On::Skip), Just(On::Fallback)];
    let plan = (prop::bool::weighted(0.3), on, prop::collection::vec(0..16_usize, 0..3));
    prop::collection::vec(plan.prop_map(|(fails, on, reads)| Plan { fails, on, reads }), 1..16)
}

/// What the run must come to: statuses, results, tools called.
fn model(plans: &[Plan]) -> (Vec<&'static str>, BTreeMap<String, Value>, Vec<String>) {
    let (mut statuses, mut results, mut called) = (Vec::new(), BTreeMap::new(), Vec::new());
    let mut ended = false;
    for (at, plan) in plans.iter().enumerate() {
        if ended {
            statuses.push("not_started");
            continue;
        }
        called.push("test.a".to_owned());
        let read: Vec<Value> = reads(at, plan)
            .map(|from| results.get(&format!("a{from}")).map_or(json!("none"), |value: &Value| value["at"].clone()))
            .collect();
        let status = match (plan.fails, plan.on) {
            (false, _) => "ok",
            (true, On::Fail) => "failed",
            (true, On::Skip) => "skipped",
            (true, On::Fallback) => "fallback",
        };
        match status {
            "ok" => drop(results.insert(format!("a{at}"), json!({"at": at, "read": read}))),
            "fallback" => {
                called.push("test.d".to_owned());
                results.insert(format!("a{at}"), json!({"at": at}));
            }
            "failed" => ended = true,
            _ => {}
        }
        statuses.push(status);
    }
    (statuses, results, called)
}

fn reads(at: usize, plan: &Plan) -> impl Iterator<Item = usize> {
    plan.reads.iter().copied().filter(move |from| *from < at)
}

fn build(plans: &[Plan]) -> tool_compose::CompositionPipeline {
    let mut builder = empty();
    for (at, plan) in plans.iter().enumerate() {
        let read: Vec<String> =
            reads(at, plan).map(|from| format!("${{steps.a{from}.output.at ?? \"none\"}}")).collect();
        let params = if plan.fails { json!({"fail": "not_found"}) } else { json!({"at": at, "read": read}) };
        let handling = match plan.on {
            On::Fail => ErrorHandling::FailFast,
            On::Skip => ErrorHandling::Skip,
            On::Fallback => ErrorHandling::fallback_with("test.d", serde_json::from_value(json!({"at": at})).unwrap()),
        };
        builder = builder.step(step(&format!("a{at}"), params).error_handling(handling));
    }
    builder.build().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn run_is_the_sequential_model(plans in plans()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let world = World::new();
        let run = runtime.block_on(world.run(&build(&plans), json!({})));
        let (expected, results, called) = model(&plans);
        prop_assert_eq!(statuses(&run), expected);
        let found: BTreeMap<String, Value> = run
            .steps
            .iter()
            .filter_map(|step| Some((step.id.to_string(), step.output.as_ref()?.payload.value().clone())))
            .collect();
        prop_assert_eq!(found, results);
        prop_assert_eq!(world.called(), called);
        let calls: u32 = run.steps.iter().map(|step| step.calls).sum();
        prop_assert_eq!(calls as usize, world.called().len());
    }
}
