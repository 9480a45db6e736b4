use tool_select::{Catalog, Fit, IntentTable, Selection, SmartToolSelector};

use crate::support::{catalog, context, described, names};

fn tools() -> Catalog {
    catalog([
        described("ci.search", "Finds configuration items by words in their name or type.", &["keywords", "limit"]),
        described("metric.aggregate", "Aggregates a metric over items and time.", &["metric_name", "timeRange", "agg"]),
        described("history.event_log", "Lists the events of items, newest first.", &["ci_ids", "time_range"]),
        described("graph.path", "Returns the shortest path between two items.", &["ci_id", "target_ci_id"]),
    ])
}

fn search(text: &str) -> Selection {
    SmartToolSelector::new(IntentTable::new()).search(&tools(), text, &context())
}

#[track_caller]
fn check(text: &str, best: &str) {
    assert_eq!(names(&search(text)).first(), Some(&best), "{text}");
}

#[test]
fn words_find_their_tool() {
    check("which events happened?", "history.event_log");
    check("shortest path from a to b", "graph.path");
    check("SEARCH for KEYWORD", "ci.search");
    check("time range of a metric", "metric.aggregate");
    check("targetCiId", "graph.path");
}

#[test]
fn exact_name_stands_first() {
    for text in ["ci.search", "CI_SEARCH", " CI/search ", "Ci.Search"] {
        let selection = search(text);
        assert_eq!((names(&selection)[0], selection.ranked[0].exact_name), ("ci.search", true), "{text}");
    }
}

#[test]
fn nothing_matched_is_none_fits() {
    for text in ["", "   ", "the of and", "bake a cake", "\u{0}\u{1b}[31m"] {
        let selection = search(text);
        assert_eq!((selection.fit, selection.ranked.len()), (Fit::NoneFits, 0), "{text:?}");
    }
    assert_eq!(search("bake cakes").unmatched, ["bake", "cakes"]);
}

#[test]
fn words_are_explained() {
    let selection = search("newest events on Mars");
    let matched: Vec<&str> = selection.ranked[0].contributions.iter().map(|word| &*word.name).collect();
    assert_eq!((matched, selection.unmatched.as_slice()), (vec!["newest", "events"], ["mars".to_owned()].as_slice()));
    let sum: f64 = selection.ranked[0].contributions.iter().map(|word| word.points).sum();
    assert!((sum - selection.ranked[0].score).abs() < f64::EPSILON);
}

#[test]
fn long_text_is_cut_and_said() {
    let text: String = (0..20_000).map(|n| format!("{} ", "q".repeat(2 + n % 200))).collect::<String>() + "events";
    let selection = search(&text);
    assert_eq!((selection.fit, selection.ignored_words), (Fit::NoneFits, 20_001 - 128));
}

#[test]
fn equal_scores_stand_by_name() {
    let tools = catalog(["b.x", "a.x", "c.x"].map(|name| described(name, "Rings a bell.", &[])));
    let selection = SmartToolSelector::new(IntentTable::new()).search(&tools, "bell", &context());
    assert_eq!(names(&selection), ["a.x", "b.x", "c.x"]);
}
