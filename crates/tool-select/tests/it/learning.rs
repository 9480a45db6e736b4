//! What earlier outcomes change in a ranking, and what they never do.

use std::sync::Arc;

use proptest::prelude::*;
use tool_core::{
    BreakerState, CallContext, Decision, Policy, Signals, ToolHandle, ToolId, ToolRegistry, ToolSignals, ToolSpec,
};
use tool_select::{Basis, Catalog, Fit, IntentTable, Outcome, OutcomeLearner, Selection, SmartToolSelector};

use crate::support::{context, described, name_of, names, registry};

const TOOLS: [(&str, &str); 4] = [
    ("mail.send", "Sends a message to a person."),
    ("mail.search", "Finds messages of the inbox."),
    ("file.search", "Finds files by words in them."),
    ("note.add", "Writes a note."),
];

fn tools() -> ToolRegistry {
    registry(TOOLS.map(|(name, text)| described(name, text, &[])))
}

fn learner() -> Arc<OutcomeLearner> {
    Arc::new(OutcomeLearner::builder().build().unwrap())
}

fn selector(learner: &Arc<OutcomeLearner>) -> SmartToolSelector {
    SmartToolSelector::new(IntentTable::new()).with_learner(Arc::clone(learner))
}

fn teach(learner: &OutcomeLearner, tools: &ToolRegistry, question: &str, tool: &str, outcome: Outcome, times: usize) {
    let handle = tools.resolve(tool).unwrap();
    (0..times).for_each(|_| learner.observe("acme", question, handle.spec(), 1.0, outcome));
}

fn search(selector: &SmartToolSelector, tools: &ToolRegistry, text: &str) -> Selection {
    selector.search(&Catalog::of(tools), text, &context())
}

#[test]
fn success_brings_a_tool_that_no_word_finds() {
    let (tools, learner) = (tools(), learner());
    assert_eq!(search(&selector(&learner), &tools, "invoice from the landlord").fit, Fit::NoneFits);
    teach(&learner, &tools, "landlord invoice", "file.search", Outcome::Success, 4);
    let found = search(&selector(&learner), &tools, "invoice from the landlord");
    assert_eq!((found.fit, name_of(found.best().unwrap())), (Fit::Fits, "file.search"));
    assert_eq!(found.ranked[0].contributions[0].basis, Basis::Learned);
}

#[test]
fn failure_lowers_what_the_words_find() {
    let (tools, learner) = (tools(), learner());
    let text = "find messages";
    assert_eq!(names(&search(&selector(&learner), &tools, text))[0], "mail.search");
    let first = search(&selector(&learner), &tools, text).ranked.swap_remove(0);
    for _ in 0..10 {
        learner.observe("acme", text, first.tool.spec(), first.text_score(), Outcome::Failure);
    }
    assert_ne!(names(&search(&selector(&learner), &tools, text))[0], "mail.search");
}

#[test]
fn exact_name_stays_first() {
    let (tools, learner) = (tools(), learner());
    teach(&learner, &tools, "mail.send", "note.add", Outcome::Success, 50);
    teach(&learner, &tools, "mail.send", "mail.send", Outcome::Failure, 50);
    assert_eq!(names(&search(&selector(&learner), &tools, "mail.send"))[0], "mail.send");
}

#[derive(Debug)]
struct Deny(&'static str);

impl Policy for Deny {
    fn decide(&self, _: &CallContext, spec: &ToolSpec) -> Decision {
        if spec.name().as_str() == self.0 { Decision::deny("no") } else { Decision::Allow }
    }
}

#[test]
fn what_is_denied_or_gone_is_not_brought_back() {
    let (tools, learner) = (tools(), learner());
    teach(&learner, &tools, "landlord invoice", "file.search", Outcome::Success, 4);
    let denied = selector(&learner).with_policy(Arc::new(Deny("file.search")));
    assert!(!names(&search(&denied, &tools, "landlord invoice")).contains(&"file.search"));
    tools.remove(&"file.search".parse().unwrap());
    assert!(search(&selector(&learner), &tools, "landlord invoice").ranked.is_empty());
}

/// Reports one tool's breaker open, and every other's closed.
#[derive(Debug)]
struct Open(ToolId);

impl Signals for Open {
    fn read(&self, tool: ToolId) -> ToolSignals {
        let state = if tool == self.0 { BreakerState::Open } else { BreakerState::Closed };
        ToolSignals::default().with_breaker(state)
    }
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![Just(Outcome::Success), Just(Outcome::Failure)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn learning_keeps_every_promise(
        lessons in prop::collection::vec((0..4_usize, prop::sample::select(vec!["find", "messages note", "words invoice"]), outcome()), 0..40),
        open in 0..4_usize,
        text in prop::sample::select(vec!["find messages", "write a note", "invoice words", "nothing of this"]),
    ) {
        let (tools, learner) = (tools(), learner());
        for (tool, question, outcome) in &lessons {
            teach(&learner, &tools, question, TOOLS[*tool].0, *outcome, 1);
        }
        let handle: ToolHandle = tools.resolve(TOOLS[open].0).unwrap();
        let found = search(&selector(&learner).with_signals(Arc::new(Open(handle.id()))), &tools, text);
        for tool in &found.ranked {
            let sum: f64 = tool.contributions.iter().map(|part| part.points).sum();
            prop_assert_eq!(sum.to_bits(), tool.score.to_bits());
        }
        let first_is_open = found.ranked.first().is_some_and(|tool| tool.tool.id() == handle.id());
        prop_assert!(!first_is_open || found.ranked.len() == 1);
        let again = search(&selector(&learner).with_signals(Arc::new(Open(handle.id()))), &tools, text);
        prop_assert_eq!(names(&found), names(&again));
    }
}
