//! Would this rule trigger on these inputs?
//!
//! The tool reads one thing, the tenant's rule, and so is [`Effect::Reads`](tool_core::Effect::Reads); what it computes
//! of rule and parameters is pure.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};
use tool_core::{ErrorKind, Limit, Tool, ToolCall, ToolError, ToolResult};

use crate::cep::{Inputs, MAX_INPUT_BYTES, simulate};
use crate::estate::{Estate, Rule};
use crate::timerange::parse_instant;
use crate::tools::context::{Declaration, GET_TTL, Problems, answer, object, reading_tool};

/// Makes `cep.simulate`.
pub(super) fn tool(estate: &Arc<dyn Estate>) -> Arc<dyn Tool> {
    let declared = Declaration {
        name: "cep.simulate",
        description: "Evaluates a rule of the event processor against given contexts and says whether it would trigger, and \
                      why. Nothing is carried out or logged; what is missing is `not evaluable`, never false.",
        input: input(),
        output: output(),
        ttl: GET_TTL,
    };
    reading_tool(estate, declared, run)
}

fn input() -> Value {
    let context = |what: &str| json!({"type": ["object", "array", "null"], "description": what});
    object(
        json!({
            "rule_id": {"type": "string", "minLength": 1, "description": "which rule"},
            "ci_context": {"type": ["object", "null"], "description": "the item, as ci.get returns it"},
            "metric_context": context("its metrics: {NAME: number, [[unix_s, value]…] or [{time, value}…]}, or results of \
                                       metric.aggregate or metric.series"),
            "history_context": context("its history: {events: […]}, a list of events, or a result of history.event_log"),
            "test_payload": {"type": ["object", "null"], "description": "laid over {ci, metric, history}; its values win"},
            "at": {"type": "string", "description": "the instant windows end at, RFC 3339; the newest time of the payload \
                                                      without it"},
        }),
        &["rule_id"],
    )
}

fn output() -> Value {
    let simulation = json!({
        "rule_id": {"type": "string"},
        "triggered": {"type": "boolean"},
        "condition_evaluated": {"type": "boolean", "description": "false: not evaluable, see the references' reasons"},
        "operator": {"type": ["string", "null"]},
        "threshold": {},
        "extracted_value": {},
        "references": {"type": "array", "items": {"type": "object"}, "description": "what every test read and found"},
    });
    let required =
        ["rule_id", "triggered", "condition_evaluated", "operator", "threshold", "extracted_value", "references"];
    object(
        json!({
            "success": {"type": "boolean"},
            "simulation": object(simulation, &required),
            "evidence": {"type": "object", "description": "payload and parameters, secrets masked, at most 16 KiB"},
            "evidence_meta": {"type": "object"},
            "test_payload": {},
            "simulation_id": {"type": "string", "description": "a hash of the inputs"},
        }),
        &["success", "simulation", "evidence", "evidence_meta", "test_payload", "simulation_id"],
    )
}

#[derive(Debug, Deserialize)]
struct Params {
    rule_id: String,
    #[serde(default)]
    ci_context: Value,
    #[serde(default)]
    metric_context: Value,
    #[serde(default)]
    history_context: Value,
    #[serde(default)]
    test_payload: Value,
    at: Option<String>,
}

async fn run(estate: Arc<dyn Estate>, call: ToolCall) -> ToolResult {
    let inputs = inputs(&call)?;
    let Params { rule_id, .. } = call.parse()?;
    let rule = rule(&*estate, call.context().tenant(), &rule_id).await?;
    let outcome = simulate(&rule, &inputs).map_err(|reason| {
        let message = format!("rule {rule_id} cannot be simulated: {reason}");
        ToolError::new(ErrorKind::Failed, message)
    })?;
    let shrunk = (!outcome.shrunk().is_empty()).then(|| Limit::new("evidence_bytes", None, outcome.max_bytes()));
    let inactive = (!rule.active).then(|| format!("rule {rule_id} is not active"));
    answer(&outcome, [shrunk], inactive.into_iter().collect())
}

fn inputs(call: &ToolCall) -> Result<Inputs, ToolError> {
    let params: Params = call.parse()?;
    let mut problems = Problems::default();
    let bytes = call.params().as_value().to_string().len();
    if bytes > MAX_INPUT_BYTES {
        let expected = format!("parameters of at most {MAX_INPUT_BYTES} bytes, these have {bytes}");
        problems.add("", expected, None);
    }
    let at = params.at.as_deref().and_then(|text| {
        parse_instant(text).map_err(|_| problems.add("/at", "an RFC 3339 time", Some(&text.into()))).ok()
    });
    problems.finish(call)?;
    let Params { ci_context: ci, metric_context: metric, history_context: history, test_payload, .. } = params;
    Ok(Inputs { ci, metric, history, test_payload, at })
}

/// Finds the tenant's rule, by id.
async fn rule(estate: &dyn Estate, tenant: &str, rule_id: &str) -> Result<Rule, ToolError> {
    if let Some(rule) = estate.rule(tenant, rule_id).await? {
        return Ok(rule);
    }
    let rules = estate.rules(tenant).await?;
    let near = tool_core::nearest(rule_id, rules.iter().map(|rule| rule.rule_id.as_str()), 3);
    let none = if rules.is_empty() { "; the estate holds no rules" } else { "" };
    Err(ToolError::new(ErrorKind::NotFound, format!("no rule has the id `{rule_id}`{none}")).with_suggestions(near))
}
