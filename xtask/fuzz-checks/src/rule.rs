//! Does every rule of the event processor trigger, not trigger, or get refused?

use std::cell::RefCell;
use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use ops_tools::{
    Ci, CiAggregate, CiGroups, CiSearch, Estate, EstateError, EstateErrorKind, EstateSummary, Event, EventQuery, Graph,
    MetricAggregate, MetricDef, MetricInfo, MetricList, MetricRead, MetricSeries, MetricValue, Page, Resolution, Rule,
    Series, Work, WorkQuery, tools,
};
use serde_json::{Value, json};
use tool_core::{CallContext, Params, Source, ToolExecutor, ToolHandle, ToolRegistry};

use crate::desk::block_on;
use crate::two_texts;

thread_local! {
    /// The rule that the estate of this thread holds at present.
    static RULE: RefCell<Option<Rule>> = const { RefCell::new(None) };
}

/// The tools over it.
static REGISTRY: LazyLock<ToolRegistry> = LazyLock::new(|| {
    let registry = ToolRegistry::new();
    let estate: Arc<dyn Estate> = Arc::new(OneRule);
    for tool in tools(&estate) {
        registry.register_arc(tool).expect("the names differ");
    }
    registry
});

static SIMULATE: LazyLock<ToolHandle> = LazyLock::new(|| REGISTRY.resolve("cep.simulate").expect("it is registered"));

/// Takes the condition of a rule in JSON, and behind a byte 0xFF what it is tried on.
///
/// # Panics
///
/// If two runs differ, or a result does not fit the schema that the tool states.
pub fn rule(input: &[u8]) {
    let Some((spec, payload)) = two_texts(input) else { return };
    let Ok(spec) = serde_json::from_str::<Value>(spec) else { return };
    let payload = serde_json::from_str::<Value>(payload).unwrap_or_else(|_| json!({"metric": {"cpu": 93.5}}));
    let [one, two] = ["metric", "event"].map(|trigger| {
        put(Rule::new("r1", trigger, spec.clone()));
        simulate(&payload)
    });
    // The trigger's type is what people sort rules by; the condition alone decides.
    assert_eq!(one.is_ok(), two.is_ok(), "{spec} on {payload}");
    assert_eq!(simulate(&payload), two, "{spec} on {payload}");
}

fn put(rule: Rule) {
    RULE.set(Some(rule));
}

fn simulate(payload: &Value) -> Result<String, String> {
    let params = json!({"rule_id": "r1", "test_payload": payload.is_object().then_some(payload)});
    let params = Params::try_from(params).map_err(|error| error.to_string())?;
    let call = SIMULATE.call(params, CallContext::new("acme", "ann"));
    match block_on(REGISTRY.execute(call)) {
        Ok(output) => {
            let fits = SIMULATE.spec().check_output(output.payload.value());
            fits.unwrap_or_else(|error| panic!("{error}: {}", output.payload.as_str()));
            Ok(output.payload.as_str().to_owned())
        }
        Err(error) => Err(error.to_string()),
    }
}

/// An estate with one rule and nothing else.
#[derive(Debug)]
struct OneRule;

/// Says that there is nothing but the rule.
fn none<T>() -> Result<T, EstateError> {
    Err(EstateError::new(EstateErrorKind::NotFound, "this estate holds a rule only"))
}

#[async_trait]
impl Estate for OneRule {
    fn source(&self) -> Source {
        Source::new("estate:fuzz", 0)
    }
    async fn refresh(&self) -> Result<(), EstateError> {
        Ok(())
    }
    async fn tenants(&self) -> Result<Vec<String>, EstateError> {
        Ok(vec!["acme".to_owned()])
    }
    async fn summary(&self, _: &str) -> Result<Arc<EstateSummary>, EstateError> {
        none()
    }
    async fn graph(&self, _: &str) -> Result<Arc<Graph>, EstateError> {
        none()
    }
    async fn search_cis(&self, _: &str, _: CiSearch) -> Result<Page<Ci>, EstateError> {
        none()
    }
    async fn aggregate_cis(&self, _: &str, _: CiAggregate) -> Result<CiGroups, EstateError> {
        none()
    }
    async fn list_cis(&self, _: &str, _: CiSearch) -> Result<Page<Ci>, EstateError> {
        none()
    }
    async fn ci(&self, _: &str, _: &str) -> Result<Ci, EstateError> {
        none()
    }
    async fn ci_by_code(&self, _: &str, _: &str) -> Result<Ci, EstateError> {
        none()
    }
    async fn resolve(&self, _: &str, _: &str) -> Result<Resolution, EstateError> {
        none()
    }
    async fn metric_defs(&self, _: &str) -> Result<Arc<[MetricDef]>, EstateError> {
        none()
    }
    async fn list_metrics(&self, _: &str, _: MetricList) -> Result<Page<MetricInfo>, EstateError> {
        none()
    }
    async fn aggregate_metric(&self, _: &str, _: MetricAggregate) -> Result<MetricValue, EstateError> {
        none()
    }
    async fn metric_series(&self, _: &str, _: MetricSeries) -> Result<Page<(i64, f64)>, EstateError> {
        none()
    }
    async fn read_metrics(&self, _: &str, _: MetricRead) -> Result<Vec<Series>, EstateError> {
        none()
    }
    async fn events(&self, _: &str, _: EventQuery) -> Result<Page<Event>, EstateError> {
        none()
    }
    async fn work(&self, _: &str, _: WorkQuery) -> Result<Page<Work>, EstateError> {
        none()
    }
    async fn rules(&self, _: &str) -> Result<Vec<Rule>, EstateError> {
        Ok(RULE.with_borrow(|rule| rule.iter().cloned().collect()))
    }
    async fn rule(&self, _: &str, rule_id: &str) -> Result<Option<Rule>, EstateError> {
        Ok(self.rules("acme").await?.into_iter().find(|rule| rule.rule_id == rule_id))
    }
}
