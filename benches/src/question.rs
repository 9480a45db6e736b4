//! What is asked, where every call asks afresh?

use serde_json::Value;
use tool_core::{Params, ToolError};

/// Returns parameters whose JSON text takes 111 bytes, up to a million of them.
///
/// # Errors
///
/// None for a number below a million; the text is JSON.
pub fn params(number: usize) -> Result<Params, ToolError> {
    let text = format!(
        r#"{{"ci_id":"db-orders-{number:06}","limit":50,"metric":"latency_p95","time_range":"last_1h","aggregation":"average"}}"#
    );
    Params::parse(&text)
}

/// Returns the bytes that tool-cache hashes for these parameters: lengths below 128 and numbers in one byte each.
#[must_use]
pub fn encoded(params: &Params) -> Vec<u8> {
    let mut out = Vec::new();
    let text = |tag: &[u8], text: &str, out: &mut Vec<u8>| {
        out.extend(tag);
        out.extend(u8::try_from(text.len()));
        out.extend(text.as_bytes());
    };
    for (key, value) in params.as_value().as_object().into_iter().flatten() {
        text(&[], key, &mut out);
        match value {
            Value::String(value) => text(&[6], value, &mut out),
            other => out.extend([3, other.as_u64().and_then(|number| u8::try_from(number).ok()).unwrap_or_default()]),
        }
    }
    out
}
