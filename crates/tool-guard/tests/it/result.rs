use serde_json::{Value, json};
use tool_core::{Effect, ErrorKind, Execution, Extent, ToolSpec, ToolSpecBuilder};
use tool_guard::{Excess, GuardPolicy, GuardPolicyBuilder, ResultPolicy, Validation};

use crate::scripted::{Lab, Run};

fn bounded(result: ResultPolicy) -> GuardPolicyBuilder {
    GuardPolicy::builder().deadlines_only().result(result)
}

fn returning(value: &Value, result: ResultPolicy) -> Lab {
    Lab::new(bounded(result), Effect::Reads, vec![Run::Text(value.to_string())])
}

fn nested(levels: usize) -> Value {
    (0..levels).fold(json!(1), |inner, _| json!([inner]))
}

#[tokio::test]
async fn large_result_is_refused() {
    let lab = returning(&json!("x".repeat(100)), ResultPolicy::default().max_bytes(64));
    let error = lab.run().await.unwrap_err();
    assert_eq!((error.kind(), error.execution()), (ErrorKind::TooLarge, Execution::Executed));
    assert_eq!(error.to_string(), "the result has 102 bytes, 64 are allowed");
    assert_eq!(lab.counts().too_large, 1);
}

#[tokio::test]
async fn result_at_its_bounds_passes() {
    let lab = returning(&nested(64), ResultPolicy::default());
    assert_eq!(lab.run().await.unwrap().report.extent, Extent::Whole);
    let text = json!("x".repeat(62));
    let lab = returning(&text, ResultPolicy::default().max_bytes(64));
    assert_eq!(*lab.run().await.unwrap().payload.value(), text);
}

#[tokio::test]
async fn deep_result_is_refused() {
    let lab = returning(&nested(65), ResultPolicy::default());
    let error = lab.run().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::TooLarge, "the result is nested deeper than 64 levels")
    );
}

#[tokio::test]
async fn cut_result_says_so() {
    let rows: Vec<u32> = (0..1000).collect();
    let policy = ResultPolicy::default().max_bytes(64).excess(Excess::Cut);
    let output = returning(&json!({"rows": rows, "total": 1000}), policy).run().await.unwrap();
    assert_eq!(output.report.extent, Extent::Cut);
    let kept = output.payload.value()["rows"].as_array().unwrap();
    assert!(!kept.is_empty() && kept.iter().zip(0..).all(|(row, at)| *row == at) && output.payload.len() <= 64);
    assert_eq!((output.report.limits()[0].name.as_ref(), output.report.limits()[0].used), ("max_bytes", 64));
    assert!(output.report.warnings()[0].ends_with("it was cut"), "{:?}", output.report.warnings());
}

#[tokio::test]
async fn what_cannot_be_cut_is_refused() {
    let lab = returning(&json!("x".repeat(100)), ResultPolicy::default().max_bytes(64).excess(Excess::Cut));
    assert_eq!(lab.run().await.unwrap_err().kind(), ErrorKind::TooLarge);
    assert_eq!((lab.counts().too_large, lab.counts().cut), (1, 0));
}

#[tokio::test]
async fn deep_result_is_cut_to_null() {
    let policy = ResultPolicy::default().max_depth(2).excess(Excess::Cut);
    let output = returning(&json!([1, [2, [3]]]), policy).run().await.unwrap();
    assert_eq!((output.payload.as_str(), output.report.extent), ("[1,[2,null]]", Extent::Cut));
}

fn promising() -> ToolSpecBuilder {
    ToolSpec::builder("x.work", "Works.").effect(Effect::Reads).output(json!({"type": "integer"}))
}

#[tokio::test]
async fn schema_is_checked_when_asked() {
    let lab = |validation| {
        let policy = bounded(ResultPolicy::default().validation(validation));
        Lab::with_spec(policy, promising(), vec![Run::Text("\"s\"".to_owned()), Run::Text("1".to_owned())])
    };
    let off = lab(Validation::Off).run().await.unwrap();
    assert!(off.report.warnings().is_empty());
    let warn = lab(Validation::Warn);
    assert_eq!(warn.run().await.unwrap().report.warnings().len(), 1);
    assert!(warn.run().await.unwrap().report.warnings().is_empty());
    assert_eq!(warn.counts().invalid_output, 1);
    let enforce = lab(Validation::Enforce);
    assert_eq!(enforce.run().await.unwrap_err().kind(), ErrorKind::InvalidOutput);
    assert!(enforce.run().await.is_ok());
}
