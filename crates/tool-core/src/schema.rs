//! Do parameters fit their schema, and if not, where and why?

use std::fmt;

use jsonschema::{Draft, PatternOptions, ValidationError, Validator, error::ValidationErrorKind as Kind};
use serde_json::Value;

use crate::Violation;

mod cost;

use cost::Cost;

/// The most violations that one error lists.
const MAX_VIOLATIONS: usize = 20;
/// The most characters of an offending value that an error shows.
const MAX_SHOWN: usize = 60;
/// The most subschemas that a schema may apply to one place of a value.
const MAX_CHECKS: u64 = 10_000;
/// The most checks that are made to find out where a value does not fit, once it is known that it does not.
const MAX_SEARCH: u64 = 200_000;
/// What is said where finding out would take more.
const SOMEWHERE: &str = "a value that fits the schema; too large or too deep to say where it does not";

/// A compiled JSON Schema (draft 2020-12 unless it says otherwise) that never fetches anything.
pub(crate) struct Schema {
    text: Value,
    validator: Validator,
}

impl Schema {
    /// Compiles a schema; patterns run in linear time and checks are counted first, so no input can make one hang.
    pub(crate) fn compile(text: Value) -> Result<Self, String> {
        let checks = Cost::of(&text).of_one_place();
        if checks > MAX_CHECKS {
            return Err(format!("it asks for too many checks of one value, expected at most {MAX_CHECKS}"));
        }
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_pattern_options(PatternOptions::regex())
            .offline()
            .build(&text)
            .map_err(|error| format!("at `{}`: {}", error.instance_path(), error))?;
        Ok(Self { text, validator })
    }

    pub(crate) fn text(&self) -> &Value {
        &self.text
    }

    pub(crate) fn is_valid(&self, value: &Value) -> bool {
        self.validator.is_valid(value)
    }

    /// Lists what does not fit, by path; `shown` is the value with its secrets replaced.
    pub(crate) fn violations(&self, value: &Value, shown: &Value) -> Vec<Violation> {
        let (depth, count) = cost::size(value);
        if Cost::of(&self.text).visits(&self.text, depth).saturating_mul(count) > MAX_SEARCH {
            return vec![Violation::new("", SOMEWHERE, None)];
        }
        let errors = self.validator.iter_errors(value).take(MAX_VIOLATIONS);
        let mut found: Vec<Violation> = errors.map(|error| describe(&error, shown)).collect();
        found.sort_by(|a, b| a.path.cmp(&b.path));
        found
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Schema({})", self.text)
    }
}

fn describe(error: &ValidationError<'_>, shown: &Value) -> Violation {
    let path = error.instance_path().to_string();
    if let Kind::Required { property } = error.kind() {
        let missing = format!("{path}/{}", property.as_str().unwrap_or_default());
        return Violation::new(missing, "a value (it is required)", None);
    }
    let got = shown.pointer(&path).map(shorten);
    if let Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } = error.kind() {
        let names = unexpected.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        return Violation::new(path, "only declared fields", Some(names));
    }
    Violation::new(path, expected(error.kind()), got)
}

/// Says what a keyword asks for; values of the instance never get in here, they may be secret.
fn expected(kind: &Kind) -> String {
    match kind {
        Kind::Type { kind } => type_names(kind),
        Kind::Enum { options } => format!("one of {}", list(options)),
        Kind::Constant { expected_value } => expected_value.to_string(),
        Kind::Minimum { limit } => format!("at least {limit}"),
        Kind::Maximum { limit } => format!("at most {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("more than {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("less than {limit}"),
        Kind::MinLength { limit } => format!("at least {limit} characters"),
        Kind::MaxLength { limit } => format!("at most {limit} characters"),
        Kind::MinItems { limit } => format!("at least {limit} items"),
        Kind::MaxItems { limit } => format!("at most {limit} items"),
        Kind::MinProperties { limit } => format!("at least {limit} fields"),
        Kind::MaxProperties { limit } => format!("at most {limit} fields"),
        Kind::Pattern { pattern } => format!("text that matches `{pattern}`"),
        Kind::Format { format } => format!("a {format}"),
        Kind::UniqueItems => "items that differ".to_owned(),
        Kind::FalseSchema => "nothing here".to_owned(),
        Kind::MultipleOf { multiple_of } => format!("a multiple of {multiple_of}"),
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => alternatives(context),
        Kind::OneOfMultipleValid { .. } => "exactly one of the alternatives, not several".to_owned(),
        other => format!("what `{}` asks for", other.keyword()),
    }
}

/// Joins what each alternative asks for, as in "an array or one of \"last_1h\", …".
fn alternatives(context: &[Vec<ValidationError<'static>>]) -> String {
    let each: Vec<String> =
        context.iter().filter_map(|errors| errors.first()).map(|error| expected(error.kind())).collect();
    each.join(" or ")
}

fn type_names(kind: &jsonschema::error::TypeKind) -> String {
    match kind {
        jsonschema::error::TypeKind::Single(one) => format!("a value of type {one}"),
        jsonschema::error::TypeKind::Multiple(many) => {
            let names: Vec<String> = many.iter().map(|one| one.to_string()).collect();
            format!("a value of type {}", names.join(" or "))
        }
    }
}

fn list(options: &Value) -> String {
    options.as_array().into_iter().flatten().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn shorten(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests;
