//! `runner investigate`: who is the probable cause?

use std::path::Path;

use ops_tools::{
    AlertSubject, CiHint, EvidenceLine, Investigation, MetricList, Resolution, format_instant, parse_instant,
};
use runner::tool_core::{Params, ToolError, nearest};
use serde_json::{Value, json};

use crate::{
    cli,
    exit::{CliError, Exit},
    params::{read_file, read_stdin},
    render::investigation,
    session::Session,
};

/// How long after an alert its effects are looked at, where the data goes that far, in seconds: an answer then has more
/// to go by than one at the alert's own moment.
const AFTER_ALERT: i64 = 15 * 60;

/// The least severity of an event that counts as an alert.
const ALERT_SEVERITY: u8 = 4;

/// What is to be investigated.
struct Question {
    ci: String,
    metric: Option<String>,
    at: Option<i64>,
    /// Who says so, for messages.
    at_from: String,
    /// The call that found the alert, if one did.
    found_by: Option<EvidenceLine>,
}

/// Runs the command.
pub(crate) async fn run(args: &cli::Investigate, session: &Session) -> Result<Exit, CliError> {
    let summary = session.estate.summary(&session.tenant).await.map_err(ToolError::from)?;
    if summary.items == 0 {
        return Err(CliError::bad_input(format!("the estate is empty: {} holds no item", summary.origin)));
    }
    let mut question = match args.subject.as_deref() {
        None => match newest_alert(session).await? {
            Some(question) => question,
            None => return no_alert(session),
        },
        Some(text) => from_subject(text)?,
    };
    if let Some(at) = &args.at {
        let bad = |reason| CliError::bad_input(format!("--at {at}: expected {reason}"));
        (question.at, question.at_from) = (Some(parse_instant(at).map_err(bad)?), format!("--at {at}"));
    }
    if args.metric.is_some() {
        question.metric.clone_from(&args.metric);
    }
    check(&question, session).await?;
    let run = session.runner.run("investigate", question.params(), session.context()).await?;
    let mut answer = Investigation::from_run(&run)?;
    if let Some(call) = question.found_by {
        answer = answer.with_call(call);
    }
    session.screen.show(&answer, |answer, screen| investigation(answer, &session.options, screen))?;
    Ok(exit(&answer))
}

/// Says how a command ends that gives this answer.
pub(crate) fn exit(answer: &Investigation) -> Exit {
    match (answer.complete, answer.verdict.as_str()) {
        (false, _) => Exit::Partial,
        (true, "nothing_abnormal") => Exit::Empty,
        (true, _) => Exit::Done,
    }
}

fn no_alert(session: &Session) -> Result<Exit, CliError> {
    let answer = json!({"verdict": "no_alert", "suspects": [], "calls": {"total": 1}});
    session
        .screen
        .show(&answer, |_, _| "No alert in the estate: name an item, as in `runner investigate CODE`;\n`runner call ci.list_preview` lists them.\n".to_owned())?;
    Ok(Exit::Empty)
}

impl Question {
    fn params(&self) -> Params {
        let mut params = json!({"ci": self.ci});
        if let Some(metric) = &self.metric {
            params["metric"] = json!(metric);
        }
        if let Some(at) = self.at {
            params["at"] = json!(format_instant(at));
        }
        params.as_object().cloned().unwrap_or_default().into()
    }
}

/// Takes a file for an alert and anything else for an item.
fn from_subject(text: &str) -> Result<Question, CliError> {
    let alert = match text {
        "-" => Some(("standard input", read_stdin()?)),
        path if path.ends_with(".json") || Path::new(path).is_file() => Some((path, read_file(path)?)),
        _ => None,
    };
    let Some((name, document)) = alert else {
        return Ok(Question { ci: text.to_owned(), metric: None, at: None, at_from: String::new(), found_by: None });
    };
    let alert = AlertSubject::parse(&document).map_err(|reason| CliError::bad_input(format!("{name}: {reason}")))?;
    let at_from = alert.at.map(|at| format!("{name}: `startsAt` {}", format_instant(at))).unwrap_or_default();
    Ok(Question { ci: alert.ci, metric: alert.metric, at: alert.at, at_from, found_by: None })
}

