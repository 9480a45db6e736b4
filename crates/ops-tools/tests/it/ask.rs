//! What does the grammar make of questions about the demo estate?

use std::sync::{Arc, OnceLock};

use ops_tools::{AskGiven, AskGrammar, DEMO_SEED, Estate, MAX_QUESTION_BYTES, SqliteEstate, demo, intents, tools};
use proptest::prelude::*;
use serde_json::{Value, json};
use tool_core::{SchemaRedactor, ToolRegistry};
use tool_select::{Interpretation, Interpreter};

/// The grammar and the tools over the demo estate, whose data ends on Monday 2026-06-01 at 12:00 UTC.
fn demo_desk() -> &'static (AskGrammar, ToolRegistry) {
    static DESK: OnceLock<(AskGrammar, ToolRegistry)> = OnceLock::new();
    DESK.get_or_init(|| {
        let estate: Arc<dyn Estate> = Arc::new(SqliteEstate::in_memory(&[demo(DEMO_SEED).data]).unwrap());
        let registry = ToolRegistry::new();
        for tool in tools(&estate) {
            registry.register_arc(tool).unwrap();
        }
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        (runtime.block_on(AskGrammar::load(&*estate, "demo")).unwrap(), registry)
    })
}

fn read(question: &str) -> Interpretation {
    demo_desk().0.interpret(question).unwrap()
}

#[track_caller]
fn check(question: &str, tool: &str, params: &Value) {
    let read = read(question);
    let first = read.readings.first().unwrap_or_else(|| panic!("{question}: none fits, {read:?}"));
    assert_eq!((first.tool.as_str(), first.params.as_value()), (tool, params), "{question}");
    let intents = intents();
    let candidates = intents.candidates(read.intent.as_deref().unwrap()).unwrap();
    for reading in &read.readings {
        assert!(candidates.iter().any(|candidate| candidate.tool == reading.tool), "{question}: {}", reading.tool);
    }
}

#[test]
fn items_are_found_by_any_of_their_names() {
    for name in ["svc-customer", "SVC-Customer", "customer accounts", "the customer accounts service", "svc-custommer"]
    {
        check(&format!("describe {name}"), "ci.get", &json!({"ci_id": "svc-customer"}));
    }
    check("who owns the review database", "ci.get", &json!({"ci_id": "db-review"}));
    check("status of the shiping rates", "ci.get", &json!({"ci_id": "svc-shipping"}));
}

#[test]
fn kinds_and_properties_become_filters() {
    let filter = |field: &str, value: Value| json!({"field": field, "op": "=", "value": value});
    check("list caches", "ci.search", &json!({"filters": [filter("ci_category", json!("cache"))]}));
    check(
        "show 3 databases in zone 1 owned by catalog",
        "ci.search",
        &json!({"limit": 3, "filters": [
            filter("attributes.zone", json!("zone-1")), filter("owner", json!("catalog")),
            filter("ci_category", json!("database")),
        ]}),
    );
    let cores = filter("attributes.cpu_cores", json!(32));
    check("machines with 32 cores", "ci.search", &json!({"filters": [cores, filter("ci_category", json!("host"))]}));
    check(
        "how many gateways per team",
        "ci.aggregate",
        &json!({
            "group_by": ["owner"], "filters": [filter("ci_category", json!("gateway"))],
        }),
    );
}

#[test]
fn metrics_take_items_time_and_aggregate() {
    check(
        "p95 response time of gw-api in the past 2 hours",
        "metric.aggregate",
        &json!({
            "metric_name": "latency", "ci_id": "gw-api", "agg": "p95", "time_range": "last_2h",
        }),
    );
    check(
        "peak ram of web server 1 and web server 2",
        "metric.aggregate",
        &json!({
            "metric_name": "memory_usage", "ci_ids": ["srv-web-1", "srv-web-2"], "agg": "max",
        }),
    );
    check(
        "plot the backlog of mq-mail since 6am",
        "metric.series",
        &json!({
            "metric_name": "queue_depth", "ci_id": "mq-mail",
            "time_range": {"from": "2026-06-01T06:00:00Z", "to": "2026-06-01T12:00:00Z"},
        }),
    );
    check("kpis of ext-psp", "metric.list", &json!({"ci_id": "ext-psp"}));
    check(
        "does ext-mail have a metric called jitter",
        "metric.exists",
        &json!({"metric_name": "jitter", "ci_id": "ext-mail"}),
    );
}

#[test]
fn word_order_tells_who_needs_whom() {
    let expand = |ci: &str, view: &str| json!({"ci_id": ci, "view": view});
    check("what does svc-fraud need", "graph.expand", &expand("svc-fraud", "DEPENDENCIES"));
    check("what needs svc-fraud", "graph.expand", &expand("svc-fraud", "IMPACT"));
    check("which items use svc-fraud", "graph.expand", &expand("svc-fraud", "IMPACT"));
    check("parts of the mobile shop", "graph.expand", &expand("sys-mobile", "COMPOSITION"));
    let path = json!({"ci_id": "svc-fraud", "target_ci_id": "stor-san-1"});
    check("is svc-fraud connected to stor-san-1", "graph.path", &path);
    let two = json!({"ci_id": "gw-api", "view": "IMPACT", "depth": 2});
    check("impact of gw-api within two hops", "graph.expand", &two);
}

