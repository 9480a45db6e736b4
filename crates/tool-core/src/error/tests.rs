use serde_json::json;

use super::*;

#[test]
fn shared_error_is_not_changed_by_one_holder() {
    let shared = ToolError::new(ErrorKind::Failed, "upstream said no");
    let mine = shared.clone().with_execution(Execution::Unknown);
    assert_eq!((shared.execution(), mine.execution()), (Execution::Executed, Execution::Unknown));
}

#[test]
fn refusals_never_claim_an_execution() {
    for kind in [ErrorKind::InvalidParams, ErrorKind::UnknownTool, ErrorKind::Denied, ErrorKind::Overloaded] {
        assert_eq!(ToolError::new(kind, "x").execution(), Execution::NotExecuted);
    }
}

#[test]
fn message_and_cause_stay_apart() {
    let error =
        ToolError::new(ErrorKind::Unavailable, "estate cannot be read").with_source(std::io::Error::other("disk"));
    assert_eq!(error.to_string(), "estate cannot be read");
    assert_eq!(error.source().unwrap().to_string(), "disk");
}

#[test]
fn json_has_kind_and_execution() {
    let error = ToolError::new(ErrorKind::Overloaded, "queue is full").with_retry_after(Duration::from_millis(250));
    assert_eq!(
        serde_json::to_value(&error).unwrap(),
        json!({"kind": "overloaded", "message": "queue is full", "execution": "not_executed", "retry_after_ms": 250})
    );
}

#[test]
fn kind_names_agree_with_json() {
    for kind in [ErrorKind::InvalidParams, ErrorKind::TimedOut, ErrorKind::NotCached, ErrorKind::TooLarge] {
        assert_eq!(serde_json::to_value(kind).unwrap(), json!(kind.as_str()));
    }
}
