//! Is an answer one of the right ones?

use std::collections::BTreeSet;

use ops_tools::TimeRange;
use serde_json::{Map, Value};

use super::case::{Accepted, Outcome};
use super::desk::Answer;

/// How right an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Right {
    /// Intent and tool, or that no tool answers it.
    pub(super) tool: bool,
    /// Every parameter as well.
    pub(super) params: bool,
}

/// Judges an answer; `schema` is that of the tool it chose, `now` the end of the data in Unix seconds.
pub(super) fn judge(answer: &Answer, accept: &[Accepted], schema: &Value, now: i64) -> Right {
    let one = |accepted: &Accepted| match (answer, accepted) {
        (Answer::Call { intent, tool, params }, Accepted::Call { intent: wanted, tool: name, params: expected }) => {
            let tool = intent == wanted && tool == name;
            Right { tool, params: tool && same(params, expected, schema, now) }
        }
        (Answer::NoneFits, Accepted::Outcome { outcome: Outcome::NoneFits, .. }) => Right { tool: true, params: true },
        (Answer::Unknown(names), Accepted::Outcome { outcome: Outcome::UnknownItem, text }) => {
            Right { tool: true, params: text.as_ref().is_some_and(|text| names.contains(text)) }
        }
        _ => Right { tool: false, params: false },
    };
    let all: Vec<Right> = accept.iter().map(one).collect();
    Right { tool: all.iter().any(|right| right.tool), params: all.iter().any(|right| right.params) }
}

fn same(got: &Map<String, Value>, expected: &Map<String, Value>, schema: &Value, now: i64) -> bool {
    let names: BTreeSet<&String> = got.keys().chain(expected.keys()).collect();
    names.into_iter().all(|name| {
        let default = &schema["properties"][name]["default"];
        let of = |params: &Map<String, Value>| params.get(name).unwrap_or(default).clone();
        let wanted = match &of(expected)["any"] {
            Value::Array(all) => all.clone(),
            _ => vec![of(expected)],
        };
        let got = plain(name, &of(got), now);
        wanted.iter().any(|wanted| plain(name, wanted, now) == got)
    })
}

/// Writes a parameter so that equal meanings are equal: lists sorted, time ranges as windows, no default directions.
fn plain(name: &str, value: &Value, now: i64) -> String {
    if name == "time_range"
        && let Ok(range) = TimeRange::parse(value)
    {
        let window = range.resolve(now);
        return format!("{}..{}", window.from, window.to.min(now));
    }
    match value {
        Value::Array(list) => {
            let mut all: Vec<String> = list.iter().map(ToString::to_string).collect();
            all.sort_unstable();
            all.join(",")
        }
        Value::Object(map) if name == "sort" => {
            format!("{} {}", map.get("column").unwrap_or(&Value::Null), map.get("direction").unwrap_or(&"asc".into()))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_000_000;

    #[track_caller]
    fn check(got: &Value, expected: &Value, tool: bool, params: bool) {
        let schema = json!({"properties": {"limit": {"default": 10}, "time_range": {"default": "last_1h"}}});
        let map = |value: &Value| value.as_object().cloned().unwrap_or_default();
        let answer = Answer::Call { intent: "A".to_owned(), tool: "a.b".to_owned(), params: map(got) };
        let name = if tool { "a.b" } else { "a.c" };
        let accepted = json!({"intent": "A", "tool": name, "params": expected});
        let accept = [serde_json::from_value(accepted).unwrap_or_else(|error| panic!("{error}"))];
        assert_eq!(judge(&answer, &accept, &schema, NOW), Right { tool, params });
    }

    #[test]
    fn equal_meanings_are_equal() {
        check(&json!({}), &json!({"limit": 10, "time_range": "last_1h"}), true, true);
        check(&json!({"x": ["b", "a"]}), &json!({"x": ["a", "b"]}), true, true);
        check(&json!({"time_range": "last_60m"}), &json!({}), true, true);
        check(&json!({"x": 2}), &json!({"x": {"any": [1, 2]}}), true, true);
        check(&json!({"x": 3}), &json!({"x": {"any": [1, 2]}}), true, false);
        check(&json!({"x": 1, "y": 1}), &json!({"x": 1}), true, false);
        check(&json!({}), &json!({"x": 1}), true, false);
        check(&json!({}), &json!({}), false, false);
    }

    #[test]
    fn no_answer_can_be_right() {
        let none = [Accepted::Outcome { outcome: Outcome::NoneFits, text: None }];
        let unknown = [Accepted::Outcome { outcome: Outcome::UnknownItem, text: Some("x-1".to_owned()) }];
        let names = Answer::Unknown(vec!["x-1".to_owned()]);
        assert!(judge(&Answer::NoneFits, &none, &Value::Null, NOW).params);
        assert!(judge(&names, &unknown, &Value::Null, NOW).params);
        assert!(!judge(&names, &none, &Value::Null, NOW).tool);
    }
}
