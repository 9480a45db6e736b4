//! How does `investigate` do on the demo's own incidents?
//!
//! The alerted item may itself be the cause: it stands in the list at the place that the answer gives it.

use ops_tools::{demo, parse_instant};
use serde_json::json;

use super::desk::{Desk, Question, suspects_and_subject};
use super::document::{Calm, Document};
use super::each::each;
use super::score::{Graded, SetScore};
use crate::error::{Error, Result};

/// The least severity of an event that counts as an alert: as on the command line.
const ALERT_SEVERITY: u8 = 4;

/// How long after an alert it is looked at, where the data goes that far, in seconds: as on the command line.
const AFTER_ALERT: i64 = 15 * 60;

/// Judges the incidents of `count` seeds, those of at least four times the noise apart from the weaker ones.
///
/// # Errors
///
/// If an estate has no alert, or an alert gets no answer.
pub(super) fn judge(first: u64, count: u64) -> Result<Document> {
    let last = first.checked_add(count).ok_or("there are not that many seeds")?;
    let seeds: Vec<u64> = (first..last).collect();
    let graded: Vec<(bool, Graded)> = each(&seeds, |seed| grade(*seed)).into_iter().collect::<Result<_>>()?;
    let (strong, weak): (Vec<_>, Vec<_>) = graded.into_iter().partition(|(is_strong, _)| *is_strong);
    let cases = |set: Vec<(bool, Graded)>| set.into_iter().map(|(_, graded)| graded).collect();
    let sets = vec![SetScore::of("demo_strong", cases(strong)), SetScore::of("demo_weak", cases(weak))];
    Ok(Document::of(sets, Calm::default()))
}

/// Judges one incident; returns whether it is strong, too.
fn grade(seed: u64) -> Result<(bool, Graded)> {
    let simulated = demo(seed);
    let desk = Desk::open(&simulated.data)?;
    let got = suspects_and_subject(&desk.investigate(&newest_alert(&desk)?)?);
    let truth = simulated.incident;
    Ok((truth.is_strong(), Graded { case: format!("demo:{seed}"), wanted: truth.cause_code, got }))
}

/// Finds the newest alert of the estate, as the command line does when no item is named.
fn newest_alert(desk: &Desk) -> Result<Question> {
    let params = json!({"min_severity": ALERT_SEVERITY, "time_range": "last_30d", "limit": 1});
    let found = desk.call("history.event_log", params)?;
    let alert = &found["rows"][0];
    let missing = || Error::from("the estate holds no alert");
    let raised = parse_instant(alert["time"].as_str().ok_or_else(missing)?)?;
    Ok(Question {
        ci: alert["ci_code"].as_str().ok_or_else(missing)?.to_owned(),
        metric: alert["attributes"]["metric"].as_str().map(str::to_owned),
        at: (raised + AFTER_ALERT).min(desk.now()?),
        normal: None,
    })
}