#[test]
fn histories_are_told_apart() {
    check(
        "rollouts on web-mobile this week",
        "history.event_log",
        &json!({
            "ci": "web-mobile", "event_types": ["deployment"],
            "time_range": {"from": "2026-06-01T00:00:00Z", "to": "2026-06-01T12:00:00Z"},
        }),
    );
    check("events with severity above 3", "history.event_log", &json!({"min_severity": 4}));
    check("oldest 3 events of lb-edge", "history.event_log", &json!({"ci": "lb-edge", "limit": 3, "order": "oldest"}));
    check("what was changed on db-order", "history.work", &json!({"ci": "db-order", "section": "work"}));
    check("patches in the last 2 weeks", "history.work", &json!({"section": "maintenance", "time_range": "last_14d"}));
}

#[test]
fn analysis_compares_simulates_and_explains() {
    check(
        "is the latency of svc-auth normal",
        "metric.compare",
        &json!({"ci_ids": ["svc-auth"], "metrics": ["latency"]}),
    );
    check("would rule-latency-svc-auth fire", "cep.simulate", &json!({"rule_id": "rule-latency-svc-auth"}));
    check("why is svc-auth in trouble", "compose.investigate", &json!({"ci": "svc-auth"}));
}

#[track_caller]
fn reject(question: &str, unused: &[&str]) {
    let read = read(question);
    assert_eq!((&read.intent, read.readings.len()), (&None, 0), "{question}: {read:?}");
    assert_eq!(read.unused.iter().map(|word| word.text.as_str()).collect::<Vec<_>>(), unused, "{question}");
}

#[test]
fn questions_outside_the_grammar_are_rejected() {
    reject("bake a chocolate cake", &["bake", "chocolate", "cake"]);
    reject("shutdown srv-web-1", &["shutdown"]);
    reject("cpu of srv-web-1 tomorrow", &["tomorrow"]);
    reject("the three busiest servers by memory", &["three"]);
    reject("deployments by owner", &[]);
}

#[test]
fn unknown_codes_come_with_the_nearest() {
    let read = read("latency of svc-auht-2");
    assert_eq!(read.unknown[0].text, "svc-auht-2");
    assert!(read.unknown[0].suggestions.contains(&"svc-auth".to_owned()), "{:?}", read.unknown);
    assert!(read.readings.is_empty());
}

#[test]
fn what_is_given_goes_before_what_is_said() {
    let mut given = AskGiven::default();
    (given.ci, given.metric) = (Some("db-order".to_owned()), Some("latency".to_owned()));
    (given.time_range, given.limit) = (Some(json!("last_3d")), Some(7));
    given.tool = Some("metric.series".parse().unwrap());
    let read = demo_desk().0.clone().with_given(given).interpret("average cpu of srv-db-1 today").unwrap();
    let expected = json!({"ci_id": "db-order", "metric_name": "latency", "limit": 7, "time_range": "last_3d"});
    assert_eq!((read.readings.len(), read.readings[0].params.as_value()), (1, &expected));
}

#[test]
fn what_is_no_question_is_refused() {
    for text in ["", " \n ", "cpu\u{0} of x", &"why ".repeat(30_000)] {
        assert!(demo_desk().0.interpret(text).is_err(), "{} bytes", text.len());
    }
    assert!(demo_desk().0.interpret(&"x".repeat(MAX_QUESTION_BYTES)).is_ok());
}

/// Words that finders look for, and some that they do not.
fn word() -> impl Strategy<Value = String> {
    #[rustfmt::skip]
    let known = [
        "svc-auth", "db-order", "Checkout", "order", "queue", "databases", "servers", "srv-app-9", "cpu", "latency",
        "memory", "usage", "p95", "average", "max", "total", "how", "many", "what", "depends", "on", "depend", "path",
        "between", "and", "from", "to", "since", "yesterday", "last", "2", "0", "99999999999", "hours", "14:00", "3pm",
        "next", "week", "events", "alarms", "deployments", "severity", "5", "or", "higher", "top", "first", "oldest",
        "by", "owner", "per", "zone", "team", "platform", "rack-3", "why", "normal", "changed", "maintenance", "metric",
        "metrics", "called", "search", "for", "with", "in", "its", "name", "hops", "direct", "impact", "of", "rule",
        "rule-latency-lb-edge", "simulate", "2026-05-30", "2026-05-31T10:00:00Z", "ago", "may", "30th", "restart",
        "größe", "데이터베이스", "🦀", "--", "'", "%", "\t", "cores", "gb", "the", "at", "trend", "value", "now",
    ];
    prop_oneof![9 => proptest::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,12}"]
}

fn holds(text: &str) {
    let (grammar, registry) = demo_desk();
    let Ok(read) = grammar.interpret(text) else { return };
    for (span, said) in
        read.entities.iter().map(|e| (&e.span, &e.text)).chain(read.unused.iter().map(|w| (&w.span, &w.text)))
    {
        assert_eq!(text.get(span.clone()), Some(said.as_str()), "{text:?}");
    }
    for reading in read.readings.iter().chain(&read.near) {
        let params = reading.params.as_value();
        match registry.resolve(reading.tool.as_str()) {
            Ok(handle) => handle
                .spec()
                .check_params(params, &SchemaRedactor::default())
                .unwrap_or_else(|e| panic!("{text:?}: {e}")),
            Err(_) => assert!(params["ci"].is_string(), "{text:?}: {} {params}", reading.tool),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn parameters_fit_schemas_and_spans_the_text(words in proptest::collection::vec(word(), 0..14)) {
        holds(&words.join(" "));
    }

    #[test]
    fn no_text_is_too_odd(text in "\\PC{0,200}") {
        holds(&text);
    }
}
