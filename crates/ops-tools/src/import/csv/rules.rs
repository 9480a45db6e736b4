//! What does `rules.json` hold? Conditions are trees, so this one file is JSON: a list of rules.

use std::collections::HashSet;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::Rule;
use crate::cep;
use crate::import::error::{ImportError, ImportErrorKind};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    rule_id: String,
    rule_name: Option<String>,
    trigger_type: TriggerType,
    trigger_spec: Value,
    #[serde(default)]
    action_spec: Value,
    active: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TriggerType {
    Schedule,
    Event,
    Metric,
}

pub(super) fn read(file: &Path) -> Result<Vec<Rule>, ImportError> {
    let text = std::fs::read(file).map_err(|cause| ImportError::unreadable(file, cause))?;
    let parsed: Result<Vec<Written>, _> = serde_json::from_slice(&text);
    let written = parsed.map_err(|cause| malformed(file, cause))?;
    let mut ids = HashSet::new();
    let mut rules = Vec::with_capacity(written.len());
    for rule in written {
        if !ids.insert(rule.rule_id.clone()) {
            let message = format!("the rule {:?} is given twice", rule.rule_id);
            return Err(ImportError::new(ImportErrorKind::Duplicate, file, message));
        }
        rules.push(checked(file, rule)?);
    }
    Ok(rules)
}

fn malformed(file: &Path, cause: serde_json::Error) -> ImportError {
    let line = u64::try_from(cause.line()).unwrap_or(u64::MAX);
    let message = format!("not a list of rules: {cause}");
    ImportError::new(ImportErrorKind::Malformed, file, message).at_line(line).because(cause)
}

fn checked(file: &Path, written: Written) -> Result<Rule, ImportError> {
    let trigger_type = match written.trigger_type {
        TriggerType::Schedule => "schedule",
        TriggerType::Event => "event",
        TriggerType::Metric => "metric",
    };
    if written.trigger_type != TriggerType::Schedule {
        cep::parse(&written.trigger_spec).map_err(|reason| {
            let message = format!("rule {:?}: trigger_spec: {reason}", written.rule_id);
            ImportError::new(ImportErrorKind::Value, file, message)
        })?;
    }
    let mut rule = Rule::new(written.rule_id, trigger_type, written.trigger_spec);
    rule.rule_name = written.rule_name.unwrap_or(rule.rule_name);
    rule.action_spec = written.action_spec;
    rule.active = written.active.unwrap_or(true);
    Ok(rule)
}
