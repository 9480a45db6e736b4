//! What if the JSON is extreme?

use runner::tool_core::{ErrorKind, Origin, Params, Payload, ToolOutput};
use serde_json::{Value, json};

use super::lab::Lab;

/// A runner whose tool answers with its parameters.
fn echo() -> Lab {
    Lab::new("", |_, call| async move { ToolOutput::json(call.params().as_value()) })
}

/// Sends a text through the runner and back; returns what came, or the kind of error.
async fn through(lab: &Lab, text: &str) -> Result<(Value, Origin), ErrorKind> {
    let params = Params::parse(text).map_err(|error| error.kind())?;
    let output = lab.runner.call("x.work", params, super::lab::ann()).await.map_err(|error| error.kind())?;
    Ok((output.payload.value().clone(), output.report.origin))
}

#[tokio::test(start_paused = true)]
async fn extreme_values_come_back_as_they_went() {
    let lab = echo();
    for text in [
        r#"{"n": 9007199254740991}"#,
        r#"{"n": 9007199254740992}"#,
        r#"{"n": 9007199254740993}"#,
        r#"{"n": 18446744073709551615}"#,
        r#"{"n": -9223372036854775808}"#,
        r#"{"n": 5e-324}"#,
        r#"{"n": 2e-91}"#,
        r#"{"n": 1.7976931348623157e308}"#,
        r#"{"n": "\u0000\u001f\"\\\ud83d\ude00"}"#,
        r#"{"": {"": [[], {}]}}"#,
    ] {
        let (value, _) = through(&lab, text).await.unwrap();
        assert_eq!(value, serde_json::from_str::<Value>(text).unwrap(), "{text}");
        assert_eq!(through(&lab, text).await.unwrap(), (value, Origin::Hit), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn neighbours_beyond_doubles_are_different_questions() {
    let lab = echo();
    for n in [(1_u64 << 53) - 1, 1 << 53, (1 << 53) + 1, u64::MAX - 1, u64::MAX] {
        assert_eq!(through(&lab, &json!({"n": n}).to_string()).await.unwrap().1, Origin::Executed, "{n}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_no_json_is_refused_before_anything_runs() {
    let lab = echo();
    let deep = format!("{{\"n\": {}1{}}}", "[".repeat(128), "]".repeat(128));
    for text in [
        "",
        "[]",
        "1",
        "{\"n\": 1e400}",
        "{\"n\": NaN}",
        "{\"n\": \"\\ud800\"}",
        "{\"n\": 1,}",
        "\u{feff}{}",
        "{\"n\": 01}",
        "{\"n\": \"\n\"}",
        &deep,
    ] {
        assert_eq!(through(&lab, text).await.unwrap_err(), ErrorKind::InvalidParams, "{text:?}");
    }
    assert_eq!(lab.runs(), 0);
}

#[tokio::test(start_paused = true)]
async fn name_of_a_megabyte_and_naughty_names_pass() {
    let lab = echo();
    let names = ["x".repeat(1 << 20), "constructor".into(), "__proto__".into(), "\u{202e}evil".into(), "%n%s".into()];
    for name in names {
        let text = json!({ name: 1 }).to_string();
        assert_eq!(through(&lab, &text).await.unwrap().1, Origin::Executed);
        assert_eq!(through(&lab, &text).await.unwrap().1, Origin::Hit);
    }
}

#[test]
fn depth_of_results_is_bounded_where_they_are_parsed() {
    let text = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(Payload::from_text(text(127)).is_ok());
    assert_eq!(Payload::from_text(text(128)).unwrap_err().kind(), ErrorKind::InvalidOutput);
    assert_eq!(Payload::from_text(text(1_000_000)).unwrap_err().kind(), ErrorKind::InvalidOutput);
}
