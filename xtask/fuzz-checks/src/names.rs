//! Is every name refused, or one that is written as it was read?

use std::fmt::{Debug, Display};
use std::str::FromStr;

use runner::HumanDuration;
use tool_core::{ToolName, TraceParent};

/// Takes a text that may be a tool's name, a `traceparent` or a duration.
///
/// # Panics
///
/// If one of them is read and then not the same when it is written and read again.
pub fn names(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Some(name) = check_round_trip::<ToolName>(text) {
        assert_eq!(format!("{}.{}", name.namespace(), name.operation()), name.as_str());
        assert!(!name.namespace().is_empty() && !name.operation().is_empty() && name.as_str().len() <= 128);
        assert!(name.as_str().is_ascii() && !name.as_str().bytes().any(|byte| byte.is_ascii_uppercase()));
    }
    if let Some(parent) = check_round_trip::<TraceParent>(text) {
        assert!(parent.trace_id() != 0 && parent.span_id() != 0);
    }
    check_round_trip::<HumanDuration>(text);
}

fn check_round_trip<T: FromStr<Err: Display> + Display + Debug + PartialEq>(text: &str) -> Option<T> {
    match text.parse::<T>() {
        Ok(read) => {
            let written = read.to_string();
            let again = written.parse::<T>().unwrap_or_else(|error| panic!("{error}: {text:?} became {written:?}"));
            assert_eq!(again, read, "{text:?} became {written:?}");
            Some(read)
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            None
        }
    }
}
