use tool_core::{ErrorKind, ToolError, ToolExecutor};
use tool_observe::{ExportFormat, ObservePolicy, TraceFilter};

use crate::{
    logs::captured,
    scripted::{Observed, ann, executed},
};

const CANARY: &str = "c4n4ry-hunter2";

/// Makes calls with the canary in every place where a secret may be.
async fn calls() -> Observed {
    let observed = Observed::new(ObservePolicy::default(), executed());
    let failure = ToolError::new(ErrorKind::Failed, format!("login with {CANARY} failed"));
    let warned = executed().unwrap().warning(format!("used {CANARY}"));
    for (params, result) in [
        (format!(r#"{{"pin": "{CANARY}"}}"#), Ok(warned)),
        (format!(r#"{{"auth": {{"api_key": "{CANARY}"}}, "list": [{{"Password": "{CANARY}"}}]}}"#), Err(failure)),
        (format!(r#"{{"pin": "{CANARY}", "text": "{}"}}"#, "x".repeat(10_000)), executed()),
    ] {
        observed.then(std::time::Duration::ZERO, result);
        let _ = observed.traced.execute(observed.call(&params, ann())).await;
    }
    observed
}

#[tokio::test]
async fn no_export_holds_a_secret() {
    let observed = calls().await;
    let (tracer, everything) = (&observed.tracer, TraceFilter::every_tenant());
    let mut outputs = vec![
        format!("{tracer:?}"),
        format!("{:?}", observed.traced),
        format!("{:?}", tracer.recent(&everything)),
        serde_json::to_string(&tracer.tenant_stats()).unwrap(),
    ];
    for format in [ExportFormat::Json, ExportFormat::Csv] {
        let mut bytes = Vec::new();
        tracer.export_traces(&everything, format, &mut bytes).unwrap();
        outputs.push(String::from_utf8(bytes).unwrap());
    }
    assert!(outputs.iter().all(|output| !output.contains(CANARY)), "{outputs:#?}");
    assert!(outputs[4].contains("[REDACTED:write-only]") && outputs[4].contains("[REDACTED:name]"));
}

#[test]
fn no_log_holds_a_secret() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let lines = captured(|| drop(runtime.block_on(calls())));
    assert!(lines.len() >= 5 && lines.iter().all(|line| !line.contains(CANARY)), "{lines:#?}");
}
