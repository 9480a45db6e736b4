use tool_core::{CallContext, ToolExecutor};
use tool_observe::{ExportFormat, ObservePolicy, ToolExecutionTrace, TraceFilter};

use crate::scripted::{Observed, ann, executed};

fn exported(observed: &Observed, format: ExportFormat) -> String {
    let mut bytes = Vec::new();
    observed.tracer.export_traces(&TraceFilter::every_tenant(), format, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn json_reads_back() {
    let observed = Observed::new(ObservePolicy::default(), executed());
    for text in ["plain", "quote \" comma , newline \n", "\u{0}\u{202e}ä"] {
        let params = serde_json::json!({ "text": text }).to_string();
        observed.traced.execute(observed.call(&params, ann().with_request_id(text))).await.unwrap();
    }
    let read: Vec<ToolExecutionTrace> = serde_json::from_str(&exported(&observed, ExportFormat::Json)).unwrap();
    assert_eq!(read, observed.tracer.recent(&TraceFilter::every_tenant()));
}

#[track_caller]
fn check(request_id: &str, expected: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let observed = Observed::new(ObservePolicy::default(), executed());
    let call = observed.call(r#"{"a": "1,2\n\"3\""}"#, ann().with_request_id(request_id));
    runtime.block_on(observed.traced.execute(call)).unwrap();
    let text = exported(&observed, ExportFormat::Csv);
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let headers = rows.headers().unwrap().clone();
    let row = rows.records().next().unwrap().unwrap();
    let column = |name: &str| &row[headers.iter().position(|header| header == name).unwrap()];
    assert_eq!((column("request_id"), column("tool"), column("status")), (expected, "ci.search", "ok"));
    assert_eq!(column("params"), r#"{"a":"1,2\n\"3\""}"#);
    assert_eq!((column("cache_hit"), column("duration_ms")), ("false", "0"));
    assert!(text.ends_with("\r\n"));
}

#[test]
fn csv_reads_back() {
    check("r-1", "r-1");
    check("quote \" comma , newline \r\n end", "quote \" comma , newline \r\n end");
}

#[test]
fn csv_holds_no_formula() {
    for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\u{0}=1"] {
        check(text, &format!("'{text}"));
    }
}

#[tokio::test]
async fn nothing_recorded_is_an_empty_document() {
    let observed = Observed::new(ObservePolicy::default(), executed());
    assert_eq!(exported(&observed, ExportFormat::Json), "[]");
    assert_eq!(exported(&observed, ExportFormat::Csv).lines().count(), 1);
}

#[test]
fn unknown_format_is_refused() {
    assert_eq!("csv".parse(), Ok(ExportFormat::Csv));
    assert_eq!("xml".parse::<ExportFormat>().unwrap_err().to_string(), "`xml` is no export format (json, csv)");
}

#[test]
fn full_disk_is_an_error() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let observed = Observed::new(ObservePolicy::default(), executed());
    drop(observed.tracer.start_trace(&observed.call("{}", CallContext::new("t", "p"))));
    for format in [ExportFormat::Json, ExportFormat::Csv] {
        let error = observed.tracer.export_traces(&TraceFilter::every_tenant(), format, Full).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
    }
}
