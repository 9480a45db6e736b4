use std::sync::Arc;

use serde_json::json;
use tool_core::{CallContext, Decision, Policy, ToolSpec};
use tool_select::{Exclusion, Fit, IntentTable, SmartToolSelector};

use crate::support::{catalog, context, described, names, registry, spec, tool};

fn needs(name: &str, params: &[&str]) -> tool_core::ToolSpecBuilder {
    spec(name, 0.9, 100).input(json!({"type": "object", "required": params}))
}

fn search() -> IntentTable {
    IntentTable::new().intent("SEARCH", &[("ci.search", 0.2), ("ci.get", 0.0), ("ci.gone", 0.0)]).unwrap()
}

#[test]
fn tool_without_its_params_is_no_candidate() {
    let tools = catalog([needs("ci.search", &[]), needs("ci.get", &["ci_id", "depth"])]);
    let selector = SmartToolSelector::new(search());
    let selection = selector.select(&tools, &context().with_intent("search").with_known_params(["depth"])).unwrap();
    assert_eq!(names(&selection), ["ci.search"]);
    assert_eq!(selection.excluded[0].reason, Exclusion::MissingParams { params: vec!["ci_id".to_owned()] });
    assert_eq!((&selection.excluded[1].tool, &selection.excluded[1].reason), (&tool("ci.gone"), &Exclusion::Unknown));
}

#[test]
fn unstated_params_exclude_nothing() {
    let tools = catalog([needs("ci.search", &[]), needs("ci.get", &["ci_id"])]);
    let selection = SmartToolSelector::new(search()).select(&tools, &context().with_intent("SEARCH")).unwrap();
    assert_eq!(selection.ranked.len(), 2);
}

#[test]
fn nothing_left_is_none_fits() {
    let tools = catalog([needs("ci.get", &["ci_id"])]);
    let asked = context().with_intent("SEARCH").with_known_params(Vec::<String>::new());
    let selection = SmartToolSelector::new(search()).select(&tools, &asked).unwrap();
    assert_eq!((selection.fit, selection.best().is_none()), (Fit::NoneFits, true));
    assert_eq!(selection.excluded.len(), 3);
}

#[test]
fn unknown_intent_names_the_nearest() {
    let error = SmartToolSelector::new(search()).select(&catalog([]), &context().with_intent("SERCH")).unwrap_err();
    assert_eq!((error.intent(), error.suggestions()), ("SERCH", ["SEARCH".to_owned()].as_slice()));
}

/// Denies one namespace.
#[derive(Debug)]
struct Without(&'static str);

impl Policy for Without {
    fn decide(&self, _context: &CallContext, spec: &ToolSpec) -> Decision {
        if spec.name().namespace() == self.0 { Decision::deny("not for you") } else { Decision::Allow }
    }
}

#[test]
fn denied_tool_is_never_ranked() {
    let tools = catalog([spec("ci.search", 0.9, 100), spec("ci.get", 0.9, 100)]);
    let selector = SmartToolSelector::new(search()).with_policy(Arc::new(Without("ci")));
    let selection = selector.select(&tools, &context().with_intent("SEARCH")).unwrap();
    assert_eq!(selection.fit, Fit::NoneFits);
    let told = serde_json::to_value(&selection).unwrap();
    assert_eq!(told["excluded"][0], json!({"tool": "ci.get", "reason": "denied", "why": "not for you"}));
}

#[test]
fn denied_tool_changes_no_text_score() {
    let open = || [described("ci.search", "Finds servers.", &[]), described("ci.get", "Returns one server.", &[])];
    let secret = [described("hr.server", "Server server server, find find.", &["server"])];
    let selector = SmartToolSelector::new(IntentTable::new()).with_policy(Arc::new(Without("hr")));
    let told = |tools| serde_json::to_value(selector.search(&tools, "find hr server", &context())).unwrap();
    assert_eq!(told(catalog(open().into_iter().chain(secret))), told(catalog(open())));
}

#[test]
fn removed_tool_never_appears() {
    let registry = registry([spec("ci.search", 0.9, 100), spec("ci.get", 0.9, 100)]);
    let old = tool_select::Catalog::of(&registry);
    registry.remove(&tool("ci.get")).unwrap();
    assert!(!old.is_current(&registry));
    let tools = tool_select::Catalog::of(&registry);
    let selection = SmartToolSelector::new(search()).select(&tools, &context().with_intent("SEARCH")).unwrap();
    assert_eq!((names(&selection), tools.len()), (vec!["ci.search"], 1));
}
