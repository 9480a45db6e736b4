//! What does a rule look at? One object `{ci, metric, history}`, whatever shapes the contexts came in.

use serde_json::{Map, Value, json};

/// Builds the payload from the contexts, with `test_payload` laid over it, its objects merged and its values winning.
///
/// A result of `metric.aggregate` or `metric.series` becomes one entry of `metric`; a bare list, or the result of
/// `history.event_log`, becomes `history.events`.
pub(super) fn build(ci: &Value, metric: &Value, history: &Value, test_payload: &Value) -> Value {
    let mut payload = json!({"ci": ci, "metric": metrics(metric), "history": histories(history)});
    lay_over(&mut payload, test_payload);
    payload
}

fn metrics(context: &Value) -> Value {
    let named = |map: &Map<String, Value>| {
        let name = map.get("metric_name")?.as_str()?;
        Some((name.to_owned(), map.get("rows").or_else(|| map.get("value"))?.clone()))
    };
    match context {
        Value::Object(map) => {
            named(map).map_or_else(|| context.clone(), |entry| Value::Object(Map::from_iter([entry])))
        }
        Value::Array(list) => {
            let entries = list.iter().filter_map(|result| named(result.as_object()?));
            Value::Object(entries.collect())
        }
        other => other.clone(),
    }
}

fn histories(context: &Value) -> Value {
    match context {
        Value::Array(_) => json!({"events": context}),
        Value::Object(map) => match map.get("rows") {
            Some(rows) if !map.contains_key("events") => json!({"events": rows}),
            _ => context.clone(),
        },
        other => other.clone(),
    }
}

fn lay_over(under: &mut Value, over: &Value) {
    match (under, over) {
        (_, Value::Null) => {}
        (Value::Object(under), Value::Object(over)) => {
            for (key, value) in over {
                match under.get_mut(key) {
                    Some(known) if known.is_object() && value.is_object() => lay_over(known, value),
                    _ => {
                        under.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (under, over) => *under = over.clone(),
    }
}
