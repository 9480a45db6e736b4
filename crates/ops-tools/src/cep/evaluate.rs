//! Does a condition hold for a payload, and which values decide it?

use serde::Serialize;
use serde_json::Value;

use super::aggregate::aggregate;
use super::compare::compare;
use super::condition::{Aggregate, Condition, Measure, Operand, Test};
use super::field::find;
use super::runtime::Parameters;
use super::samples::{self, Sample};
use super::secrets::is_secret;
use super::shrink::cut;
use super::truth::Truth;

/// What one test found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Finding {
    /// The dotted path that was read.
    pub(super) field: String,
    /// The number over samples, where one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) aggregate: Option<&'static str>,
    /// The comparison, or `absence`.
    pub(super) operator: &'static str,
    /// What it was compared with.
    pub(super) threshold: Value,
    /// What was read; null if nothing could be.
    pub(super) extracted_value: Value,
    /// What came of it.
    pub(super) result: Truth,
    /// Why it could not be decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
}

/// What a condition is evaluated against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) payload: &'a Value,
    pub(super) parameters: &'a Parameters,
    /// The instant windows end at, in Unix seconds; unknown if the payload holds no time and none is given.
    pub(super) at: Option<i64>,
}

/// Longest text of a finding's values, in characters.
const MAX_TEXT: usize = 200;

/// Evaluates a condition, and every test in it, adding one finding for each.
pub(super) fn evaluate(condition: &Condition, scene: Scene<'_>, findings: &mut Vec<Finding>) -> Truth {
    match condition {
        Condition::All(parts) => Truth::all(each(parts, scene, findings)),
        Condition::Any(parts) => Truth::any(each(parts, scene, findings)),
        Condition::Not(inner) => evaluate(inner, scene, findings).not(),
        Condition::Test(test) => record(scene.test(test), findings),
        Condition::Absent { field, window } => record(scene.absent(field, *window), findings),
    }
}

/// Collects before it combines: every test is evaluated and reported, also where the first would decide.
fn each(parts: &[Condition], scene: Scene<'_>, findings: &mut Vec<Finding>) -> Vec<Truth> {
    parts.iter().map(|part| evaluate(part, scene, findings)).collect()
}

fn record(finding: Finding, findings: &mut Vec<Finding>) -> Truth {
    let result = finding.result;
    findings.push(finding);
    result
}

/// A value that was read, and what came of comparing it.
struct Outcome {
    extracted: Value,
    result: Truth,
}

impl<'a> Scene<'a> {
    fn test(self, test: &Test) -> Finding {
        let threshold = self.operand(&test.operand);
        let outcome = match &threshold {
            Ok(threshold) => self.field(&test.field).and_then(|value| self.measure(test, value, threshold)),
            Err(reason) => Err(reason.clone()),
        };
        let aggregate = match &test.measure {
            Measure::Window { aggregate, .. } => Some(aggregate.name()),
            Measure::Newest | Measure::Held(_) => None,
        };
        finding(&test.field, aggregate, test.op.name(), threshold.unwrap_or(Value::Null), outcome)
    }

    fn absent(self, field: &str, window: i64) -> Finding {
        let outcome = self.field(field).and_then(|value| {
            let inside = self.window(&samples::read(value)?, window)?.len();
            Ok(Outcome { extracted: inside.into(), result: Truth::from(inside == 0) })
        });
        finding(field, None, "absence", Value::Null, outcome)
    }

    fn operand(self, operand: &Operand) -> Result<Value, String> {
        match operand {
            Operand::Literal(value) => Ok(value.clone()),
            Operand::Parameter(name) => {
                let value = self.parameters.values.get(name);
                value.map(|value| Value::from(value.as_str())).ok_or_else(|| format!("no parameter `{name}` is given"))
            }
        }
    }

