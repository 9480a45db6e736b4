//! How does `investigate` do on the faults of the Nezha data set?
//!
//! The alerted thing is the service that users see, and pods are the candidates; the list counts whatever the verdict,
//! since it names the least ordinary items too. Of a fault, only its time is read before it is answered.

use std::collections::BTreeMap;
use std::path::Path;

use ops_tools::{format_instant, import_nezha};
use serde::Deserialize;

use super::desk::{Desk, Question, suspects};
use super::document::{Calm, Document};
use super::score::{Graded, SetScore};
use super::{folders, gold, json};
use crate::error::Result;

/// The service that users see.
const SUBJECT: &str = "frontend";

/// How long after a fault it is looked at, in seconds.
const AFTER_FAULT: i64 = 180;

/// The importer cuts the times of rows to this, in seconds, so the moment is cut, too: a row that bears its minute may
/// have been written up to a minute later, and must not be seen before.
const CUT: i64 = 60;

/// How much of the time before the window is normal, in seconds.
const NORMAL: i64 = 3_600;

/// How much is looked at, in seconds: five rows, one a minute.
const WINDOW: i64 = 5 * 60;

/// All that is read of a fault before it is answered.
#[derive(Deserialize)]
struct FaultTime {
    inject_timestamp: String,
}

/// Judges every fault of a date, or of every date in a folder.
///
/// # Errors
///
/// If there is none, or one is not laid out as published.
pub(super) fn judge(dir: &Path) -> Result<Document> {
    let is_date = |dir: &Path| dir.join("fault_list.json").is_file();
    let dates = folders::matching(dir, is_date)?;
    let sets = dates.iter().map(|date| judge_date(date)).collect::<Result<_>>()?;
    Ok(Document::of(sets, Calm::default()))
}

fn judge_date(date: &Path) -> Result<SetScore> {
    let desk = Desk::open(&import_nezha(date, "nezha")?)?;
    let times = times(date)?;
    let answers = times.iter().map(|time| Ok(suspects(&desk.investigate(&question(*time))?)));
    let answers: Vec<Vec<String>> = answers.collect::<Result<_>>()?;
    let graded = times.iter().zip(answers).zip(gold::nezha(date)?);
    let graded = graded.map(|((time, got), wanted)| Graded { case: format_instant(*time), wanted, got });
    Ok(SetScore::of(folders::name(date), graded.collect()))
}

/// Reads when the faults of a date were injected, in Unix seconds: hours ascending, the faults of an hour as they stand.
fn times(date: &Path) -> Result<Vec<i64>> {
    let file = date.join("fault_list.json");
    let faults: BTreeMap<String, Vec<FaultTime>> = json::read(&file)?;
    let time = |fault: FaultTime| {
        let text = fault.inject_timestamp;
        text.parse().map_err(|_| format!("{}: {text:?} is not a time in Unix seconds", file.display()).into())
    };
    faults.into_values().flatten().map(time).collect()
}

/// Asks about what users see, as it was known three minutes after a fault, against the hour before the window.
fn question(fault: i64) -> Question {
    let at = (fault + AFTER_FAULT).div_euclid(CUT) * CUT;
    let from = at - WINDOW;
    Question { ci: SUBJECT.to_owned(), metric: None, at, normal: Some((from - NORMAL, from)) }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::path::PathBuf;

    use ops_tools::EstateData;

    use super::*;

    #[test]
    fn question_sees_no_later_row() {
        // Injected at 12:01:25; a row written at 12:04:28 bears 12:04:00 and lies outside a window that ends there.
        let asked = question(1_661_256_085);
        assert_eq!(format_instant(asked.at), "2022-08-23T12:04:00Z");
        let normal = asked.normal.map(|(from, to)| [from, to].map(format_instant));
        assert_eq!(normal, Some(["2022-08-23T10:59:00Z".to_owned(), "2022-08-23T11:59:00Z".to_owned()]));
    }

    #[test]
    fn only_the_time_of_a_fault_is_read() {
        let date = tempfile::tempdir().unwrap();
        let faults = r#"{"13": [{"inject_timestamp": "7"}], "12": [{"inject_timestamp": "5", "inject_pod": "a"}, {"inject_timestamp": "6"}]}"#;
        std::fs::write(date.path().join("fault_list.json"), faults).unwrap();
        assert_eq!(times(date.path()).unwrap(), [5, 6, 7]);
    }

    #[test]
    fn what_comes_later_changes_nothing() {
        let Some(date) = data("ops/nezha/2022-08-23") else { return };
        let whole = import_nezha(&date, "nezha").unwrap();
        let asked = question(1_661_256_085 + 3_600);
        let mut known = whole.clone();
        // One row at the moment itself stays, outside the window, since an estate answers up to where its data ends.
        known.series.iter_mut().for_each(|series| series.points.retain(|(time, _)| *time <= asked.at));
        let answer = |data: &EstateData| suspects(&Desk::open(data).unwrap().investigate(&asked).unwrap());
        assert!(!answer(&whole).is_empty());
        assert_eq!(answer(&known), answer(&whole));
    }

    /// Returns the folder `part` of the data sets, or says that the test is skipped; `RUNNER_REQUIRE_DATA=1` turns the skip
    /// into a failure.
    fn data(part: &str) -> Option<PathBuf> {
        let found =
            std::env::var_os("RUNNER_DATA").map(|root| PathBuf::from(root).join(part)).filter(|dir| dir.is_dir());
        let required = std::env::var_os("RUNNER_REQUIRE_DATA").is_some_and(|value| value == "1");
        assert!(found.is_some() || !required, "RUNNER_REQUIRE_DATA=1, but $RUNNER_DATA/{part} is not a folder");
        if found.is_none() {
            // Not `eprintln!`, which the test harness would swallow.
            std::io::stderr().write_all(format!("SKIPPED: $RUNNER_DATA/{part} is not a folder\n").as_bytes()).unwrap();
        }
        found
    }
}
