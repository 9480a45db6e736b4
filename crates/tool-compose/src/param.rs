//! What may a caller give?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value, json};

use crate::{Fault, FaultKind};

/// The JSON type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "JSON has these types")]
pub enum ParamType {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// True or false.
    Boolean,
    /// A list.
    Array,
    /// Named values.
    Object,
}

/// One type, or several of which any will do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[expect(clippy::exhaustive_enums, reason = "one or several")]
pub enum ParamTypes {
    /// One type, as in `type = "string"`.
    One(ParamType),
    /// Any of several, as in `type = ["string", "object"]`.
    Any(Vec<ParamType>),
}

impl ParamTypes {
    fn contains(&self, wanted: ParamType) -> bool {
        match self {
            Self::One(one) => *one == wanted,
            Self::Any(several) => several.contains(&wanted),
        }
    }
}

/// A parameter of a composition: type, default and bounds.
///
/// # Examples
///
/// ```
/// use tool_compose::{ParamDefinition, ParamType};
///
/// let depth: ParamDefinition = serde_json::from_str(r#"{"type": "integer", "default": 4, "min": 1, "max": 6}"#)?;
/// assert_eq!(depth, ParamDefinition::new(ParamType::Integer).default_value(4).min(1).max(6));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ParamDefinition {
    /// The type; any if missing.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub types: Option<ParamTypes>,
    /// What it means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether the composition cannot run without it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// What holds if the caller gives nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// The least value of a number, characters of a text, items of a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Number>,
    /// The greatest value of a number, characters of a text, items of a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Number>,
    /// The values that are allowed; all if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<Value>>,
    /// The type of a list's items; any if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<ParamTypes>,
    /// Whether the value is a secret, never shown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
}

impl ParamDefinition {
    /// States an optional parameter of one type.
    #[must_use]
    pub fn new(kind: ParamType) -> Self {
        Self { types: Some(ParamTypes::One(kind)), ..Self::default() }
    }

    /// States that the composition cannot run without it.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Sets what holds if the caller gives nothing.
    #[must_use]
    pub fn default_value(mut self, value: impl Into<Value>) -> Self {
        self.default = Some(value.into());
        self
    }

    /// Sets the least value, characters or items.
    #[must_use]
    pub fn min(mut self, min: impl Into<Number>) -> Self {
        self.min = Some(min.into());
        self
    }

    /// Sets the greatest value, characters or items.
    #[must_use]
    pub fn max(mut self, max: impl Into<Number>) -> Self {
        self.max = Some(max.into());
        self
    }

    /// Returns whether a run may be without a value.
    pub(crate) fn may_be_absent(&self) -> bool {
        !self.required && self.default.is_none()
    }

    /// Returns the JSON Schema of the parameter.
    fn schema(&self) -> Value {
        let mut schema = Map::new();
        let mut set = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                schema.insert(key.to_owned(), value);
            }
        };
        set("type", self.types.as_ref().map(|types| json!(types)));
        set("description", self.description.as_ref().map(|text| json!(text)));
        set("default", self.default.clone());
        set("enum", self.values.clone().map(Value::Array));
        set("items", self.items.as_ref().map(|types| json!({"type": types})));
        set("writeOnly", self.secret.then_some(Value::Bool(true)));
        for (name, bound) in self.bounds() {
            set(name, Some(Value::Number(bound)));
        }
        Value::Object(schema)
    }

    /// Returns `min` and `max` as the keywords of the types that they bound.
    fn bounds(&self) -> Vec<(&'static str, Number)> {
        const KEYWORDS: [(&[ParamType], &str, &str); 3] = [
            (&[ParamType::Integer, ParamType::Number], "minimum", "maximum"),
            (&[ParamType::String], "minLength", "maxLength"),
            (&[ParamType::Array], "minItems", "maxItems"),
        ];
        let holds = |kinds: &[ParamType]| match &self.types {
            None => true,
            Some(types) => kinds.iter().any(|kind| types.contains(*kind)),
        };
        KEYWORDS
            .iter()
            .filter(|(kinds, ..)| holds(kinds))
            .flat_map(|(_, least, most)| [(*least, self.min.clone()), (*most, self.max.clone())])
            .filter_map(|(name, bound)| Some((name, bound?)))
            .collect()
    }

    /// Adds what contradicts itself.
    pub(crate) fn check(&self, place: &str, faults: &mut Vec<Fault>) {
        let mut fault = |reason: &str| faults.push(Fault::new(FaultKind::BadParam, place, reason));
        if self.required && self.default.is_some() {
            fault("it is required and has a default");
        }
        let bounds = self.bounds();
        if bounds.is_empty() && (self.min.is_some() || self.max.is_some()) {
            fault("`min` and `max` bound numbers, texts and lists only");
        }
        let counts = bounds.iter().filter(|(name, _)| !matches!(*name, "minimum" | "maximum"));
        if counts.clone().any(|(_, bound)| bound.as_u64().is_none()) {
            fault("`min` and `max` count characters or items: whole numbers from 0");
        }
        if let (Some(min), Some(max)) = (&self.min, &self.max)
            && min.as_f64() > max.as_f64()
        {
            fault("`min` is above `max`");
        }
        if self.items.is_some() && !self.types.as_ref().is_none_or(|types| types.contains(ParamType::Array)) {
            fault("`items` is for lists");
        }
        if self.values.as_ref().is_some_and(Vec::is_empty) {
            fault("`values` allows nothing");
        }
    }
}

/// Returns the JSON Schema of all parameters together.
pub(crate) fn input_schema(params: &BTreeMap<String, ParamDefinition>) -> Value {
    let properties: Map<String, Value> = params.iter().map(|(name, param)| (name.clone(), param.schema())).collect();
    let required: Vec<&String> = params.iter().filter(|(_, param)| param.required).map(|(name, _)| name).collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

#[cfg(test)]
mod tests;
