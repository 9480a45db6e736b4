//! Would this rule trigger on these inputs?

use serde::Serialize;
use serde_json::{Value, json};

use super::canonical;
use super::evaluate::{Finding, Scene, evaluate};
use super::parse::parse;
use super::payload;
use super::runtime::Parameters;
use super::samples::newest;
use super::secrets::masked;
use super::shrink::{self, MAX_BYTES, bytes, shrink};
use super::truth::Truth;
use crate::Rule;

/// What the contexts and the test payload together may hold, in bytes of JSON.
pub(crate) const MAX_INPUT_BYTES: usize = 256 * 1024;

/// What a simulation is given; all it depends on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Inputs {
    /// The item.
    pub(crate) ci: Value,
    /// Its metrics.
    pub(crate) metric: Value,
    /// Its history.
    pub(crate) history: Value,
    /// What is laid over the three.
    pub(crate) test_payload: Value,
    /// The instant it is about, in Unix seconds; the newest time of the payload if missing.
    pub(crate) at: Option<i64>,
}

/// What came of a simulation.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Outcome {
    success: bool,
    simulation: Simulation,
    evidence: Value,
    evidence_meta: EvidenceMeta,
    test_payload: Value,
    simulation_id: String,
}

#[derive(Debug, Clone, Serialize)]
struct Simulation {
    rule_id: String,
    triggered: bool,
    condition_evaluated: bool,
    operator: Option<&'static str>,
    threshold: Value,
    extracted_value: Value,
    references: Vec<Finding>,
}

/// How the evidence was brought under its cap.
#[derive(Debug, Clone, Serialize)]
struct EvidenceMeta {
    bytes: usize,
    max_bytes: usize,
    shrunk: Vec<&'static str>,
    dropped_parameters: Vec<&'static str>,
    at: Option<String>,
}

impl Outcome {
    /// Returns the steps by which the evidence was shrunk; the condition itself saw everything.
    pub(crate) fn shrunk(&self) -> &[&'static str] {
        &self.evidence_meta.shrunk
    }

    /// Returns the cap of the evidence, in bytes.
    pub(crate) fn max_bytes(&self) -> u64 {
        self.evidence_meta.max_bytes as u64
    }
}

/// Simulates a rule: nothing is written, nothing is carried out, no time is read but the one given.
///
/// The condition sees the whole payload; only the evidence handed back is masked and capped at 16 KiB.
///
/// # Errors
///
/// A lower-case fragment if the rule's condition is not one.
pub(crate) fn simulate(rule: &Rule, inputs: &Inputs) -> Result<Outcome, String> {
    let payload = payload::build(&inputs.ci, &inputs.metric, &inputs.history, &inputs.test_payload);
    let parameters = Parameters::of(&payload["ci"]);
    let at = inputs.at.or_else(|| newest(&payload));
    let mut findings = Vec::new();
    let truth = if rule.trigger_type == "schedule" {
        Truth::Unknown // a schedule has no condition
    } else {
        let scene = Scene { payload: &payload, parameters: &parameters, at };
        evaluate(&parse(&rule.trigger_spec)?, scene, &mut findings)
    };
    let mut evidence = json!({"payload": masked(&payload), "parameters": parameters.values});
    let shrunk = shrink_parts(&mut evidence);
    let mut test_payload = masked(&inputs.test_payload);
    shrink(&mut test_payload);
    Ok(Outcome {
        success: true,
        evidence_meta: EvidenceMeta {
            bytes: bytes(&evidence),
            max_bytes: MAX_BYTES,
            shrunk,
            dropped_parameters: parameters.dropped,
            at: at.map(crate::timerange::format_instant),
        },
        evidence,
        test_payload,
        simulation_id: identity(rule, inputs),
        simulation: summary(rule, truth, findings),
    })
}

/// Shrinks the payload so that it fits beside the parameters.
fn shrink_parts(evidence: &mut Value) -> Vec<&'static str> {
    let beside = bytes(evidence) - bytes(&evidence["payload"]);
    shrink::to(&mut evidence["payload"], MAX_BYTES.saturating_sub(beside))
}

/// The finding that stands for the whole is the first that agrees with it.
fn summary(rule: &Rule, truth: Truth, findings: Vec<Finding>) -> Simulation {
    let decisive = findings.iter().find(|finding| finding.result == truth).or(findings.first());
    Simulation {
        rule_id: rule.rule_id.clone(),
        triggered: truth == Truth::True,
        condition_evaluated: truth != Truth::Unknown,
        operator: decisive.map(|finding| finding.operator),
        threshold: decisive.map(|finding| finding.threshold.clone()).unwrap_or_default(),
        extracted_value: decisive.map(|finding| finding.extracted_value.clone()).unwrap_or_default(),
        references: findings,
    }
}

/// Returns a name for these inputs: the same inputs, the same name. Secrets are masked first, lest it tell them.
fn identity(rule: &Rule, inputs: &Inputs) -> String {
    let of = json!([
        rule.rule_id,
        rule.trigger_type,
        rule.trigger_spec,
        masked(&inputs.ci),
        masked(&inputs.metric),
        masked(&inputs.history),
        masked(&inputs.test_payload),
        inputs.at,
    ]);
    let hash = blake3::hash(canonical::text(&of).as_bytes());
    format!("sim-{}", &hash.to_hex()[..32])
}

#[cfg(test)]
mod tests;
