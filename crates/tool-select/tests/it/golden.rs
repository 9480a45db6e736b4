//! The original's formula on the original's table, to six digits.

use tool_select::{Catalog, IntentTable, SmartToolSelector};

use crate::support::{catalog, context, name_of, spec};

/// Tool, accuracy, base time in milliseconds.
const PROFILES: [(&str, f64, u64); 11] = [
    ("CI_SEARCH", 0.95, 120),
    ("CI_GET", 0.99, 80),
    ("CI_GET_BY_CODE", 0.80, 90),
    ("CI_AGGREGATE", 0.92, 140),
    ("CI_LIST_PREVIEW", 0.75, 150),
    ("METRIC_AGGREGATE", 0.88, 110),
    ("METRIC_SERIES", 0.86, 130),
    ("GRAPH_EXPAND", 0.85, 160),
    ("GRAPH_PATH", 0.90, 190),
    ("HISTORY_EVENT_LOG", 0.78, 120),
    ("CEP_SIMULATE", 0.79, 200),
];

fn tools() -> Catalog {
    catalog(PROFILES.map(|(name, accuracy, millis)| spec(name, accuracy, millis)))
}

fn selector() -> SmartToolSelector {
    let intents = IntentTable::new()
        .intent("SEARCH", &[("CI_SEARCH", 0.20), ("CI_GET", 0.0)])
        .unwrap()
        .intent("LOOKUP", &[("CI_GET", 0.20), ("CI_GET_BY_CODE", 0.15)])
        .unwrap()
        .intent("AGGREGATE", &[("CI_AGGREGATE", 0.20), ("METRIC_AGGREGATE", 0.15)])
        .unwrap()
        .intent("LIST", &[("CI_LIST_PREVIEW", 0.15), ("CI_SEARCH", 0.0)])
        .unwrap()
        .intent("EXPAND", &[("GRAPH_EXPAND", 0.20)])
        .unwrap()
        .intent("PATH", &[("GRAPH_PATH", 0.20)])
        .unwrap();
    SmartToolSelector::new(intents)
}

#[track_caller]
fn check(intent: &str, expected: &[(&str, f64)]) {
    let selection = selector().select(&tools(), &context().with_intent(intent)).unwrap();
    assert_eq!(selection.ranked.len(), expected.len());
    for (ranked, (name, score)) in selection.ranked.iter().zip(expected) {
        assert_eq!(name_of(ranked), *name);
        assert!((ranked.score - score).abs() < 5e-7, "{name}: {} and not {score}", ranked.score);
    }
}

#[test]
fn formula_gives_the_stated_scores() {
    check("SEARCH", &[("ci.get", 0.728_481), ("ci.search", 0.728_214)]);
    check("LOOKUP", &[("ci.get", 0.748_481), ("ci.get_by_code", 0.684_358)]);
    check("AGGREGATE", &[("ci.aggregate", 0.715_298), ("metric.aggregate", 0.704_225)]);
    check("LIST", &[("ci.search", 0.708_214), ("ci.list_preview", 0.657_391)]);
    check("EXPAND", &[("graph.expand", 0.690_517)]);
    check("PATH", &[("graph.path", 0.700_084)]);
}

#[test]
fn without_intent_all_are_ranked() {
    let selection = selector().select(&tools(), &context()).unwrap();
    assert_eq!(selection.ranked.len(), PROFILES.len());
    assert_eq!(name_of(selection.best().unwrap()), "ci.get");
}
