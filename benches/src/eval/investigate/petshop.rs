//! How does `investigate` do on the incidents of the PetShop data set, and on windows of normal operation?
//!
//! It sees the call graph, the normal period, five rows and which metric of which item fired. The alerted item is no
//! candidate. Windows of normal operation look the same, but for where the five rows come from.

use std::ops::Range;
use std::path::{Path, PathBuf};

use ops_tools::{Investigation, PetShop, PetShopAlert, PetShopTable};

use super::desk::{Desk, Question, is_alarm, suspects};
use super::document::{Calm, Document};
use super::each::each;
use super::scenario::{self, Scenario};
use super::score::{Graded, SetScore};
use super::windows::{shares, windows};
use super::{folders, gold};
use crate::error::{Result, with_causes};

/// The tenant that the estates belong to; any will do.
const TENANT: &str = "petshop";

/// Judges every incident of a scenario, or of every scenario in a folder, and `count` windows of their normal periods.
///
/// # Errors
///
/// If there is no incident, a file is not as published, or a window gets no answer.
pub(super) fn judge(dir: &Path, baseline: Option<&Path>, count: usize) -> Result<Document> {
    let scenarios = scenario::open_all(dir, baseline)?;
    let sets = scenarios.iter().map(judge_incidents).collect::<Result<_>>()?;
    let calm: Vec<&Scenario> = scenarios.iter().filter(|scenario| scenario.holds.baseline().is_some()).collect();
    let mut seen = Calm::default();
    for (number, (scenario, share)) in calm.iter().zip(shares(count, calm.len())).enumerate() {
        let part = judge_windows(scenario, share, number)?;
        seen = Calm { windows: seen.windows + part.windows, alarms: seen.alarms + part.alarms };
    }
    Ok(Document::of(sets, seen))
}

fn judge_incidents(scenario: &Scenario) -> Result<SetScore> {
    let answers = each(&scenario.incidents, |incident| answer_incident(scenario, incident));
    let graded = scenario.incidents.iter().zip(answers).map(|(incident, answer)| {
        let case = folders::within(&scenario.dir, incident);
        let got = answer.map(|answer| suspects(&answer)).unwrap_or_else(|error| {
            eprintln!(
                "warning: {} {case} has no answer, which counts as a miss: {}",
                scenario.name,
                with_causes(&*error)
            );
            Vec::new()
        });
        Ok(Graded { case, wanted: gold::petshop(incident)?, got })
    });
    Ok(SetScore::of(scenario.name.clone(), graded.collect::<Result<_>>()?))
}

fn answer_incident(scenario: &Scenario, incident: &Path) -> Result<Investigation> {
    let alert = PetShopAlert::read(&incident.join("target.json"))?;
    answer(&scenario.holds, PetShopTable::read(&incident.join("metrics.csv"))?, &alert)
}

/// Asks about windows of normal operation, each left out of its own normal period, as the incidents' alerts ask in turn.
fn judge_windows(scenario: &Scenario, count: usize, number: usize) -> Result<Calm> {
    let Some(baseline) = scenario.holds.baseline() else { return Ok(Calm::default()) };
    let alerts: Vec<PetShopAlert> = scenario
        .incidents
        .iter()
        .map(|dir: &PathBuf| Ok(PetShopAlert::read(&dir.join("target.json"))?))
        .collect::<Result<_>>()?;
    let asked: Vec<(Range<usize>, &PetShopAlert)> =
        windows(baseline.len(), count, number).into_iter().zip(alerts.iter().cycle()).collect();
    let answers = each(&asked, |(rows, alert)| {
        let without = scenario.holds.clone().with_baseline(baseline.without_rows(rows.clone()));
        Ok(is_alarm(&answer(&without, baseline.rows(rows.clone()), alert)?))
    });
    let alarms = answers.into_iter().collect::<Result<Vec<bool>>>()?;
    Ok(Calm { windows: alarms.len(), alarms: alarms.into_iter().filter(|alarm| *alarm).count() })
}

/// Asks about `rows` beside a scenario's graph and normal period, at the end of the last of them.
fn answer(scenario: &PetShop, rows: PetShopTable, alert: &PetShopAlert) -> Result<Investigation> {
    let (_, at) = rows.period().ok_or("the incident has no rows")?;
    let question = Question { ci: alert.node.clone(), metric: Some(alert.metric_name()), at, normal: None };
    Desk::open(&scenario.clone().with_incident(rows).to_estate(TENANT)?)?.investigate(&question)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "microservice,shop,shop,api,api,db,db\nmetric,latency,requests,latency,requests,latency,requests\n\
                          statistic,Average,Sum,Average,Sum,Average,Sum\nunix_timestamp,,,,,,\n";

    /// Returns a table of `rows` from `start`, in which the database, and all that waits for it, takes `extra` seconds
    /// longer.
    fn table(start: usize, rows: usize, extra: f64) -> String {
        let row = |number: usize| {
            let db = 0.1 + 0.001 * ((number * 7) % 5) as f64 + extra;
            format!("{}.0,{},100,{},100,{db},100\n", start + 300 * number, db + 0.2, db + 0.1)
        };
        HEADER.to_owned() + &(0..rows).map(row).collect::<String>()
    }

    /// Writes a scenario whose database is slow in one incident; its answer file says `cause`.
    fn scenario(cause: &str) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let file = dir.path().join("small").join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        };
        write("graph.csv", ",shop,api,db\nshop,0,1,0\napi,0,0,1\ndb,0,0,0\n");
        write("noissue/metrics.csv", &table(3_000_000, 120, 0.0));
        write("test/issue_0/metrics.csv", &table(600_000, 5, 2.0));
        let alert = r#"{"node": "shop", "metric": "latency", "agg": "Average", "timestamp": 601200}"#;
        write("test/issue_0/target.json", &format!(r#"{{"target": {alert}, "root_cause": {{"node": "{cause}"}}}}"#));
        dir
    }

    #[test]
    fn slow_database_is_found_and_calm_is_calm() {
        let document = judge(scenario("db").path(), None, 10).unwrap();
        assert_eq!((document.sets[0].name.as_str(), document.cases, document.top1, document.top3), ("small", 1, 1, 1));
        assert_eq!(document.normal_windows, 10);
    }

    #[test]
    fn right_answer_does_not_change_what_is_named() {
        let named = |cause: &str| judge(scenario(cause).path(), None, 10).unwrap().sets.remove(0).misses.remove(0).got;
        assert_eq!(named("api"), named("no such node"));
        assert_eq!(named("api").first().map(String::as_str), Some("db"));
    }

    #[test]
    fn normal_period_can_be_borrowed() {
        let (lender, borrower) = (scenario("db"), scenario("db"));
        std::fs::remove_dir_all(borrower.path().join("small/noissue")).unwrap();
        std::fs::remove_file(borrower.path().join("small/graph.csv")).unwrap();
        let expected = judge(lender.path(), None, 10).unwrap();
        for baseline in ["small/noissue", "small"] {
            let borrowed = judge(borrower.path(), Some(&lender.path().join(baseline)), 10).unwrap();
            assert_eq!(borrowed, expected);
        }
    }
}
