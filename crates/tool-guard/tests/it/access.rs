use std::sync::Arc;

use tool_core::{CallContext, Decision, Effect, ErrorKind, Policy, ToolExecutor, ToolSpec};
use tool_guard::{AccessPolicy, AccessPolicyBuilder, AccessRule, AdmittedExecutor, DefaultAllow};

use crate::scripted::{Bench, Script, ann};

fn spec(name: &str, effect: Effect) -> ToolSpec {
    ToolSpec::builder(name, "A tool.").effect(effect).build().unwrap()
}

fn allows(policy: &AccessPolicy, who: (&str, &str), tool: &str, effect: Effect) -> bool {
    policy.decide(&CallContext::new(who.0, who.1), &spec(tool, effect)) == Decision::Allow
}

#[track_caller]
fn refused(policy: AccessPolicyBuilder, place: &str, message: &str) {
    let error = policy.build().unwrap_err();
    assert_eq!((error.place(), error.to_string().as_str()), (place, message));
}

const ANN: (&str, &str) = ("acme", "ann");
const EVE: (&str, &str) = ("acme", "eve");
const OTHER_ANN: (&str, &str) = ("globex", "ann");

#[test]
fn everybody_reads_and_the_known_write() {
    let policy = AccessPolicy::builder().known("acme", ["ann"]).build().unwrap();
    for effect in [Effect::Pure, Effect::Reads, Effect::Composite] {
        assert!(allows(&policy, EVE, "ci.get", effect));
    }
    assert!(allows(&policy, ANN, "ci.set", Effect::Writes));
    assert!(!allows(&policy, EVE, "ci.set", Effect::Writes));
    assert!(!allows(&policy, OTHER_ANN, "ci.set", Effect::Writes), "ann of another tenant is somebody else");
}

#[test]
fn undeclared_effect_counts_as_a_write() {
    let policy = AccessPolicy::builder().build().unwrap();
    let undeclared = ToolSpec::builder("x.y", "Says nothing.").build().unwrap();
    assert_ne!(policy.decide(&CallContext::new("acme", "ann"), &undeclared), Decision::Allow);
}

#[test]
fn star_knows_everybody() {
    let tenant = AccessPolicy::builder().known("acme", ["*"]).build().unwrap();
    assert!(allows(&tenant, EVE, "x.y", Effect::Writes) && !allows(&tenant, OTHER_ANN, "x.y", Effect::Writes));
    let everywhere = AccessPolicy::builder().known("*", ["ann"]).build().unwrap();
    assert!(allows(&everywhere, OTHER_ANN, "x.y", Effect::Writes));
    assert!(!allows(&everywhere, EVE, "x.y", Effect::Writes));
}

#[test]
fn denial_wins_in_any_order() {
    let (allow, deny) = (AccessRule::allow().principals(["ann"]), AccessRule::deny().tools(["pay.*"]));
    for rules in [[allow.clone(), deny.clone()], [deny, allow]] {
        let policy = rules.into_iter().fold(AccessPolicy::builder(), AccessPolicyBuilder::rule).build().unwrap();
        assert!(!allows(&policy, ANN, "pay.list", Effect::Reads));
        assert!(allows(&policy, ANN, "ci.set", Effect::Writes));
    }
}

#[test]
fn rule_grants_no_more_than_it_says() {
    let rule = AccessRule::allow().tenants(["acme"]).principals(["ann"]).tools(["ci.*"]).effects([Effect::Writes]);
    let policy = AccessPolicy::builder().rule(rule).default_allow(DefaultAllow::Nothing).build().unwrap();
    assert!(allows(&policy, ANN, "ci.set", Effect::Writes));
    assert!(!allows(&policy, ANN, "ci.get", Effect::Reads));
    assert!(!allows(&policy, ANN, "graph.set", Effect::Writes));
    assert!(!allows(&policy, EVE, "ci.set", Effect::Writes));
    assert!(!allows(&policy, OTHER_ANN, "ci.set", Effect::Writes));
}

#[test]
fn naming_in_a_rule_makes_nobody_known() {
    let policy = AccessPolicy::builder().rule(AccessRule::allow().principals(["ann"]).tools(["ci.*"])).build().unwrap();
    assert!(allows(&policy, ANN, "ci.set", Effect::Writes));
    assert!(!allows(&policy, ANN, "pay.set", Effect::Writes));
}

