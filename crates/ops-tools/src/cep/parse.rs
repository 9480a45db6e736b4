//! How is a rule's condition written?
//!
//! `{"all": […]}`, `{"any": […]}`, `{"not": …}`, or a test: `{"field", "op", "value"}` with an optional `"for"`, or with
//! `"agg"`, `"window"` and an optional `"where"`; `"agg": "absence"` takes neither `op` nor `value`.

use serde_json::{Map, Value};

use super::compare::{Number, Op, type_name};
use super::condition::{Aggregate, Condition, MAX_SECONDS, Measure, Operand, Test};
use super::runtime;
use crate::nearest::did_you_mean;

/// How deep conditions may nest, and how many there may be in all.
const MAX_DEPTH: usize = 16;
const MAX_CONDITIONS: usize = 64;

const KEYS: [&str; 10] = ["all", "any", "not", "field", "op", "value", "for", "agg", "window", "where"];

/// Reads a condition.
///
/// # Errors
///
/// A lower-case fragment that names the place in the condition, what stands there and what was expected.
pub(crate) fn parse(spec: &Value) -> Result<Condition, String> {
    Parser { conditions: 0 }.condition(spec, "condition", 0)
}

struct Parser {
    conditions: usize,
}

type Object = Map<String, Value>;

impl Parser {
    fn condition(&mut self, spec: &Value, place: &str, depth: usize) -> Result<Condition, String> {
        let object = spec.as_object().ok_or_else(|| format!("{place}: expected an object, got {}", type_name(spec)))?;
        self.conditions += 1;
        if depth > MAX_DEPTH || self.conditions > MAX_CONDITIONS {
            return Err(format!("{place}: at most {MAX_CONDITIONS} conditions, nested at most {MAX_DEPTH} deep"));
        }
        if let Some(key) = object.keys().find(|key| !KEYS.contains(&key.as_str())) {
            return Err(format!("{place}: unknown key `{key}`{}", did_you_mean(key, KEYS)));
        }
        for (key, make) in [("all", Condition::All as fn(_) -> _), ("any", Condition::Any)] {
            if let Some(list) = alone(object, key, place)? {
                return self.list(list, &format!("{place}.{key}"), depth).map(make);
            }
        }
        match alone(object, "not", place)? {
            Some(inner) => Ok(Condition::Not(Box::new(self.condition(inner, &format!("{place}.not"), depth + 1)?))),
            None => self.test(object, place, depth),
        }
    }

    fn list(&mut self, list: &Value, place: &str, depth: usize) -> Result<Vec<Condition>, String> {
        let list = list.as_array().filter(|list| !list.is_empty());
        let list = list.ok_or_else(|| format!("{place}: expected a list of at least one condition"))?;
        let each = |(at, spec)| self.condition(spec, &format!("{place}[{at}]"), depth + 1);
        list.iter().enumerate().map(each).collect()
    }

    fn test(&mut self, object: &Object, place: &str, depth: usize) -> Result<Condition, String> {
        let field = text(object, "field", place)?.to_owned();
        if object.get("agg").is_some_and(|agg| agg == "absence") {
            refuse(object, &["op", "value", "for", "where"], "absence", place)?;
            return Ok(Condition::Absent { field, window: duration(object, "window", place)? });
        }
        let op = op(object, place)?;
        let operand = operand(object, op, place)?;
        let measure = self.measure(object, place, depth)?;
        Ok(Condition::Test(Test { field, measure, op, operand }))
    }

