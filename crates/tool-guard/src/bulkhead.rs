//! May this result pass?

use tool_core::{ErrorKind, Extent, Limit, Payload, ToolError, ToolOutput, ToolResult, ToolSpec};

use crate::{Excess, ResultPolicy, Validation, cut::cut, depth::is_deeper, stats::Counters};

/// Looks at a result, and returns what is answered in its place if it may not pass as it is: cut, refused or with a
/// warning, as the policy says; `spec` is missing where nobody validates.
///
/// A small result costs a comparison; a larger one is looked through once, and nothing is parsed unless it is validated.
pub(crate) fn replaced(
    output: &ToolOutput,
    spec: Option<&ToolSpec>,
    policy: &ResultPolicy,
    counters: &Counters,
) -> Option<ToolResult> {
    #[cfg(planted)]
    if tool_core::planted::active(tool_core::planted::Bug::ResultsUnbounded) {
        return None;
    }
    if let Some(excess) = excess(&output.payload, policy) {
        return Some(over(output, &excess, policy, counters));
    }
    let spec = spec.filter(|_| policy.validation != Validation::Off)?;
    let error = spec.check_output(output.payload.value()).err()?;
    counters.invalid_output();
    Some(match policy.validation {
        Validation::Warn => Ok(output.clone().warning(error.to_string())),
        Validation::Enforce | Validation::Off => Err(error.with_report(output.report.clone())),
    })
}

/// Which bound a result is over: its name, what was there (if counted) and what there may be.
struct Over {
    bound: &'static str,
    found: Option<u64>,
    most: u64,
}

fn excess(payload: &Payload, policy: &ResultPolicy) -> Option<Over> {
    let bytes = payload.len() as u64;
    if bytes > policy.max_bytes {
        return Some(Over { bound: "max_bytes", found: Some(bytes), most: policy.max_bytes });
    }
    let deeper = is_deeper(payload.as_str(), policy.max_depth);
    deeper.then(|| Over { bound: "max_depth", found: None, most: u64::from(policy.max_depth) })
}

#[cold]
fn over(output: &ToolOutput, over: &Over, policy: &ResultPolicy, counters: &Counters) -> ToolResult {
    let said = match over.found {
        Some(found) => format!("the result has {found} bytes, {} are allowed", over.most),
        None => format!("the result is nested deeper than {} levels", over.most),
    };
    if policy.excess == Excess::Refuse {
        counters.too_large();
        return Err(ToolError::new(ErrorKind::TooLarge, said).with_report(output.report.clone()));
    }
    let most = usize::try_from(policy.max_bytes).unwrap_or(usize::MAX);
    let Some(text) = cut(output.payload.as_str(), most, policy.max_depth) else {
        counters.too_large();
        let message = format!("{said}, and it is a single value that cannot be cut");
        return Err(ToolError::new(ErrorKind::TooLarge, message).with_report(output.report.clone()));
    };
    counters.cut();
    let payload = Payload::from_text(text)?;
    let limit = Limit::new(over.bound, over.found, over.most);
    let mut report = output.report.clone().with_limit(limit).with_warning(format!("{said}: it was cut"));
    report.extent = Extent::Cut;
    Ok(ToolOutput::new(payload).with_report(report))
}
