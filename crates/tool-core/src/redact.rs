//! What must nobody see?

use std::{borrow::Cow, fmt};

use serde_json::Value;

use crate::ToolSpec;

/// Replaces what is secret before anything is stored or printed, schema errors included.
pub trait Redactor: fmt::Debug + Send + Sync + 'static {
    /// Returns the parameters of a call of this tool with every secret replaced; borrowed where nothing is secret.
    fn redact<'a>(&self, spec: &ToolSpec, params: &'a Value) -> Cow<'a, Value>;
}

/// Redacts what the tool's schema marks `writeOnly`, and fields with telling names at any depth.
///
/// The marker names the rule and nothing else: `[REDACTED:write-only]`, `[REDACTED:name]`.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct SchemaRedactor;

/// Field names that are taken for secrets whatever the schema says; compared without case, `-` and `_`.
const SECRET_NAMES: [&str; 11] = [
    "apikey",
    "authorization",
    "clientsecret",
    "cookie",
    "credential",
    "credentials",
    "passwd",
    "password",
    "privatekey",
    "secret",
    "token",
];

impl SchemaRedactor {
    /// Returns the redactor that every layer uses unless told otherwise.
    #[must_use]
    pub fn new() -> Self {
        Self
    }
}

impl Redactor for SchemaRedactor {
    fn redact<'a>(&self, spec: &ToolSpec, params: &'a Value) -> Cow<'a, Value> {
        let walk = Walk { root: spec.input_schema() };
        let schemas = walk.expand(vec![walk.root]);
        if !walk.has_secret(&schemas, params) {
            return Cow::Borrowed(params);
        }
        let mut copy = params.clone();
        walk.replace(&schemas, &mut copy);
        Cow::Owned(copy)
    }
}

/// Walks a value beside every subschema that may speak about it.
struct Walk<'s> {
    root: &'s Value,
}

impl<'s> Walk<'s> {
    fn has_secret(&self, schemas: &[&'s Value], value: &Value) -> bool {
        if schemas.iter().any(|schema| schema["writeOnly"] == true) {
            return true;
        }
        match value {
            Value::Object(map) => map
                .iter()
                .any(|(key, value)| is_secret_name(key) || self.has_secret(&self.property(schemas, key), value)),
            Value::Array(list) => {
                list.iter().enumerate().any(|(at, value)| self.has_secret(&self.item(schemas, at), value))
            }
            _ => false,
        }
    }

    fn replace(&self, schemas: &[&'s Value], value: &mut Value) {
        if schemas.iter().any(|schema| schema["writeOnly"] == true) {
            *value = Value::from("[REDACTED:write-only]");
            return;
        }
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    if is_secret_name(key) {
                        *value = Value::from("[REDACTED:name]");
                    } else {
                        self.replace(&self.property(schemas, key), value);
                    }
                }
            }
            Value::Array(list) => {
                for (at, value) in list.iter_mut().enumerate() {
                    self.replace(&self.item(schemas, at), value);
                }
            }
            _ => {}
        }
    }

    fn property(&self, schemas: &[&'s Value], key: &str) -> Vec<&'s Value> {
        let mut found: Vec<&'s Value> = schemas.iter().filter_map(|schema| schema["properties"].get(key)).collect();
        // Patterns are not run here: a secret behind any pattern makes every dynamic key a secret.
        for schema in schemas {
            found.extend(schema["patternProperties"].as_object().into_iter().flat_map(serde_json::Map::values));
            found.extend(schema.get("additionalProperties"));
        }
        self.expand(found)
    }

    fn item(&self, schemas: &[&'s Value], at: usize) -> Vec<&'s Value> {
        let found = schemas.iter().flat_map(|schema| [schema["prefixItems"].get(at), schema.get("items")]).flatten();
        self.expand(found.collect())
    }

    /// Adds what the schemas refer to or combine: local `$ref`, `allOf`, `anyOf`, `oneOf`, `then`, `else`.
    fn expand(&self, mut open: Vec<&'s Value>) -> Vec<&'s Value> {
        let mut all: Vec<&'s Value> = Vec::with_capacity(open.len());
        while let Some(schema) = open.pop() {
            if all.iter().any(|seen| std::ptr::eq(*seen, schema)) {
                continue;
            }
            all.push(schema);
            open.extend(schema["$ref"].as_str().and_then(|to| self.root.pointer(to.strip_prefix('#')?)));
            for word in ["allOf", "anyOf", "oneOf"] {
                open.extend(schema[word].as_array().into_iter().flatten());
            }
            open.extend(["then", "else"].into_iter().filter_map(|word| schema.get(word)));
        }
        all
    }
}

fn is_secret_name(key: &str) -> bool {
    let plain: String = key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    SECRET_NAMES.contains(&plain.as_str())
}

#[cfg(test)]
mod tests;
