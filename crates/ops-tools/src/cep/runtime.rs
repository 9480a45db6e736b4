//! Which runtime parameters may a condition refer to?

use std::collections::BTreeMap;

use serde_json::Value;

/// The parameters there are; nothing else of an item is handed to a rule.
pub(super) const ALLOWED: [&str; 9] =
    ["ci_id", "ci_code", "system", "host_server", "runs_on", "location", "owner", "ci_type", "ci_subtype"];

/// What all parameters together may hold, in bytes of names and values.
const MAX_BYTES: usize = 2_048;

/// The parameters of one run, by name.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    pub(super) values: BTreeMap<&'static str, String>,
    /// Those that did not fit.
    pub(super) dropped: Vec<&'static str>,
}

impl Parameters {
    /// Takes what is allowed from an item: its own fields first, then its tags.
    pub(super) fn of(ci: &Value) -> Self {
        let mut parameters = Self::default();
        let mut bytes = 0;
        for name in ALLOWED {
            let value = text(ci.get(name)).or_else(|| text(ci.get("tags")?.get(name)));
            let Some(value) = value else { continue };
            if bytes + name.len() + value.len() > MAX_BYTES {
                parameters.dropped.push(name);
            } else {
                bytes += name.len() + value.len();
                parameters.values.insert(name, value);
            }
        }
        parameters
    }
}

fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