    fn measure(&mut self, object: &Object, place: &str, depth: usize) -> Result<Measure, String> {
        if !object.contains_key("agg") {
            refuse(object, &["window", "where"], "a test without `agg`", place)?;
            let held = object.contains_key("for").then(|| duration(object, "for", place)).transpose()?;
            return Ok(held.map_or(Measure::Newest, Measure::Held));
        }
        refuse(object, &["for"], "a test with `agg`", place)?;
        let name = text(object, "agg", place)?;
        let known = Aggregate::NAMES.iter().find(|(known, _)| *known == name);
        let (_, aggregate) = known.ok_or_else(|| {
            let names: Vec<&str> = Aggregate::NAMES.iter().map(|(name, _)| *name).chain(["absence"]).collect();
            format!(
                "{place}.agg: got `{name}`, expected one of {}{}",
                names.join(", "),
                did_you_mean(name, names.iter().copied())
            )
        })?;
        let filter = object.get("where").map(|spec| self.condition(spec, &format!("{place}.where"), depth + 1));
        let filter = filter.transpose()?.map(Box::new);
        Ok(Measure::Window { aggregate: *aggregate, window: duration(object, "window", place)?, filter })
    }
}

/// Returns the value of a key that stands alone.
fn alone<'a>(object: &'a Object, key: &str, place: &str) -> Result<Option<&'a Value>, String> {
    match object.get(key) {
        Some(_) if object.len() > 1 => Err(format!("{place}: `{key}` must be the only key")),
        value => Ok(value),
    }
}

fn refuse(object: &Object, keys: &[&str], what: &str, place: &str) -> Result<(), String> {
    let found = keys.iter().find(|key| object.contains_key(**key));
    found.map_or(Ok(()), |key| Err(format!("{place}.{key}: {what} takes no `{key}`")))
}

fn text<'a>(object: &'a Object, key: &str, place: &str) -> Result<&'a str, String> {
    match object.get(key) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text),
        Some(other) => Err(format!("{place}.{key}: expected text, got {other}")),
        None => Err(format!("{place}: `{key}` is missing")),
    }
}

fn op(object: &Object, place: &str) -> Result<Op, String> {
    let name = text(object, "op", place)?;
    let known = Op::NAMES.iter().find(|(known, _)| *known == name);
    known.map(|(_, op)| *op).ok_or_else(|| format!("{place}.op: got `{name}`, expected one of >, <, >=, <=, ==, !="))
}

fn operand(object: &Object, op: Op, place: &str) -> Result<Operand, String> {
    let value = object.get("value").ok_or_else(|| format!("{place}: `value` is missing"))?;
    match value {
        Value::Object(map) if map.len() == 1 && map.contains_key("param") => parameter(map, place),
        Value::Number(_) => Ok(Operand::Literal(value.clone())),
        Value::String(_) if op.orders() && Number::read(value).is_none() => {
            Err(format!("{place}.value: {value} is text, which compares with == and != only"))
        }
        Value::Bool(_) if op.orders() => {
            Err(format!("{place}.value: {value} is a boolean, which compares with == and != only"))
        }
        Value::String(_) | Value::Bool(_) => Ok(Operand::Literal(value.clone())),
        other => {
            let expected = "a number, a text, a boolean or {\"param\": NAME}";
            Err(format!("{place}.value: expected {expected}, got {}", type_name(other)))
        }
    }
}

fn parameter(map: &Object, place: &str) -> Result<Operand, String> {
    let name = text(map, "param", &format!("{place}.value"))?;
    let known = runtime::ALLOWED.into_iter().find(|known| *known == name);
    known.map(Operand::Parameter).ok_or_else(|| {
        let hint = did_you_mean(name, runtime::ALLOWED);
        format!("{place}.value.param: got `{name}`, expected one of {}{hint}", runtime::ALLOWED.join(", "))
    })
}

/// Reads a duration such as `90s`, `15m`, `2h` or `1d`, in seconds.
fn duration(object: &Object, key: &str, place: &str) -> Result<i64, String> {
    let text = text(object, key, place)?;
    seconds(text).ok_or_else(|| format!("{place}.{key}: got `{text}`, expected a duration such as 90s, 15m, 2h or 1d"))
}

fn seconds(text: &str) -> Option<i64> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let unit = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    let digits = Some(digits).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let seconds = digits.parse::<i64>().ok()?.checked_mul(unit)?;
    (1..=MAX_SECONDS).contains(&seconds).then_some(seconds)
}

#[cfg(test)]
mod tests;
