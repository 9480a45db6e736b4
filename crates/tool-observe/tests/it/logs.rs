use std::{
    fmt::{self, Write},
    sync::{Arc, Mutex},
    time::Duration,
};

use tool_core::{ErrorKind, ToolResult};
use tool_observe::ObservePolicy;
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use crate::scripted::{Observed, ann, executed, failed};

/// Writes each event as one line: level, then fields.
struct Lines(Arc<Mutex<Vec<String>>>);

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("tool_observe")
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(event.metadata().level().to_string());
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// Returns what is logged on this thread meanwhile.
pub(crate) fn captured(work: impl FnOnce()) -> Vec<String> {
    let lines = Arc::default();
    tracing::subscriber::with_default(Lines(Arc::clone(&lines)), work);
    let lines = lines.lock().unwrap();
    lines.clone()
}

fn lines_of(result: ToolResult) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let observed = Observed::new(ObservePolicy::default(), executed());
    captured(|| runtime.block_on(observed.run(Duration::from_millis(2), result, ann().with_request_id("r\n1"))))
}

#[track_caller]
fn check(result: ToolResult, level: &str, parts: &[&str]) {
    let lines = lines_of(result);
    let line = lines.iter().find(|line| line.starts_with(level)).unwrap_or_else(|| panic!("{lines:#?}"));
    assert!(parts.iter().all(|part| line.contains(part)), "{line}");
}

#[test]
fn failures_are_warnings() {
    let parts = ["message=tool call failed", "tool=ci.search", r#"error_kind="timed_out""#, "elapsed_ms=2.0"];
    check(failed(ErrorKind::TimedOut), "WARN", &parts);
}

#[test]
fn refusals_are_information() {
    check(failed(ErrorKind::Denied), "INFO", &["message=tool call refused", r#"tenant="acme""#]);
}

#[test]
fn fallbacks_and_warnings_are_information() {
    let mut output = executed().unwrap().warning("step `enrich` was skipped");
    output.report.fallback_from = Some("ci.get".parse().unwrap());
    check(Ok(output.clone()), "INFO message=answered in place", &["fallback_from=ci.get"]);
    check(Ok(output), "INFO message=answered with warnings", &["warnings=1"]);
}

#[test]
fn plain_answers_are_for_debugging() {
    assert_eq!(lines_of(executed()).len(), 1);
    check(executed(), "DEBUG", &["message=tool call ended", r#"outcome="ok""#, r#"origin="executed""#]);
}

#[test]
fn chosen_text_forges_no_line() {
    check(executed(), "DEBUG", &[r#"request_id="r\n1""#]);
}