#[test]
fn default_can_be_everything() {
    let policy = AccessPolicy::builder().default_allow(DefaultAllow::Everything).build().unwrap();
    assert!(allows(&policy, EVE, "ci.set", Effect::Writes));
}

#[tokio::test(start_paused = true)]
async fn denial_names_principal_tool_and_rule() {
    let bench = Bench::new(Script::Hang);
    let rules = AccessPolicy::builder().rule(AccessRule::deny().tools(["y.*"])).rule(AccessRule::deny().tools(["x.*"]));
    let admitted = AdmittedExecutor::new(Arc::clone(&bench.registry), Arc::new(rules.build().unwrap()));
    let error = admitted.execute(bench.call(ann())).await.unwrap_err();
    assert_eq!(error.to_string(), "`ann` may not call x.work: rule `rules[1]` denies it");
    assert_eq!((error.kind(), error.retry_after(), bench.started()), (ErrorKind::Denied, None, 0));
    assert_eq!((admitted.refusals().policy, admitted.refusals().total()), (1, 1));
}

#[test]
fn empty_parts_are_refused() {
    let with = |rule: AccessRule| AccessPolicy::builder().rule(AccessRule::deny().tools(["z.z"])).rule(rule);
    let all = "is empty, so that nothing matches, but must hold a value, or be left out to match all";
    refused(with(AccessRule::allow().tools::<&str>([])), "rules[1].tools", &format!("`rules[1].tools` {all}"));
    refused(with(AccessRule::allow().tenants::<&str>([])), "rules[1].tenants", &format!("`rules[1].tenants` {all}"));
    refused(with(AccessRule::allow().effects([])), "rules[1].effects", &format!("`rules[1].effects` {all}"));
    refused(
        with(AccessRule::allow().principals([""])),
        "rules[1].principals",
        "`rules[1].principals` holds an empty name, which nobody has",
    );
    refused(
        with(AccessRule::allow().named(" ")),
        "rules[1].name",
        "`rules[1].name` is empty, so that nothing matches, but must hold a name, or be left out",
    );
    refused(
        AccessPolicy::builder().known::<&str>("acme", []),
        "known.acme",
        "`known.acme` is empty, but must hold a principal",
    );
}

#[test]
fn patterns_that_match_nothing_are_refused() {
    refused(
        AccessPolicy::builder().rule(AccessRule::deny().tools(["ci.*", ""])),
        "rules[0].tools",
        "`rules[0].tools` holds ``, but must name a tool (`ci.search`), a namespace (`ci.*`) or all (`*`)",
    );
    refused(
        AccessPolicy::builder().rule(AccessRule::deny().principals(["svc-*"])),
        "rules[0].principals",
        "`rules[0].principals` holds `svc-*`, but must hold whole names or `*`",
    );
}

#[test]
fn covered_rules_are_refused() {
    let ci = || AccessRule::deny().named("no ci").tools(["ci.*"]);
    let covered = "`rules[1]` can never decide: `no ci` covers all that it matches";
    refused(AccessPolicy::builder().rule(ci()).rule(AccessRule::deny().tools(["ci.get"])), "rules[1]", covered);
    refused(AccessPolicy::builder().rule(ci()).rule(AccessRule::allow().tools(["ci.get"])), "rules[1]", covered);
    refused(
        AccessPolicy::builder().rule(AccessRule::allow().principals(["ann"]).tools(["ci.get"])).rule(ci()),
        "rules[0]",
        "`rules[0]` can never decide: `no ci` covers all that it matches",
    );
    let wider = AccessPolicy::builder().rule(AccessRule::deny().tools(["ci.get"])).rule(ci());
    assert!(wider.build().is_ok(), "the first decides some, the second the rest");
}

#[test]
fn two_rules_of_one_name_are_refused() {
    let named = |tools| AccessRule::allow().named("ops").tools([tools]);
    refused(
        AccessPolicy::builder().rule(named("a.*")).rule(named("b.*")),
        "rules[1].name",
        "`rules[1].name` is `ops`, as that of rules[0] is already",
    );
}

#[test]
fn too_many_rules_are_refused() {
    let many = (0..=AccessPolicy::MAX_RULES).map(|n| AccessRule::deny().tools([format!("x.t{n}")]));
    let policy = many.fold(AccessPolicy::builder(), AccessPolicyBuilder::rule);
    refused(policy, "rules", "`rules` has 1025 entries, but must have at most 1024");
}