    fn field(self, path: &str) -> Result<&'a Value, String> {
        if is_secret(path) {
            return Err("a secret is never read".to_owned());
        }
        find(self.payload, path).ok_or_else(|| "missing from the payload".to_owned())
    }

    fn measure(self, test: &Test, value: &Value, threshold: &Value) -> Result<Outcome, String> {
        match &test.measure {
            Measure::Newest => {
                let newest = newest(value)?;
                let result = compare(newest, test.op, threshold)?.into();
                Ok(Outcome { extracted: newest.clone(), result })
            }
            Measure::Held(duration) => self.held(test, value, threshold, *duration),
            Measure::Window { aggregate, window, filter } => {
                let samples = self.window(&samples::read(value)?, *window)?;
                let extracted = self.over(*aggregate, &samples, filter.as_deref())?;
                let result = compare(&extracted, test.op, threshold)?.into();
                Ok(Outcome { extracted, result })
            }
        }
    }

    /// Keeps the samples of the window that ends at, and includes, this instant.
    fn window<'s>(self, samples: &[Sample<'s>], window: i64) -> Result<Vec<Sample<'s>>, String> {
        match self.at {
            Some(at) => {
                let inside = |sample: &&Sample<'s>| at.saturating_sub(window) < sample.time && sample.time <= at;
                Ok(samples.iter().filter(inside).copied().collect())
            }
            None => Err("no instant is given, and the payload holds no time".to_owned()),
        }
    }

    fn over(self, kind: Aggregate, samples: &[Sample<'_>], filter: Option<&Condition>) -> Result<Value, String> {
        let Some(filter) = filter else { return aggregate(kind, samples) };
        let mut kept = Vec::new();
        for sample in samples {
            match evaluate(filter, Scene { payload: sample.element, ..self }, &mut Vec::new()) {
                Truth::True => kept.push(*sample),
                Truth::False => {}
                Truth::Unknown => return Err("`where` cannot be decided for every element".to_owned()),
            }
        }
        aggregate(kind, &kept)
    }

    /// Holds if every sample of the duration passes, and the samples reach back to its beginning.
    fn held(self, test: &Test, value: &Value, threshold: &Value, duration: i64) -> Result<Outcome, String> {
        let all = samples::read(value)?;
        let inside = self.window(&all, duration)?;
        let last = inside.last().ok_or("no sample in the duration")?;
        let passes = |sample: &Sample<'_>| match sample.value {
            Some(value) => compare(value, test.op, threshold).map_or(Truth::Unknown, Truth::from),
            None => Truth::Unknown,
        };
        let begins = self.at.map_or(i64::MIN, |at| at.saturating_sub(duration));
        let reaches_back = if all[0].time <= begins { Truth::True } else { Truth::Unknown };
        let result = Truth::all(inside.iter().map(passes).chain([reaches_back]));
        if result == Truth::Unknown {
            return Err("the samples do not cover the duration, or one of them does not compare".to_owned());
        }
        Ok(Outcome { extracted: last.value.cloned().unwrap_or_default(), result })
    }
}

/// Returns the newest value of a field: its only one, its `value`, or that of its newest sample.
fn newest(value: &Value) -> Result<&Value, String> {
    match value {
        Value::Array(_) => {
            let samples = samples::read(value)?;
            samples.iter().rev().find_map(|sample| sample.value).ok_or_else(|| "no sample has a value".to_owned())
        }
        Value::Object(map) => match map.get("value") {
            Some(value) if !value.is_null() => Ok(value),
            Some(_) => Err("its value is null: no data".to_owned()),
            None => Err("holds an object without `value`".to_owned()),
        },
        plain => Ok(plain),
    }
}

fn finding(
    field: &str,
    aggregate: Option<&'static str>,
    operator: &'static str,
    threshold: Value,
    outcome: Result<Outcome, String>,
) -> Finding {
    let (extracted, result, reason) = match outcome {
        Ok(outcome) => (outcome.extracted, outcome.result, None),
        Err(reason) => (Value::Null, Truth::Unknown, Some(reason)),
    };
    Finding {
        field: field.to_owned(),
        aggregate,
        operator,
        threshold: shown(threshold),
        extracted_value: shown(extracted),
        result,
        reason,
    }
}

fn shown(value: Value) -> Value {
    match value {
        Value::String(mut text) => {
            cut(&mut text, MAX_TEXT);
            Value::String(text)
        }
        Value::Array(_) | Value::Object(_) => Value::Null,
        plain => plain,
    }
}

#[cfg(test)]
mod tests;
