use tool_core::{Complexity, Profile};

use super::{INTENTS, PROFILES, intents, profile};

/// The formula of the original design for load 0, nothing cached and no estimates; `strategy` is its flat bonus.
fn score(tool: &str, bonus: f64, strategy: f64) -> f64 {
    let Profile { accuracy, base_time, .. } = profile(tool);
    0.30 * accuracy + 0.25 / (1.0 + base_time.as_secs_f64()) + 0.20 + 0.10 * bonus + strategy
}

fn bonus(intent: &str, tool: &str) -> f64 {
    let table = intents();
    let candidates = table.candidates(intent).unwrap();
    candidates.iter().find(|candidate| candidate.tool.as_str() == tool).unwrap().bonus
}

#[track_caller]
fn check(intent: &str, tool: &str, strategy: f64, expected: f64) {
    let score = score(tool, bonus(intent, tool), strategy);
    assert!((score - expected).abs() < 5e-7, "{intent} {tool}: {score}, expected {expected}");
}

#[test]
fn golden_scores_follow_from_the_table() {
    check("SEARCH", "ci.search", 0.05, 0.778_214);
    check("SEARCH", "ci.get", 0.0, 0.728_481);
    check("SEARCH", "ci.get", 0.05, 0.778_481);
    check("SEARCH", "ci.search", 0.0, 0.728_214);
    check("LOOKUP", "ci.get", 0.0, 0.748_481);
    check("LOOKUP", "ci.get_by_code", 0.0, 0.684_358);
    check("SEARCH", "ci.list_preview", 0.0, 0.657_391);
    check("AGGREGATE", "metric.aggregate", 0.03, 0.734_225);
    check("AGGREGATE", "metric.aggregate", 0.0, 0.704_225);
    check("AGGREGATE", "ci.aggregate", 0.0, 0.715_298);
    check("RELATIONSHIP", "graph.expand", 0.0, 0.690_517);
    check("RELATIONSHIP", "graph.expand", 0.04, 0.730_517);
    check("RELATIONSHIP", "graph.path", 0.0, 0.700_084);
    check("RELATIONSHIP", "graph.path", 0.05, 0.750_084);
}

#[test]
fn intents_are_the_stated_six() {
    let names: Vec<String> = intents().intents().map(str::to_owned).collect();
    assert_eq!(names, ["AGGREGATE", "ANALYSIS", "HISTORY", "LOOKUP", "RELATIONSHIP", "SEARCH"]);
}

#[test]
fn every_profiled_tool_is_reachable() {
    for (tool, ..) in PROFILES {
        let reached = INTENTS.iter().any(|intent| intent.candidates.iter().any(|(name, _)| *name == tool));
        assert!(reached, "{tool} answers no intent");
    }
}

#[test]
fn original_names_mean_the_same_tools() {
    for (tool, ..) in PROFILES {
        let original = tool.to_uppercase().replacen('.', "_", 1);
        assert_eq!(original.parse::<tool_core::ToolName>().unwrap().as_str(), tool);
    }
}

#[test]
fn unknown_tool_is_assumed_mediocre() {
    assert_eq!(profile("other.tool"), Profile::default());
    assert_eq!(profile("ci.get").complexity, Some(Complexity::VeryLow));
}
