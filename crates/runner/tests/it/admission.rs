use std::{sync::Arc, time::Duration};

use runner::{
    Config, Runner,
    tool_compose::Definition,
    tool_core::{CallContext, ErrorKind, Execution, Origin, testing::ManualClock},
    tool_select::ToolSelectionContext,
};
use serde_json::json;

use crate::bench::{Bench, context, params};

const EVE: &str =
    "[[policy.rules]]\nname = \"not eve\"\nverdict = \"deny\"\nprincipals = [\"eve\"]\ntools = [\"test.*\"]\n";

fn eve() -> CallContext {
    CallContext::new("acme", "eve")
}

#[tokio::test]
async fn rule_decides_for_whom_it_names() {
    let bench = Bench::new(EVE);
    bench.call("test.echo", json!({})).await.unwrap();
    let error = bench.runner.call("test.echo", params(json!({})), eve()).await.unwrap_err();
    assert_eq!((error.kind(), error.execution()), (ErrorKind::Denied, Execution::NotExecuted));
    assert_eq!(error.to_string(), "`eve` may not call test.echo: rule `not eve` denies it");
    assert_eq!((bench.runs(), bench.runner.refusals().policy), (1, 1));
}

#[tokio::test]
async fn unknown_principal_writes_only_without_a_policy() {
    let write = async |toml: &str| Bench::new(toml).call("test.write", json!({})).await.map(drop).map_err(|e| e.kind());
    assert_eq!(write("").await, Ok(()));
    assert_eq!(write("[policy]\ndefault_allow = \"reads\"\n").await, Err(ErrorKind::Denied));
    assert_eq!(write(EVE).await, Err(ErrorKind::Denied));
    assert_eq!(write(&format!("{EVE}[policy.known]\nacme = [\"ann\"]\n")).await, Ok(()));
    assert_eq!(write("[policy.known]\nglobex = [\"ann\"]\n").await, Err(ErrorKind::Denied));
    assert_eq!(write(&format!("policy.default_allow = \"everything\"\n{EVE}")).await, Ok(()));
}

#[tokio::test]
async fn default_of_nothing_needs_a_rule() {
    let toml =
        "[policy]\ndefault_allow = \"nothing\"\n[[policy.rules]]\nverdict = \"allow\"\ntools = [\"test.echo\"]\n";
    let bench = Bench::new(toml);
    assert!(bench.call("test.echo", json!({})).await.is_ok());
    assert_eq!(bench.call("test.fail", json!({})).await.unwrap_err().kind(), ErrorKind::Denied);
    assert_eq!(bench.runner.run("twice", params(json!({})), context()).await.unwrap_err().kind(), ErrorKind::Denied);
}

#[tokio::test]
async fn rule_holds_inside_a_composition() {
    let bench = Bench::new(EVE);
    let run = bench.runner.run("twice", params(json!({})), eve()).await.unwrap();
    assert_eq!(run.to_result().unwrap_err().kind(), ErrorKind::Denied);
    assert_eq!(bench.runs(), 0);
}

#[test]
fn selection_shows_what_the_rules_allow() {
    let bench = Bench::new(EVE);
    let ranked = |context| {
        let request = ToolSelectionContext::new(context).with_intent("LOOKUP");
        bench.runner.select(&request).unwrap().ranked.len()
    };
    assert_eq!((ranked(context()), ranked(eve())), (2, 0));
    let searched = bench.runner.search("write for the tests", &ToolSelectionContext::new(eve())).unwrap();
    assert!(searched.ranked.iter().all(|tool| tool.tool.spec().name().namespace() != "test"));
}

#[test]
fn selection_hides_writes_from_the_unknown() {
    let names = |toml: &str| -> Vec<String> {
        let request = ToolSelectionContext::new(context());
        let selection = Bench::new(toml).runner.search("writes for the tests", &request).unwrap();
        selection.ranked.iter().map(|tool| tool.tool.spec().name().to_string()).collect()
    };
    assert!(names("").contains(&"test.write".to_owned()));
    assert!(!names("[policy]\ndefault_allow = \"reads\"\n").contains(&"test.write".to_owned()));
}

#[tokio::test]
async fn hit_is_rate_limited_and_denial_is_not_cached() {
    let clock = Arc::new(ManualClock::new());
    let bench = Bench::with_clock("[policy]\nprincipal_rate = \"1/s\"\n", clock.clone());
    assert_eq!(bench.call("test.echo", json!({})).await.unwrap().report.origin, Origin::Executed);
    let error = bench.call("test.echo", json!({})).await.unwrap_err();
    assert_eq!((error.kind(), error.execution()), (ErrorKind::Denied, Execution::NotExecuted));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(1)));
    clock.advance(Duration::from_secs(1));
    assert_eq!(bench.call("test.echo", json!({})).await.unwrap().report.origin, Origin::Hit);
    assert_eq!((bench.runs(), bench.runner.refusals().rate), (1, 1));
}

#[tokio::test]
async fn denied_step_is_asked_about_once() {
    let definition: Definition = serde_json::from_value(json!({
        "name": "stubborn", "description": "Wants to try often.",
        "steps": [{"id": "a", "tool": "test.echo", "max_attempts": 5}],
    }))
    .unwrap();
    let denied = Config::parse("[policy]\ndeny = [\"test.echo\"]\n", "test.toml").unwrap();
    let runner = Runner::builder().config(denied).tool(crate::bench::echo(Arc::default())).composition(definition);
    let runner = runner.build().unwrap();
    let run = runner.run("stubborn", params(json!({})), context()).await.unwrap();
    assert_eq!(run.to_result().unwrap_err().kind(), ErrorKind::Denied);
    assert_eq!(runner.refusals().policy, 1);
}

#[tokio::test]
async fn composition_counts_once_against_the_quota() {
    let bench = Bench::new("[policy]\nprincipal_quota = \"2/h\"\n");
    for _ in 0..2 {
        let run = bench.runner.run("twice", params(json!({})), context()).await.unwrap();
        assert!(run.to_result().is_ok());
    }
    let error = bench.runner.run("twice", params(json!({})), context()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Denied);
    assert_eq!(bench.call("compose.twice", json!({})).await.unwrap_err().kind(), ErrorKind::Denied);
    assert_eq!(bench.runner.refusals().quota, 2);
}

#[tokio::test]
async fn tenants_have_quotas_of_their_own() {
    let bench = Bench::new("[policy]\ntenant_quota = \"1/h\"\n");
    for tenant in ["acme", "globex"] {
        let ask = || bench.runner.call("test.echo", params(json!({})), CallContext::new(tenant, "ann"));
        assert!(ask().await.is_ok());
        assert_eq!(ask().await.unwrap_err().kind(), ErrorKind::Denied);
    }
}

#[tokio::test]
async fn rules_and_rates_can_be_switched_off() {
    let bench = Bench::new(&format!("[policy]\nenabled = false\ntenant_quota = \"1/h\"\n{EVE}"));
    for _ in 0..3 {
        assert!(bench.runner.call("test.echo", params(json!({})), eve()).await.is_ok());
    }
}

#[test]
fn configuration_of_the_readme_is_right() {
    let readme = include_str!("../../README.md");
    let toml = readme.split("```toml").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let config = Config::parse(toml, "README.md").unwrap();
    assert_eq!((config.policy.rules.len(), config.policy.tenant_quota.to_string().as_str()), (2, "200000/1d"));
    Runner::builder().config(config).build().unwrap();
}
