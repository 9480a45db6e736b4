//! What does the estate call its things?

use std::sync::Arc;

use serde_json::Value;

use super::kinds::Kinds;
use super::names::Names;
use crate::estate::{CiAggregate, CiField, CiMeasure, Estate, EstateError, EventQuery, Graph, MetricDef};
use crate::timerange::Window;

/// The fields whose values a question may name.
const FIELDS: [&str; 5] = ["owner", "location", "status", "attributes.engine", "attributes.zone"];
/// How many values of a field are known at most.
const MAX_VALUES: u32 = 200;
/// How many of the newest events are read to learn which types there are.
const MAX_EVENTS: u32 = 500;

/// The types of events that the documented estate has; others are learnt from its events.
const EVENT_TYPES: [&str; 7] =
    ["threshold_alarm", "slo_burn", "status_change", "deployment", "config_change", "health_check", "security_alert"];

/// Everything that a question may name, of one tenant: read once, in about ten queries however many items there are.
#[derive(Debug)]
pub(super) struct Vocabulary {
    pub(super) graph: Arc<Graph>,
    pub(super) names: Names,
    pub(super) kinds: Kinds,
    pub(super) metrics: Arc<[MetricDef]>,
    /// Field and value.
    pub(super) values: Vec<(&'static str, String)>,
    pub(super) event_types: Vec<String>,
    pub(super) rules: Vec<String>,
    /// The end of the data, in Unix seconds.
    pub(super) now: i64,
}

impl Vocabulary {
    /// Reads it from an estate.
    ///
    /// # Errors
    ///
    /// Those of reading the estate.
    pub(super) async fn load(estate: &dyn Estate, tenant: &str) -> Result<Self, EstateError> {
        let (graph, summary) = (estate.graph(tenant).await?, estate.summary(tenant).await?);
        let mut values = Vec::new();
        for field in FIELDS {
            let known = values_of(estate, tenant, field).await?;
            values.extend(known.into_iter().map(|value| (field, value)));
        }
        let kinds = Kinds::of(&graph);
        Ok(Self {
            names: Names::of(&graph, &kinds),
            kinds,
            graph,
            metrics: estate.metric_defs(tenant).await?,
            values,
            event_types: event_types(estate, tenant, summary.now()).await?,
            rules: estate.rules(tenant).await?.into_iter().map(|rule| rule.rule_id).collect(),
            now: summary.now(),
        })
    }
}

async fn values_of(estate: &dyn Estate, tenant: &str, field: &str) -> Result<Vec<String>, EstateError> {
    let query = CiAggregate {
        group_by: CiField::parse(field).into_iter().collect(),
        measures: vec![CiMeasure::Count],
        top_n: MAX_VALUES,
        ..CiAggregate::default()
    };
    let groups = estate.aggregate_cis(tenant, query).await?;
    let value = |row: Vec<Value>| row.first().and_then(Value::as_str).map(str::to_owned);
    Ok(groups.rows.into_iter().filter_map(value).filter(|value| value.len() > 1).collect())
}

async fn event_types(estate: &dyn Estate, tenant: &str, now: i64) -> Result<Vec<String>, EstateError> {
    let newest = estate.events(tenant, EventQuery::new(Window::new(0, now.saturating_add(1)), MAX_EVENTS)).await?;
    let mut types: Vec<String> = newest.rows.into_iter().map(|event| event.event_type).collect();
    types.extend(EVENT_TYPES.map(str::to_owned));
    types.sort_unstable();
    types.dedup();
    Ok(types)
}
