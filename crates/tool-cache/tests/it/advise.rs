//! Does a replay of what was recorded say what really happened?

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use proptest::prelude::*;
use serde_json::{Value, json};
use tool_cache::{Advisor, CachePolicy, Ending, PastCall, Recommendation, Unusable};
use tool_core::{CallContext, Clock, Effect, Origin, Scope, ToolExecutor, ToolOutput, ToolSpec};

use crate::support::{World, reads};

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

fn policy() -> tool_cache::CachePolicyBuilder {
    CachePolicy::builder().default_ttl(seconds(60)).ttl("b.own", seconds(10))
}

/// A call as an observer writes it down.
struct Recorded {
    spec: Arc<ToolSpec>,
    principal: &'static str,
    params: Value,
    at: SystemTime,
    took: Duration,
    ending: Ending,
    bytes: u64,
}

impl Recorded {
    fn past(&self) -> PastCall<'_> {
        PastCall::new(&self.spec, "acme", self.principal, Some(&self.params))
            .timed(self.at, self.took)
            .ended(self.ending, self.bytes)
    }
}

/// Makes calls through a cache, each after a pause in seconds, of tools that take a second or two.
async fn record(calls: &[(u64, &'static str, &'static str, u8)]) -> Vec<Recorded> {
    let world = World::with(policy());
    for (spec, took) in [(reads("a.shared"), 1), (reads("b.own").scope(Scope::Principal), 2)] {
        let clock = Arc::clone(&world.clock);
        world.add(spec, move |call| {
            clock.advance(seconds(took));
            async move { ToolOutput::json(call.params().as_value()) }
        });
    }
    let mut recorded = Vec::new();
    for (pause, tool, principal, question) in calls {
        world.clock.advance(seconds(*pause));
        let (at, began) = (world.clock.wall(), world.clock.now());
        let params = json!({"question": question});
        let call = world.make(tool, params.clone(), CallContext::new("acme", *principal));
        let spec = Arc::clone(call.spec());
        let output = world.executor.execute(call).await.unwrap();
        let ending = if output.report.origin == Origin::Executed { Ending::Executed } else { Ending::Cached };
        let (took, bytes) = (world.clock.now() - began, output.payload.len() as u64);
        recorded.push(Recorded { spec, principal, params, at, took, ending, bytes });
    }
    recorded
}

fn advisor(recorded: &[Recorded]) -> Advisor {
    let mut advisor = Advisor::new(policy().build().unwrap());
    recorded.iter().for_each(|call| advisor.record(&call.past()).unwrap());
    advisor
}

fn a_call() -> impl Strategy<Value = (u64, &'static str, &'static str, u8)> {
    (0u64..25, prop::sample::select(vec!["a.shared", "b.own"]), prop::sample::select(vec!["ann", "bob"]), 0u8..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn replay_agrees_with_what_was_observed(calls in prop::collection::vec(a_call(), 1..120)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let recorded = runtime.block_on(record(&calls));
        let advice = advisor(&recorded).advise();
        prop_assert_eq!(advice.observed.calls, calls.len() as u64);
        for tool in &advice.tools {
            prop_assert_eq!(tool.replayed, tool.observed, "{}", tool.tool);
        }
        prop_assert_eq!(advice.replayed, advice.observed);
    }
}

#[tokio::test]
async fn longer_lifetime_answers_as_if_it_had_been_set() {
    // Every 20 s the same question: of a lifetime of 10 s nothing is left, of 60 s two hits a run.
    let calls = [(20, "b.own", "ann", 0); 30];
    let advice = advisor(&record(&calls).await).ttls([seconds(61), seconds(30)]).advise();
    let [tool] = advice.tools.as_slice() else { panic!("{advice:?}") };
    assert_eq!((tool.observed.hits, tool.questions, tool.load), (0, 1, Some(seconds(2))));
    let tried: Vec<_> = tool.ttls.iter().map(|tried| (tried.ttl, tried.outcome.hits)).collect();
    // A run and its answer: asked at 0, 22, 44 … (a run takes 2 s); good from 2 to 32, or to 63.
    assert_eq!(tried, [(seconds(30), 15), (seconds(61), 20)]);
    assert_eq!(tool.ttls[1].outcome.saved, seconds(40));
    assert_eq!(tool.advice, Recommendation::Longer { ttl: seconds(61) });
}

#[tokio::test]
async fn smaller_cache_answers_less() {
    let calls: Vec<_> = (0..80).map(|at| (0, "a.shared", "ann", at % 4)).collect();
    let advice = advisor(&record(&calls).await).entries([1, 4]).advise();
    let hits: Vec<_> = advice.sizes.iter().map(|size| (size.entries, size.outcome.hits)).collect();
    // Four questions in turn: a cache of one never has the next.
    assert_eq!(hits, [(1, 0), (4, 76), (1000, 76)]);
    assert_eq!((advice.entries, advice.advised_entries), (1000, Some(4)));
}

#[tokio::test]
async fn scope_decides_who_shares_a_question() {
    let calls = [(0, "a.shared", "ann", 1), (0, "a.shared", "bob", 1), (0, "b.own", "ann", 1), (0, "b.own", "bob", 1)];
    let advice = advisor(&record(&calls).await).advise();
    let questions: Vec<_> = advice.tools.iter().map(|tool| (tool.tool.as_str(), tool.questions)).collect();
    assert_eq!(questions, [("a.shared", 1), ("b.own", 2)]);
}

#[test]
fn order_of_recording_does_not_matter() {
    let spec = reads("a.b").build().unwrap();
    let params = json!({});
    let advice = |order: &[u64]| {
        let mut advisor = Advisor::new(policy().build().unwrap());
        for minute in order {
            let at = SystemTime::UNIX_EPOCH + seconds(minute * 40);
            let call = PastCall::new(&spec, "acme", "ann", Some(&params)).timed(at, seconds(1));
            advisor.record(&call).unwrap();
        }
        advisor.advise()
    };
    assert_eq!(advice(&[0, 1, 2, 3]), advice(&[2, 0, 3, 1]));
    assert_eq!(advice(&[0, 1, 2, 3]).replayed.hits, 2);
}

#[test]
fn same_worth_is_the_same_question() {
    let spec = reads("a.b").build().unwrap();
    let mut advisor = Advisor::new(policy().build().unwrap());
    for params in [json!({"n": 1, "request_id": "x"}), json!({"n": 1.0})] {
        advisor.record(&PastCall::new(&spec, "acme", "ann", Some(&params))).unwrap();
    }
    assert_eq!(advisor.advise().tools[0].questions, 1);
}

#[test]
fn calls_that_tell_nothing_are_refused() {
    #[track_caller]
    fn check(spec: tool_core::ToolSpecBuilder, params: Option<&Value>, expected: Unusable) {
        let (spec, mut advisor) = (spec.build().unwrap(), Advisor::new(CachePolicy::default()));
        let call = PastCall::new(&spec, "acme", "ann", params);
        assert_eq!(advisor.record(&call), Err(expected));
        assert_eq!(advisor.advise().observed.calls, 0);
    }
    check(reads("a.b").effect(Effect::Writes), Some(&json!({})), Unusable::Effect);
    check(reads("a.b"), None, Unusable::NoParams);
    check(reads("a.b"), Some(&json!({"q": [{"token": "[REDACTED:name]"}]})), Unusable::Secret);
    let told_secrets = json!({"type": "object", "properties": {"pin": {"type": "string", "writeOnly": true}}});
    check(reads("a.b").input(told_secrets), Some(&json!({})), Unusable::Secret);
}