/// Refuses a time outside the data and a metric that nobody knows, before anything runs.
async fn check(question: &Question, session: &Session) -> Result<(), CliError> {
    let summary = session.estate.summary(&session.tenant).await.map_err(ToolError::from)?;
    if let (Some(at), Some(data)) = (question.at, summary.data)
        && !(data.from < at && at <= data.to)
    {
        let (from, to) = (format_instant(data.from), format_instant(data.to));
        return Err(CliError::bad_input(format!(
            "{} lies outside the data, which goes from {from} to {to}",
            question.at_from
        )));
    }
    let item = item(&question.ci, session).await?;
    match &question.metric {
        Some(metric) => check_metric(metric, &item, session).await,
        None => Ok(()),
    }
}

/// Finds the one item of this code, id or name.
async fn item(name: &str, session: &Session) -> Result<CiHint, CliError> {
    let codes = |items: Vec<CiHint>| items.into_iter().map(|item| item.ci_code).collect::<Vec<_>>();
    match session.estate.resolve(&session.tenant, name).await.map_err(ToolError::from)? {
        Resolution::Exact(item) => Ok(item),
        Resolution::Ambiguous(all) => {
            let codes = codes(all).join(", ");
            Err(CliError::bad_input(format!("several items are called `{name}`; name one by its code: {codes}")))
        }
        Resolution::Unknown(near) => {
            let unknown = CliError::bad_input(format!("no item has the code, id or name `{name}`"));
            Err(unknown.with_suggestions(codes(near)))
        }
        _ => Err(CliError::failed(format!("`{name}` cannot be looked up"))),
    }
}

/// Refuses a metric that the estate does not know, or that the item never had.
async fn check_metric(metric: &str, item: &CiHint, session: &Session) -> Result<(), CliError> {
    let known = session.estate.metric_defs(&session.tenant).await.map_err(ToolError::from)?;
    if !known.iter().any(|def| def.name == metric) {
        return Err(no_metric("no metric is called", metric, known.iter().map(|def| def.name.as_str())));
    }
    let mut of_item = MetricList::default();
    (of_item.ci_id, of_item.limit) = (Some(item.ci_id.clone()), u32::MAX);
    let measured = session.estate.list_metrics(&session.tenant, of_item).await.map_err(ToolError::from)?;
    if measured.rows.is_empty() || measured.rows.iter().any(|info| info.def.name == metric) {
        return Ok(());
    }
    let names = measured.rows.iter().map(|info| info.def.name.as_str());
    Err(no_metric(&format!("{} has no metric called", item.ci_code), metric, names))
}

fn no_metric<'a>(what: &str, metric: &str, known: impl Iterator<Item = &'a str> + Clone) -> CliError {
    let near = nearest(metric, known.clone(), 3);
    let near = if near.is_empty() { known.take(8).map(str::to_owned).collect() } else { near };
    CliError::bad_input(format!("{what} `{metric}`")).with_suggestions(near)
}

/// Finds the newest alert of the estate, and looks at it a little later, where the data goes that far.
async fn newest_alert(session: &Session) -> Result<Option<Question>, CliError> {
    let summary = session.estate.summary(&session.tenant).await.map_err(ToolError::from)?;
    // All of the data: what is normal may have been measured long after the incident.
    let Some(data) = summary.data else { return Ok(None) };
    let whole = json!({"from": format_instant(data.from), "to": format_instant(data.to)});
    let asked = json!({"min_severity": ALERT_SEVERITY, "time_range": whole, "limit": 1});
    let params = Params::try_from(asked.clone())?;
    let output = session.runner.call("history.event_log", params, session.context()).await?;
    let rows = output.payload.value()["rows"].as_array().map_or(&[][..], Vec::as_slice);
    let Some(alert) = rows.first() else { return Ok(None) };
    let found_by = EvidenceLine::new("history.event_log", asked, &output.report, rows.len() as u64);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let raised = parse_instant(&text(&alert["time"])).ok();
    Ok(Some(Question {
        ci: text(&alert["ci_code"]),
        metric: alert["attributes"]["metric"].as_str().map(str::to_owned),
        at: raised.map(|raised| (raised + AFTER_ALERT).min(data.to)),
        at_from: "the alert".to_owned(),
        found_by: Some(found_by),
    }))
}
