//! Which fields are secret, and how are they hidden?

use serde_json::Value;

/// What stands in place of a secret.
const MASK: &str = "***";

const SECRET: [&str; 7] = ["token", "authorization", "api_key", "apikey", "api-key", "password", "secret"];

/// Returns whether a field of this name, or one of a dotted path, is secret.
pub(super) fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    SECRET.iter().any(|secret| name.contains(secret))
}

/// Returns a copy with every secret masked, at any depth.
pub(super) fn masked(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let hide = |(key, value): (&String, &Value)| {
                let shown = if is_secret(key) { Value::from(MASK) } else { masked(value) };
                (key.clone(), shown)
            };
            Value::Object(map.iter().map(hide).collect())
        }
        Value::Array(list) => Value::Array(list.iter().map(masked).collect()),
        plain => plain.clone(),
    }
}
