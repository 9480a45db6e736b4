use std::{sync::Arc, time::Duration};

use serde_json::json;
use tool_core::{Signals, ToolId, ToolSignals};
use tool_select::{Basis, IntentTable, SelectionStrategy, SmartToolSelector, Weights};

use crate::support::{catalog, context, names, spec, tool};

fn selector() -> SmartToolSelector {
    SmartToolSelector::new(IntentTable::new())
}

#[track_caller]
fn check(strategy: SelectionStrategy, tools: [tool_core::ToolSpecBuilder; 2], best: &str) {
    let selection = selector().select(&catalog(tools), &context().with_strategy(strategy)).unwrap();
    assert_eq!((names(&selection)[0], selection.strategy), (best, strategy));
}

#[test]
fn strategies_trade_as_their_names_say() {
    let exact_or_quick = || [spec("t.exact", 0.99, 900), spec("t.quick", 0.70, 20)];
    check(SelectionStrategy::Fastest, exact_or_quick(), "t.quick");
    check(SelectionStrategy::MostAccurate, exact_or_quick(), "t.exact");
}

#[test]
fn complete_tool_covers_the_asked_fields() {
    let returns = |name, accuracy, fields: &[&str]| {
        let properties: serde_json::Map<_, _> = fields.iter().map(|field| ((*field).to_owned(), json!({}))).collect();
        let output = json!({"type": "object", "properties": {"rows": {"items": {"properties": properties}}}});
        spec(name, accuracy, 100).output(output)
    };
    let tools = catalog([returns("t.few", 0.95, &["owner"]), returns("t.most", 0.80, &["owner", "status"])]);
    let asked = context().with_asked_fields(["status", "owner"]);
    let first = |strategy| {
        let selection = selector().select(&tools, &asked.clone().with_strategy(strategy)).unwrap();
        names(&selection)[0].to_owned()
    };
    assert_eq!(first(SelectionStrategy::MostComplete), "t.most");
    assert_eq!(first(SelectionStrategy::Balanced), "t.few");
}

#[test]
fn busy_tool_loses_under_least_load() {
    let tools = catalog([spec("t.busy", 0.95, 100), spec("t.idle", 0.80, 100)]);
    let asked = context().with_load(tool("t.busy"), 0.5);
    let first = |strategy| {
        let selection = selector().select(&tools, &asked.clone().with_strategy(strategy)).unwrap();
        names(&selection)[0].to_owned()
    };
    assert_eq!(first(SelectionStrategy::LeastLoad), "t.idle");
    assert_eq!(first(SelectionStrategy::MostAccurate), "t.busy");
}

/// Reports the same of every tool.
#[derive(Debug)]
struct Same(ToolSignals);

impl Signals for Same {
    fn read(&self, _tool: ToolId) -> ToolSignals {
        self.0
    }
}

#[test]
fn reported_signals_count_before_stated_ones() {
    let tools = catalog([spec("t.a", 0.5, 100)]);
    let reported = ToolSignals::default().with_load(1.0).with_cached(1.0).with_latency(Duration::from_secs(1));
    let selector = selector().with_signals(Arc::new(Same(reported)));
    let selection = selector.select(&tools, &context().with_load(tool("t.a"), 0.0)).unwrap();
    // 0.30 * 0.5 + 0.25 / 2 + 0.15 * 0.5 + 0.20 * 0
    assert!((selection.ranked[0].score - 0.35).abs() < 1e-12);
    let load = &selection.ranked[0].contributions[3];
    assert_eq!((&*load.name, load.basis), ("load", Basis::Reported));
}

#[test]
fn weights_can_be_replaced() {
    let parsed: Weights = serde_json::from_value(json!({"time": 0.0, "accuracy": 1.0, "load": 1.0})).unwrap();
    let selector = selector().with_weights(SelectionStrategy::Balanced, parsed).unwrap();
    let selection = selector.select(&catalog([spec("t.a", 0.5, 100)]), &context()).unwrap();
    assert!((selection.ranked[0].score - 1.0).abs() < f64::EPSILON, "the cap");
}

#[test]
fn impossible_weights_are_refused() {
    for bad in [-0.1, f64::NAN, f64::INFINITY] {
        let mut weights = Weights::default();
        weights.load = bad;
        assert_eq!(selector().with_weights(SelectionStrategy::Fastest, weights).unwrap_err().field(), "load");
    }
    assert!(serde_json::from_str::<Weights>(r#"{"speed": 1}"#).is_err());
}

#[test]
fn weights_of_a_strategy_sum_to_one() {
    for strategy in SelectionStrategy::ALL {
        let w = strategy.weights();
        let sum = w.accuracy + w.time + w.cached + w.load + w.intent + w.coverage;
        assert!((sum - 1.0).abs() < 1e-12, "{}", strategy.as_str());
    }
}

#[test]
fn impossible_intents_are_refused() {
    let table = IntentTable::new;
    assert!(table().intent("X", &[("a.b", 1.1)]).is_err());
    assert!(table().intent("X", &[("a.b", f64::NAN)]).is_err());
    assert!(table().intent("X", &[("nodot", 0.1)]).is_err());
    assert!(table().intent("X", &[("a.b", 0.1), ("A_B", 0.2)]).is_err());
    assert!(table().intent(" ", &[]).is_err());
    assert!(table().intent("x", &[]).unwrap().intent("X", &[]).is_err());
}
