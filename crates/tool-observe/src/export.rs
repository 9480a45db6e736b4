//! How are traces written for other programs?

use std::{io, str::FromStr};

use crate::{
    ToolExecutionTrace,
    units::{millis, rfc3339},
};

/// A format for traces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExportFormat {
    /// One JSON array of objects.
    Json,
    /// Comma-separated values with a header (RFC 4180), safe to open in a spreadsheet.
    Csv,
}

impl FromStr for ExportFormat {
    type Err = ExportFormatError;

    fn from_str(text: &str) -> Result<Self, ExportFormatError> {
        match text {
            "json" => Ok(Self::Json),
            "csv" => Ok(Self::Csv),
            _ => Err(ExportFormatError { format: text.chars().take(64).collect() }),
        }
    }
}

/// Says that there is no such format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{format}` is no export format (json, csv)")]
pub struct ExportFormatError {
    format: String,
}

/// Writes traces in a format.
///
/// # Errors
///
/// Whatever `out` fails with.
pub fn export(traces: &[ToolExecutionTrace], format: ExportFormat, out: impl io::Write) -> io::Result<()> {
    match format {
        ExportFormat::Json => serde_json::to_writer(out, traces).map_err(io::Error::from),
        ExportFormat::Csv => csv(traces, out),
    }
}

const COLUMNS: [&str; 22] = [
    "trace_id",
    "span_id",
    "parent_span_id",
    "tool",
    "operation",
    "tenant",
    "principal",
    "request_id",
    "started_at",
    "duration_ms",
    "status",
    "error_kind",
    "origin",
    "cache_hit",
    "age_ms",
    "attempts",
    "retry_count",
    "fallback_from",
    "params",
    "params_bytes",
    "result_bytes",
    "limited",
];

fn csv(traces: &[ToolExecutionTrace], out: impl io::Write) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    writer.write_record(COLUMNS)?;
    for trace in traces {
        writer.write_record(row(trace))?;
    }
    writer.flush()
}

fn row(trace: &ToolExecutionTrace) -> [String; COLUMNS.len()] {
    [
        trace.trace_id.to_string(),
        trace.span_id.to_string(),
        text(trace.parent_span_id),
        trace.tool.to_string(),
        trace.operation.clone(),
        defused(&trace.tenant),
        defused(&trace.principal),
        defused(trace.request_id.as_deref().unwrap_or_default()),
        rfc3339::of(trace.started_at).to_string(),
        millis::of(trace.duration).to_string(),
        trace.status.as_str().to_owned(),
        trace.error_kind.map_or_else(String::new, |kind| kind.as_str().to_owned()),
        trace.origin.as_str().to_owned(),
        trace.cache_hit.to_string(),
        millis::of(trace.age).to_string(),
        trace.attempts.to_string(),
        trace.retry_count.to_string(),
        text(trace.fallback_from.as_ref()),
        defused(&text(trace.params.as_ref())),
        trace.params_bytes.to_string(),
        trace.result_bytes.to_string(),
        trace.limited.to_string(),
    ]
}

fn text(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// Keeps a spreadsheet from taking text for a formula: a leading quote makes it text.
///
/// Source: OWASP ASVS 5.0, 1.2.10.
fn defused(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0']) { format!("'{text}") } else { text.to_owned() }
}
