//! What if the tool answers, and wrongly?

use std::sync::Arc;

use runner::tool_core::{Effect, ErrorKind, Origin, Payload, ToolOutput, ToolSpec, testing::TokioClock};
use serde_json::json;

use super::lab::{Lab, done};

#[tokio::test(start_paused = true)]
async fn result_of_many_megabytes_is_refused_and_not_kept() {
    let lab =
        Lab::new("", |run, _| async move { if run == 1 { ToolOutput::json(&"x".repeat(20 << 20)) } else { done() } });
    assert_eq!(lab.work().await.unwrap_err().kind(), ErrorKind::TooLarge);
    assert_eq!(lab.work().await.unwrap().report.origin, Origin::Executed);
    assert_eq!(lab.counts().too_large, 1);
}

#[tokio::test(start_paused = true)]
async fn result_nested_without_end_is_refused_and_not_kept() {
    let lab = Lab::new("", |_, _| async {
        let nested = (0..100).fold(json!(1), |inner, _| json!([inner]));
        ToolOutput::json(&nested)
    });
    for run in 1..=2 {
        assert_eq!(lab.work().await.unwrap_err().kind(), ErrorKind::TooLarge);
        assert_eq!(lab.runs(), run);
    }
}

#[tokio::test(start_paused = true)]
async fn result_that_is_no_json_is_refused_and_not_kept() {
    let lab = Lab::new("", |run, _| async move {
        let text = match run {
            1 => "not json",
            2 => r#"{"cut": [1, 2"#,
            _ => r#"{"whole": true}"#,
        };
        Payload::from_text(text).map(ToolOutput::new)
    });
    for _ in 0..2 {
        assert_eq!(lab.work().await.unwrap_err().kind(), ErrorKind::InvalidOutput);
    }
    assert_eq!(lab.work().await.unwrap().report.origin, Origin::Executed);
}

#[tokio::test(start_paused = true)]
async fn result_of_another_shape_is_refused_and_not_kept() {
    let spec = ToolSpec::builder("x.work", "Works.").effect(Effect::Reads);
    let spec = spec.output(json!({"type": "object", "required": ["total"]}));
    let toml = "[guard.result]\nvalidation = \"enforce\"\n";
    let lab = Lab::with(toml, spec, Arc::new(TokioClock::new()), |run, _| async move {
        if run == 1 { done() } else { ToolOutput::json(&json!({"total": 3})) }
    });
    assert_eq!(lab.work().await.unwrap_err().kind(), ErrorKind::InvalidOutput);
    assert_eq!(lab.work().await.unwrap().report.origin, Origin::Executed);
    assert_eq!(lab.work().await.unwrap().report.origin, Origin::Hit);
}
