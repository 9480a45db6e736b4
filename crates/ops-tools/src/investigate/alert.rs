//! What does an alert ask about?

use serde_json::Value;

use crate::timerange::parse_instant;

/// What an alert says that an investigation needs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AlertSubject {
    /// The item, as a code, an id or a name.
    pub ci: String,
    /// The metric that is in trouble, if the alert says.
    pub metric: Option<String>,
    /// When it began, in Unix seconds, if the alert says.
    pub at: Option<i64>,
}

impl AlertSubject {
    /// Reads an Alertmanager webhook (its newest firing alert), or one alert of it.
    ///
    /// The item is label `ci`, the metric label `metric`, the moment `startsAt` (RFC 3339).
    ///
    /// Source: Prometheus Alertmanager documentation, "Configuration", `webhook_config`.
    ///
    /// # Errors
    ///
    /// What is wrong with it and where: not JSON (line and column), no alert, no label `ci`, a `startsAt` that is no
    /// RFC 3339 instant.
    pub fn parse(text: &str) -> Result<Self, String> {
        let document: Value = serde_json::from_str(text)
            .map_err(|error| format!("not JSON at line {}, column {}: {error}", error.line(), error.column()))?;
        let alert = match &document["alerts"] {
            Value::Null => &document,
            Value::Array(alerts) => newest(alerts)?,
            _ => return Err("`alerts` is not a list".to_owned()),
        };
        let labels = &alert["labels"];
        if !labels.is_object() {
            return Err("the alert has no `labels`: expected an object with a label `ci`".to_owned());
        }
        let ci = labels["ci"].as_str().filter(|ci| !ci.trim().is_empty()).ok_or_else(|| no_ci(labels))?;
        Ok(Self { ci: ci.to_owned(), metric: labels["metric"].as_str().map(str::to_owned), at: started(alert)? })
    }
}

fn no_ci(labels: &Value) -> String {
    let names: Vec<&str> = labels.as_object().into_iter().flat_map(|map| map.keys()).map(String::as_str).collect();
    match names.as_slice() {
        [] => "the alert has no labels: expected a label `ci` that names the item".to_owned(),
        names => format!("the alert has no label `ci` that names the item; its labels: {}", names.join(", ")),
    }
}

fn started(alert: &Value) -> Result<Option<i64>, String> {
    match &alert["startsAt"] {
        Value::Null => Ok(None),
        Value::String(text) => {
            parse_instant(text).map(Some).map_err(|reason| format!("`startsAt`: expected {reason}, got \"{text}\""))
        }
        other => Err(format!("`startsAt`: expected an RFC 3339 instant, got {other}")),
    }
}

/// Picks the alert that began last among those that fire, or among all if none does.
fn newest(alerts: &[Value]) -> Result<&Value, String> {
    let firing: Vec<&Value> = alerts.iter().filter(|alert| alert["status"] != "resolved").collect();
    let among = if firing.is_empty() { alerts.iter().collect() } else { firing };
    let begun = |alert: &Value| alert["startsAt"].as_str().and_then(|text| parse_instant(text).ok());
    among.into_iter().rev().max_by_key(|alert| begun(alert)).ok_or_else(|| "the webhook holds no alert".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<(&str, Option<&str>, Option<i64>), &str>) {
        let parsed = AlertSubject::parse(text);
        let parsed = parsed.as_ref().map(|alert| (alert.ci.as_str(), alert.metric.as_deref(), alert.at));
        assert_eq!(parsed.map_err(String::as_str), expected);
    }

    #[test]
    fn webhook_and_single_alert_are_read() {
        check(
            r#"{"labels": {"ci": "db-1", "metric": "latency"}, "startsAt": "2026-01-01T00:00:00Z"}"#,
            Ok(("db-1", Some("latency"), Some(1_767_225_600))),
        );
        check(r#"{"labels": {"ci": "db-1"}}"#, Ok(("db-1", None, None)));
        check(
            r#"{"version": "4", "alerts": [
                {"status": "firing", "labels": {"ci": "old"}, "startsAt": "2026-01-01T00:00:00Z"},
                {"status": "firing", "labels": {"ci": "new"}, "startsAt": "2026-01-01T00:01:00Z"},
                {"status": "resolved", "labels": {"ci": "gone"}, "startsAt": "2026-01-01T00:02:00Z"}]}"#,
            Ok(("new", None, Some(1_767_225_660))),
        );
    }

    #[test]
    fn fault_says_what_is_missing() {
        check(
            r#"{"labels": {"service": "x"}}"#,
            Err("the alert has no label `ci` that names the item; its labels: service"),
        );
        check("{}", Err("the alert has no `labels`: expected an object with a label `ci`"));
        check(r#"{"alerts": []}"#, Err("the webhook holds no alert"));
        check(r#"{"alerts": 5}"#, Err("`alerts` is not a list"));
        assert!(AlertSubject::parse("{\n  \"labels\": }").unwrap_err().starts_with("not JSON at line 2, column 13"));
    }
}
