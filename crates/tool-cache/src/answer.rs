//! How does the outcome of a tool become an entry, and an entry an outcome?

use std::time::Duration;

use tool_core::{CallReport, ErrorKind, Execution, Extent, Origin, ToolError, ToolOutput, ToolResult, ToolSpec};

use crate::{
    CachePolicy, LoadError, Rejection,
    engine::Served,
    item::{Item, Ttl},
};

/// What is kept of a call: its result, or that there is none.
#[derive(Debug)]
pub(crate) enum Answer {
    Output(ToolOutput),
    NotFound(ToolError),
}

/// Returns a result as an item.
pub(crate) fn item_of(output: &ToolOutput, ttl: Ttl) -> Item<Answer> {
    let report = &output.report;
    let unfit = match () {
        #[cfg(planted)]
        () if tool_core::planted::active(tool_core::planted::Bug::CutKept) => None,
        () if report.extent != Extent::Whole => Some(Rejection::Cut),
        () if report.fallback_from.is_some() => Some(Rejection::Fallback),
        () => None,
    };
    let ttl = match (ttl, report.fresh_for) {
        (Ttl::Rule(ttl), Some(own)) if own < ttl => Ttl::Exact(own),
        (ttl, _) => ttl,
    };
    let (bytes, age) = (bytes_of(output), report.age);
    // A clone of the payload leaves a parsed form behind.
    Item { bytes, ttl, age, unfit, ..Item::new(Answer::Output(output.clone())) }
}

/// Returns what a result holds outside of itself: its text, with the counts of its allocation, limits and warnings.
pub(crate) fn bytes_of(output: &ToolOutput) -> u64 {
    let limits: usize = output.report.limits().iter().map(|limit| size_of_val(limit) + limit.name.len()).sum();
    let warnings: usize = output.report.warnings().iter().map(|text| 48 + text.len()).sum();
    (output.payload.len() + 24 + limits + warnings) as u64
}

/// What a tool that found nothing takes in memory, about.
const NOT_FOUND_BYTES: u64 = 400;

/// Returns the outcome of a load as an item; a failure that is no answer stays one.
pub(crate) fn loaded(policy: &CachePolicy, spec: &ToolSpec, result: ToolResult) -> Result<Item<Answer>, ToolError> {
    let error = match result {
        Ok(output) => return Ok(item_of(&output, Ttl::Rule(policy.ttl_of(spec)))),
        Err(error) => error,
    };
    let ttl = policy.negative_ttl().min(policy.ttl_of(spec));
    #[cfg(planted)]
    if tool_core::planted::active(tool_core::planted::Bug::FailureKept) {
        return Ok(Item {
            bytes: NOT_FOUND_BYTES,
            ttl: Ttl::Rule(policy.ttl_of(spec)),
            ..Item::new(Answer::NotFound(error))
        });
    }
    if error.kind() != ErrorKind::NotFound || ttl.is_zero() || error.report().fallback_from.is_some() {
        return Err(error);
    }
    let ttl = error.report().fresh_for.map_or(ttl, |own| own.min(ttl));
    let bytes = NOT_FOUND_BYTES + error.to_string().len() as u64;
    Ok(Item { bytes, ttl: Ttl::Exact(ttl), ..Item::new(Answer::NotFound(error)) })
}

/// Returns whether an older answer is better than this failure: the tool did not say how things are.
///
/// Source: RFC 5861, section 4, which names the server's own errors.
pub(crate) fn is_passing(error: &ToolError) -> bool {
    matches!(
        error.kind(),
        ErrorKind::TimedOut
            | ErrorKind::Cancelled
            | ErrorKind::Overloaded
            | ErrorKind::Unavailable
            | ErrorKind::InvalidOutput
            | ErrorKind::Panicked
            | ErrorKind::Failed
    )
}

/// Returns an answer as a caller gets it; a result from the cache allocates nothing.
#[inline]
pub(crate) fn served(served: &Served<Answer>) -> ToolResult {
    match &served.entry.value {
        Answer::Output(output) => {
            Ok(ToolOutput::new(output.payload.clone()).with_report(report(served, &output.report)))
        }
        Answer::NotFound(error) => Err(error.clone().with_report(report(served, error.report()))),
    }
}

#[inline]
fn report(served: &Served<Answer>, facts: &CallReport) -> CallReport {
    let (span, now) = (&served.entry.span, served.now);
    match served.origin {
        Origin::Hit | Origin::Stale => {
            let mut report = facts.served(served.origin, span.age(now));
            report.fresh_for = Some(span.remaining(now));
            report
        }
        Origin::Shared => facts.served(Origin::Shared, facts.age),
        _ => facts.clone(),
    }
}

/// Returns the failure of a load as a caller gets it.
pub(crate) fn failure(error: LoadError<ToolError>, spec: &ToolSpec, origin: Origin) -> ToolError {
    let name = spec.name();
    let error = match error {
        LoadError::Failed(error) => error,
        LoadError::Panicked => ToolError::new(ErrorKind::Panicked, format!("the load of {name} panicked")),
        LoadError::Stopped => ToolError::new(ErrorKind::Cancelled, format!("the load of {name} was stopped")),
        LoadError::TimedOut => ToolError::new(ErrorKind::TimedOut, format!("{name} did not answer in time"))
            .with_execution(Execution::Unknown),
        LoadError::Recursion => {
            let message = format!("{name} asks itself the same question: it would wait for its own answer");
            return ToolError::new(ErrorKind::InvalidParams, message);
        }
    };
    if origin != Origin::Shared {
        return error;
    }
    let report = error.report().served(Origin::Shared, Duration::ZERO);
    error.with_report(report)
}
