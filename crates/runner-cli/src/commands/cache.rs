//! `runner cache advise`: what would other settings of the cache have given?

use runner::{
    tool_cache::{Advice, Advisor, Ending, PastCall, Recommendation, Unusable},
    tool_core::{ErrorKind, Origin, nearest},
    tool_observe::{ToolExecutionTrace, TraceFilter},
};
use serde::Serialize;

use crate::{
    cli,
    exit::{CliError, Exit},
    render::advice,
    session::Session,
};

/// Runs the command.
pub(crate) fn run(command: &cli::Cache, session: &Session) -> Result<Exit, CliError> {
    match command {
        cli::Cache::Advise { tool } => advise(tool.as_deref(), session),
    }
}

/// What is printed.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    #[serde(flatten)]
    pub(crate) advice: Advice,
    pub(crate) left_out: LeftOut,
    /// What the traces do not tell.
    pub(crate) notes: Vec<String>,
}

/// How many recorded calls tell nothing, and why.
#[derive(Debug, Default, Serialize)]
pub(crate) struct LeftOut {
    /// Their tool is not there any more.
    unknown_tool: u64,
    /// Their tool changes something, or calls others: its answers are never kept.
    not_cacheable: u64,
    /// Their parameters were not recorded.
    without_params: u64,
    /// Their parameters hold a secret, which is not recorded.
    with_secrets: u64,
    /// They were refused before the cache was asked, or asked the cache alone.
    refused: u64,
}

fn advise(pattern: Option<&str>, session: &Session) -> Result<Exit, CliError> {
    pattern.map_or(Ok(()), |pattern| check_pattern(pattern, session))?;
    let mut advisor = Advisor::new(session.runner.cache().policy().clone());
    let left_out = record(session, &mut advisor);
    let mut advice = advisor.advise();
    let notes = notes(&advice, &left_out);
    advice.tools.retain(|tool| pattern.is_none_or(|pattern| fits(pattern, tool.tool.as_str())));
    let told = |advice: &Advice| advice.tools.iter().any(|tool| !is_silent(tool.advice));
    let exit = if told(&advice) { Exit::Done } else { Exit::Empty };
    session.screen.show(&Answer { advice, left_out, notes }, advice::advice)?;
    Ok(exit)
}

/// Tells the advisor of every call that is remembered, of this tenant.
fn record(session: &Session, advisor: &mut Advisor) -> LeftOut {
    let mut left_out = LeftOut::default();
    let filter = TraceFilter::tenant(session.tenant.as_str());
    for trace in session.runner.tracer().recent(&filter) {
        let Ok(tool) = session.runner.registry().resolve(trace.tool.as_str()) else {
            left_out.unknown_tool += 1;
            continue;
        };
        let Some(ending) = ending(&trace) else {
            left_out.refused += 1;
            continue;
        };
        let call = PastCall::new(tool.spec(), &trace.tenant, &trace.principal, trace.params.as_ref())
            .timed(trace.started_at, trace.duration)
            .ended(ending, trace.result_bytes);
        match advisor.record(&call) {
            Ok(()) => {}
            Err(Unusable::NoParams) => left_out.without_params += 1,
            Err(Unusable::Secret) => left_out.with_secrets += 1,
            Err(_) => left_out.not_cacheable += 1,
        }
    }
    left_out
}

/// Returns how a call was answered; `None` if it never got so far that an answer could have been kept.
fn ending(trace: &ToolExecutionTrace) -> Option<Ending> {
    match (trace.error_kind, trace.origin) {
        (Some(ErrorKind::InvalidParams | ErrorKind::UnknownTool | ErrorKind::Denied | ErrorKind::NotCached), _) => None,
        (Some(_), _) => Some(Ending::Failed),
        (None, Origin::Hit | Origin::Stale) => Some(Ending::Cached),
        (None, Origin::Shared) => Some(Ending::Shared),
        (None, _) => Some(Ending::Executed),
    }
}

fn is_silent(advice: Recommendation) -> bool {
    matches!(advice, Recommendation::TooFew { .. })
}

/// Says whether a name falls under a pattern: the name itself, or its beginning and a `*`.
fn fits(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |begin| name.starts_with(begin))
}

fn check_pattern(pattern: &str, session: &Session) -> Result<(), CliError> {
    let tools = session.runner.registry().tools();
    let names: Vec<&str> = tools.iter().map(|tool| tool.spec().name().as_str()).collect();
    if names.iter().any(|name| fits(pattern, name)) {
        return Ok(());
    }
    let near = nearest(pattern.trim_end_matches('*'), names.iter().copied(), 3);
    Err(CliError::bad_input(format!("no tool is called `{pattern}`")).with_suggestions(near))
}

/// The share of calls, in percent, by which a replay may miss what was observed without a word.
const POINT: f64 = 1.0;

fn notes(advice: &Advice, left_out: &LeftOut) -> Vec<String> {
    let mut notes = Vec::new();
    let (seen, replayed) = (advice.observed.percent(), advice.replayed.percent());
    if (seen - replayed).abs() > POINT {
        notes.push(format!(
            "Under the settings in force the replay gives {replayed:.0} % where {seen:.0} % were observed: traces know \
             nothing of invalidations, of calls past the cache, of other estates, of other settings at the time. Take \
             the rest with care."
        ));
    }
    if advice.tools.iter().any(|tool| tool.load.is_none()) {
        notes.push("Where no run is remembered, how long one takes is unknown, and no time is counted.".to_owned());
    }
    let counts = [
        (left_out.with_secrets, "secrets are not recorded, so that different questions look alike"),
        (left_out.without_params, "their parameters were not recorded"),
        (left_out.unknown_tool, "their tool is not there"),
        (left_out.refused, "refused before the cache was asked, or asked of the cache alone"),
    ];
    let told = counts.iter().filter(|(count, _)| *count > 0);
    notes.extend(told.map(|(count, why)| format!("Calls left out: {count} ({why}).")));
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pattern_is_a_name_or_a_beginning() {
        assert!(fits("ci.get", "ci.get") && fits("ci.*", "ci.get") && fits("*", "ci.get"));
        assert!(!fits("ci.get", "ci.get_by_code") && !fits("graph.*", "ci.get"));
    }
}
