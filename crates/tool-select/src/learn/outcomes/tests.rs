use super::*;

fn spec(name: &str) -> ToolSpec {
    ToolSpec::builder(name, "A tool.").build().unwrap()
}

fn learner() -> OutcomeLearner {
    OutcomeLearner::builder().build().unwrap()
}

fn observe(learner: &OutcomeLearner, question: &str, tool: &ToolSpec, outcome: Outcome, times: usize) {
    for _ in 0..times {
        learner.observe("acme", question, tool, 1.0, outcome);
    }
}

fn points(learner: &OutcomeLearner, question: &str, tool: &ToolSpec) -> f64 {
    learner.learned("acme", question).points(tool.name())
}

#[test]
fn success_raises_and_failure_lowers() {
    let (learner, good, bad) = (learner(), spec("t.good"), spec("t.bad"));
    observe(&learner, "reset my password", &good, Outcome::Success, 3);
    observe(&learner, "reset my password", &bad, Outcome::Failure, 3);
    assert!(points(&learner, "password reset", &good) > 0.0);
    assert!(points(&learner, "password reset", &bad) < 0.0);
    assert!(learner.learned("acme", "weather tomorrow").is_empty());
}

#[test]
fn evidence_of_one_word_is_capped() {
    let (learner, tool) = (learner(), spec("t.a"));
    observe(&learner, "invoice", &tool, Outcome::Success, 500);
    let once = points(&learner, "invoice", &tool);
    assert!(once > 0.0 && once <= CAP / SLOPE * 1.01, "{once}");
}

#[test]
fn later_evidence_overrules_earlier() {
    let (learner, tool) = (learner(), spec("t.a"));
    observe(&learner, "invoice", &tool, Outcome::Success, 50);
    observe(&learner, "invoice", &tool, Outcome::Failure, 50);
    assert!(points(&learner, "invoice", &tool) < 0.0);
}

#[test]
fn evidence_fades_with_other_outcomes_of_the_tool() {
    let learner = OutcomeLearner::builder().half_life(10).build().unwrap();
    let tool = spec("t.a");
    observe(&learner, "invoice", &tool, Outcome::Success, 20);
    let fresh = points(&learner, "invoice", &tool);
    observe(&learner, "weather", &tool, Outcome::Success, 10);
    let faded = points(&learner, "invoice", &tool);
    assert!(faded < 0.6 * fresh && faded > 0.0, "{fresh} then {faded}");
    observe(&learner, "weather", &tool, Outcome::Success, 2000);
    assert!(points(&learner, "invoice", &tool).abs() < 1e-9, "it is rescaled and not lost in rounding");
    assert!(points(&learner, "weather", &tool) > 0.0);
}

#[test]
fn another_definition_starts_anew() {
    let (learner, tool) = (learner(), spec("t.a"));
    observe(&learner, "invoice", &tool, Outcome::Failure, 5);
    let changed = ToolSpec::builder("t.a", "A tool.").input(serde_json::json!({"required": ["x"]})).build().unwrap();
    learner.observe("acme", "weather", &changed, 1.0, Outcome::Success);
    assert_eq!(points(&learner, "invoice", &tool).to_bits(), 0.0_f64.to_bits());
}

#[test]
fn tenants_learn_apart() {
    let (learner, tool) = (learner(), spec("t.a"));
    observe(&learner, "invoice", &tool, Outcome::Success, 5);
    assert!(learner.learned("initech", "invoice").is_empty());
}

#[test]
fn every_bound_holds() {
    let learner = OutcomeLearner::builder().max_words(100).max_tools(2).max_tenants(1).build().unwrap();
    let tools = ["t.a", "t.b", "t.c"].map(spec);
    for n in 0..1000 {
        learner.observe("acme", &format!("word{n} other{n}"), &tools[n % 3], 1.0, Outcome::Success);
    }
    learner.observe("initech", "word1", &tools[0], 1.0, Outcome::Success);
    let tenants = learner.tenants();
    assert_eq!(tenants.len(), 1);
    assert!(tenants["acme"].words.len() <= 100 && tenants["acme"].tools.len() == 2);
}

#[test]
fn odd_text_scores_do_no_harm() {
    let (learner, tool) = (learner(), spec("t.a"));
    for score in [f64::NAN, f64::INFINITY, -5.0, 0.0, f64::MAX] {
        learner.observe("acme", "invoice", &tool, score, Outcome::Success);
    }
    assert!(points(&learner, "invoice", &tool).is_finite());
    learner.observe("acme", "", &tool, 1.0, Outcome::Success);
}

#[test]
fn saved_state_is_taken_over() {
    let (learner, tool) = (learner(), spec("t.a"));
    observe(&learner, "invoice", &tool, Outcome::Success, 5);
    let saved = learner.save().unwrap();
    assert!(!saved.contains("invoice"));
    let other = self::learner();
    other.restore(&saved).unwrap();
    assert_eq!(points(&other, "invoice", &tool).to_bits(), points(&learner, "invoice", &tool).to_bits());
}

#[test]
fn damaged_state_is_refused_and_changes_nothing() {
    let (learner, tool) = (learner(), spec("t.a"));
    observe(&learner, "invoice", &tool, Outcome::Success, 5);
    let (before, saved) = (points(&learner, "invoice", &tool), learner.save().unwrap());
    let damaged = [
        String::new(),
        "{}".to_owned(),
        saved[..saved.len() / 2].to_owned(),
        saved.replace("\"version\":1", "\"version\":2"),
        saved.replace("\"scale\":0.9", "\"scale\":-0.9"),
        saved.replace("\"usual\":1.0", "\"usual\":0.0"),
    ];
    for text in damaged {
        assert!(learner.restore(&text).is_err(), "{text}");
    }
    assert_eq!(points(&learner, "invoice", &tool).to_bits(), before.to_bits());
}

#[test]
fn bounds_of_zero_are_refused() {
    let error = OutcomeLearner::builder().half_life(0).build().unwrap_err();
    assert_eq!(error.to_string(), "`half_life` is 0, expected at least 1");
}
