//! `rca.rank`: who explains the trouble?

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use serde::Deserialize;
use serde_json::{Value, json};
use tool_core::{Effect, ErrorKind, Scope, Tool, ToolCall, ToolError, ToolOutput, ToolResult, ToolSpec, tool_fn};

use crate::{
    rca::{Change, ItemComparison, Period, RankEdge, RankItem, RankRequest, rank},
    timerange::parse_instant,
};

/// What tools reading an estate return and ranking takes as it is.
#[derive(Debug, Deserialize)]
struct Input {
    subject: String,
    metric: Option<String>,
    comparison: Comparison,
    #[serde(default)]
    graphs: Vec<Surroundings>,
    #[serde(default)]
    events: Rows<EventRow>,
    #[serde(default)]
    work: Rows<WorkRow>,
    limit: Option<usize>,
}

#[derive(Debug, Deserialize)]
struct Comparison {
    window: Ends,
    step_s: i64,
    items: Vec<ItemComparison>,
}

#[derive(Debug, Deserialize)]
struct Ends {
    from: String,
    to: String,
}

#[derive(Debug, Deserialize)]
struct Surroundings {
    nodes: Vec<RankItem>,
    edges: Vec<RankEdge>,
}

/// A list of rows, whichever of its names it goes by.
#[derive(Debug, Deserialize)]
struct Rows<T> {
    #[serde(alias = "records", default = "Vec::new")]
    rows: Vec<T>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { rows: Vec::new() }
    }
}

#[derive(Debug, Deserialize)]
struct EventRow {
    time: String,
    ci_id: String,
    event_type: String,
    #[serde(default)]
    title: String,
}

#[derive(Debug, Deserialize)]
struct WorkRow {
    timestamp: String,
    ci_id: String,
    #[serde(default)]
    description: String,
    details: WorkDetails,
}

#[derive(Debug, Deserialize)]
struct WorkDetails {
    work_type: String,
}

/// The event types that tell of a change that somebody made; alarms and health checks tell of effects.
const CHANGES: [&str; 5] = ["deployment", "config_change", "maintenance", "patch", "scaling"];

/// How many suspects are named unless asked otherwise.
const DEFAULT_LIMIT: usize = 10;

/// Makes `rca.rank`.
///
/// # Panics
///
/// If the declaration is malformed: it is built by a test.
pub(super) fn tool() -> Arc<dyn Tool> {
    let spec = ToolSpec::builder("rca.rank", "Ranks the items that an item in trouble needs by how well they explain it. \
                                             Pure: it looks at nothing but the comparisons, relations and changes given.")
        .input(input())
        .output(json!({"type": "object", "required": ["verdict", "subject", "suspects", "missing"]}))
        .effect(Effect::Pure)
        .idempotent()
        .scope(Scope::Tenant)
        .ttl(Duration::from_secs(10 * 60))
        .build()
        .expect("a declaration that its test has built");
    Arc::new(tool_fn(spec, |call| async move { run(&call) }))
}

fn input() -> Value {
    let object = |what: &str| json!({"type": "object", "description": what});
    json!({
        "type": "object",
        "properties": {
            "subject": {"type": "string", "minLength": 1, "description": "the id of the item in trouble"},
            "metric": {"type": ["string", "null"], "description": "the metric in trouble; the one furthest off if missing"},
            "comparison": object("the result of metric.compare over everything reached"),
            "graphs": {"type": "array", "items": {"type": "object"}, "description": "results of graph.expand"},
            "events": object("the result of history.event_log"),
            "work": object("the result of history.work"),
            "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 10, "description": "how many suspects to name at most"},
        },
        "required": ["subject", "comparison"],
        "additionalProperties": false,
    })
}

fn run(call: &ToolCall) -> ToolResult {
    let request = call.parse::<Input>()?.into_request()?;
    ToolOutput::json(&rank(&request))
}

impl Input {
    fn into_request(self) -> Result<RankRequest, ToolError> {
        let window = Period { from: instant(&self.comparison.window.from)?, to: instant(&self.comparison.window.to)? };
        let (items, edges) = merged(self.graphs);
        Ok(RankRequest {
            subject: self.subject,
            metric: self.metric,
            window,
            step: self.comparison.step_s,
            items,
            edges,
            comparisons: self.comparison.items,
            changes: changes(self.events.rows, self.work.rows)?,
            limit: self.limit.unwrap_or(DEFAULT_LIMIT),
        })
    }
}

/// Puts graphs together, each item and each relation once.
fn merged(graphs: Vec<Surroundings>) -> (Vec<RankItem>, Vec<RankEdge>) {
    let (mut seen_items, mut seen_edges) = (BTreeSet::new(), BTreeSet::new());
    let (mut items, mut edges) = (Vec::new(), Vec::new());
    for graph in graphs {
        items.extend(graph.nodes.into_iter().filter(|node| seen_items.insert(node.id.clone())));
        let key = |edge: &RankEdge| (edge.source.clone(), edge.rel_type.clone(), edge.target.clone());
        edges.extend(graph.edges.into_iter().filter(|edge| seen_edges.insert(key(edge))));
    }
    (items, edges)
}

fn changes(events: Vec<EventRow>, work: Vec<WorkRow>) -> Result<Vec<Change>, ToolError> {
    let events = events.into_iter().filter(|row| CHANGES.contains(&row.event_type.as_str()));
    let events = events.map(|row| change(&row.time, row.ci_id, row.event_type, row.title));
    let work = work.into_iter().map(|row| change(&row.timestamp, row.ci_id, row.details.work_type, row.description));
    // A deployment often stands in both histories.
    let mut seen = BTreeSet::new();
    let mut all = events.chain(work).collect::<Result<Vec<Change>, _>>()?;
    all.retain(|change| seen.insert((change.ci.clone(), change.time, change.kind.clone())));
    Ok(all)
}

fn change(time: &str, ci: String, kind: String, summary: String) -> Result<Change, ToolError> {
    Ok(Change { ci, time: instant(time)?, kind, summary })
}

fn instant(text: &str) -> Result<i64, ToolError> {
    parse_instant(text).map_err(|reason| ToolError::new(ErrorKind::InvalidParams, reason))
}
