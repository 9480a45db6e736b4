//! `runner investigate`: who is the probable cause?

use std::path::Path;

use ops_tools::{AlertSubject, EvidenceLine, Investigation, format_instant, parse_instant};
use runner::tool_core::{Params, ToolError};
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
    /// The call that found the alert, if one did.
    found_by: Option<EvidenceLine>,
}

/// Runs the command.
pub(crate) async fn run(args: &cli::Investigate, session: &Session) -> Result<Exit, CliError> {
    let mut question = match args.subject.as_deref() {
        None => match newest_alert(session).await? {
            Some(question) => question,
            None => return no_alert(session),
        },
        Some(text) => from_subject(text)?,
    };
    if let Some(at) = &args.at {
        question.at = Some(parse_instant(at).map_err(|reason| CliError::bad_input(format!("--at {at}: {reason}")))?);
    }
    if args.metric.is_some() {
        question.metric.clone_from(&args.metric);
    }
    let run = session.runner.run("investigate", question.params(), session.context()).await?;
    let mut answer = Investigation::from_run(&run)?;
    if let Some(call) = question.found_by {
        answer = answer.with_call(call);
    }
    session.screen.show(&answer, investigation)?;
    Ok(exit(&answer))
}

fn exit(answer: &Investigation) -> Exit {
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
        .show(&answer, |_, _| "No alert in the estate: name an item, as in `runner investigate CODE`.\n".to_owned())?;
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
        return Ok(Question { ci: text.to_owned(), metric: None, at: None, found_by: None });
    };
    let alert = AlertSubject::parse(&document).map_err(|reason| CliError::bad_input(format!("{name}: {reason}")))?;
    Ok(Question { ci: alert.ci, metric: alert.metric, at: alert.at, found_by: None })
}

/// Finds the newest alert of the estate, and looks at it a little later, where the data goes that far.
async fn newest_alert(session: &Session) -> Result<Option<Question>, CliError> {
    let asked = json!({"min_severity": ALERT_SEVERITY, "time_range": "last_30d", "limit": 1});
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
        at: later(session, raised).await?,
        found_by: Some(found_by),
    }))
}

async fn later(session: &Session, raised: Option<i64>) -> Result<Option<i64>, CliError> {
    let summary =
        session.estate.summary(&session.tenant).await.map_err(|error| CliError::from(ToolError::from(error)))?;
    Ok(raised.map(|raised| (raised + AFTER_ALERT).min(summary.now())))
}
