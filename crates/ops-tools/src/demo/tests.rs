//! Claims about whole estates; what is expected comes from the records alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::json;

use super::{DEMO_SEED, DemoEstate, demo};
use crate::cep::{Inputs, simulate};
use crate::estate::{EstateData, Event, Rule, Series};

const END: i64 = 1_780_315_200; // 2026-06-01T12:00:00Z
const SEEDS: u64 = 12;
const DEPENDENCIES: [&str; 4] = ["DEPENDS_ON", "RUNS_ON", "USES", "COMPOSED_OF"];

static ESTATES: LazyLock<Vec<DemoEstate>> = LazyLock::new(|| (0..SEEDS).chain([DEMO_SEED]).map(demo).collect());

fn each(check: impl Fn(&DemoEstate)) {
    ESTATES.iter().for_each(check);
}

/// Steps along dependencies from an item to everything that it needs.
fn hops(data: &EstateData, from: &str) -> BTreeMap<String, usize> {
    let mut hops = BTreeMap::from([(from.to_owned(), 0)]);
    for distance in 1.. {
        let next: Vec<String> = data
            .relations
            .iter()
            .filter(|relation| DEPENDENCIES.contains(&relation.rel_type.as_str()))
            .filter(|relation| hops.get(&relation.source) == Some(&(distance - 1)))
            .filter(|relation| !hops.contains_key(&relation.target))
            .map(|relation| relation.target.clone())
            .collect();
        if next.is_empty() {
            break;
        }
        hops.extend(next.into_iter().map(|item| (item, distance)));
    }
    hops
}

#[track_caller]
fn id(data: &EstateData, code: &str) -> String {
    data.cis.iter().find(|ci| ci.ci_code == code).expect("the item exists").ci_id.clone()
}

#[track_caller]
fn series<'a>(data: &'a EstateData, ci_id: &str, metric: &str) -> &'a Series {
    data.series.iter().find(|series| series.ci_id == ci_id && series.metric == metric).expect("the series exists")
}

/// How far the last twenty minutes are from the same time on earlier days, and the noise of such a mean, both in times
/// the noise of single rows.
fn shift(series: &Series) -> (f64, f64) {
    let day = 86_400;
    let before: Vec<(i64, f64)> = series.points.iter().filter(|(time, _)| *time < END - 7_200).copied().collect();
    let usual = |time: i64| {
        let near = |at: &i64| (at - time + day / 2).rem_euclid(day) - day / 2;
        median(before.iter().filter(|(at, _)| near(at).abs() <= 300).map(|point| point.1).collect())
    };
    let noise = 1.4826 * median(before.iter().step_by(5).map(|(time, value)| (value - usual(*time)).abs()).collect());
    let last = &series.points[series.points.len() - 4..];
    let shift = last.iter().map(|(time, value)| (value - usual(*time)) / noise).sum::<f64>() / 4.0;
    // Up to one for autocorrelated noise, and the usual value is itself a median of twenty rows.
    (shift.abs(), 1.1)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[test]
fn same_seed_gives_the_same_estate() {
    assert_eq!(demo(3), ESTATES[3]);
    assert_ne!(ESTATES[3].data, ESTATES[4].data);
}

#[test]
fn items_and_relations_are_valid() {
    let data = &ESTATES[0].data;
    let subtypes = [
        ("SYSTEM", vec!["business_system", "control_system", "monitoring_system"]),
        ("HW", vec!["server", "network", "storage", "security"]),
        ("SW", vec!["os", "db", "was", "web", "app"]),
    ];
    let fits = |kind: &str, sub: &str| subtypes.iter().any(|(of, subs)| *of == kind && subs.contains(&sub));
    let ids: BTreeSet<&str> = data.cis.iter().map(|ci| ci.ci_id.as_str()).collect();
    assert!(data.cis.len() >= 40 && ids.len() == data.cis.len());
    assert!(data.cis.iter().all(|ci| fits(&ci.ci_type, &ci.ci_subtype)));
    let distinct: BTreeSet<_> = data.relations.iter().collect();
    assert_eq!(distinct.len(), data.relations.len());
    for relation in &data.relations {
        assert!(ids.contains(relation.source.as_str()) && ids.contains(relation.target.as_str()), "{relation:?}");
    }
    let kinds: BTreeSet<&str> = data.relations.iter().map(|relation| relation.rel_type.as_str()).collect();
    assert_eq!(kinds.len(), 7, "{kinds:?}");
}

#[test]
fn databases_are_deep_below_the_entrance() {
    let data = &ESTATES[0].data;
    let hops = hops(data, &id(data, "lb-edge"));
    assert!(hops[&id(data, "db-payment")] >= 4);
    assert!(hops[&id(data, "ext-psp")] >= 6);
}

#[test]
fn records_name_items_of_the_estate() {
    each(|estate| {
        let data = &estate.data;
        let ids: BTreeSet<&str> = data.cis.iter().map(|ci| ci.ci_id.as_str()).collect();
        let metrics: BTreeSet<&str> = data.metrics.iter().map(|metric| metric.name.as_str()).collect();
        assert!(data.events.iter().all(|event| ids.contains(event.ci_id.as_str())));
        assert!(data.work.iter().all(|work| ids.contains(work.ci_id.as_str())));
        assert!(data.series.iter().all(|s| ids.contains(s.ci_id.as_str()) && metrics.contains(s.metric.as_str())));
        assert!(data.events.is_sorted_by_key(|event| event.time) && data.work.is_sorted_by_key(|work| work.start));
        assert!(data.events.iter().all(|event| (END - 7 * 86_400..END).contains(&event.time)));
        assert!(data.events.iter().all(|event| (1..=5).contains(&event.severity)));
    });
}

#[test]
fn series_cover_the_week_with_few_gaps() {
    each(|estate| {
        let rows: usize = estate.data.series.iter().map(|series| series.points.len()).sum();
        assert!((400_000..500_000).contains(&rows), "{rows} rows");
        for series in &estate.data.series {
            let points = &series.points;
            assert!(points.len() > 1_950 && points.len() <= 2_016);
            assert!(points.is_sorted_by(|a, b| a.0 < b.0) && points.iter().all(|(time, _)| time % 300 == 0));
            assert!(points.iter().all(|(_, value)| value.is_finite() && *value >= 0.0), "{}", series.metric);
            assert_eq!(points[points.len() - 1].0, END - 300);
            assert!(points[points.len() - 24..].windows(2).all(|pair| pair[1].0 - pair[0].0 == 300));
        }
        assert!(estate.data.series.iter().any(|series| series.points.len() < 2_016));
    });
}

#[test]
fn percentages_stay_percentages() {
    each(|estate| {
        let percent = |name: &str| estate.data.metrics.iter().any(|m| m.name == name && m.unit == "percent");
        let shares = estate.data.series.iter().filter(|series| percent(&series.metric));
        assert!(shares.flat_map(|series| &series.points).all(|(_, value)| (0.0..=100.0).contains(value)));
    });
}

#[test]
fn cause_moves_by_the_stated_magnitude() {
    each(|estate| {
        let incident = &estate.incident;
        let (shift, noise) = shift(series(&estate.data, &incident.cause, &incident.metric));
        let slack = 2.0 * noise + 0.2 * incident.magnitude;
        assert!((shift - incident.magnitude).abs() < slack, "{}: {shift}, stated {incident:?}", estate.data.origin);
        assert!((2.0..30.5).contains(&incident.magnitude));
    });
}

#[test]
fn alerted_item_needs_the_cause() {
    each(|estate| {
        let (incident, data) = (&estate.incident, &estate.data);
        let hops = hops(data, &incident.alert.ci_id);
        assert_eq!(hops.get(&incident.cause), Some(&incident.alert.hops), "{}", data.origin);
        assert!(incident.alert.hops <= 5);
        assert!(incident.alert.magnitude > 1.0, "{}: {incident:?}", data.origin);
    });
}

#[test]
fn newest_severe_event_is_the_alert() {
    each(|estate| {
        let alert = &estate.incident.alert;
        let severe = |event: &&Event| event.severity >= 4;
        let newest = estate.data.events.iter().rfind(severe).expect("there is an alert");
        assert_eq!((newest.ci_id.as_str(), newest.time), (alert.ci_id.as_str(), alert.time));
        assert_eq!(newest.attributes["metric"], alert.metric.as_str());
        assert!(newest.attributes["value"].is_number() && newest.attributes["threshold"].is_number());
        let lately = estate.data.events.iter().filter(severe).filter(|event| event.time > END - 6 * 3_600);
        assert_eq!(lately.count(), 1);
        assert!(alert.time > estate.incident.onset + 1_200);
    });
}

#[test]
fn bad_deployment_is_one_of_several_changes() {
    each(|estate| {
        let incident = &estate.incident;
        let lately = |event: &&Event| event.time > incident.onset - 3_600 && event.time <= incident.onset;
        let changes: Vec<&Event> = estate
            .data
            .events
            .iter()
            .filter(lately)
            .filter(|event| ["deployment", "config_change"].contains(&event.event_type.as_str()))
            .collect();
        let at_cause = changes.iter().filter(|event| event.ci_id == incident.cause).count();
        let expected = usize::from(incident.kind.as_str() == "bad_deployment");
        assert_eq!(at_cause, expected, "{}: {changes:?}", estate.data.origin);
        assert_eq!(changes.len(), 2 + expected);
    });
}

#[test]
fn no_record_states_the_truth() {
    let forbidden = ["root cause", "root_cause", "incident", "culprit", "decoy", "fault_", "injected"];
    let kinds = ["slow_query", "error_burst", "memory_leak", "cpu_hog", "bad_deployment", "traffic_surge"];
    each(|estate| {
        let data = &estate.data;
        let texts = [
            serde_json::to_string(&data.cis),
            serde_json::to_string(&data.events),
            serde_json::to_string(&data.work),
            serde_json::to_string(&data.rules),
        ];
        for text in texts.map(|text| text.unwrap().to_lowercase()) {
            let found = forbidden.iter().chain(&kinds).find(|word| text.contains(**word));
            assert_eq!(found, None, "{}", data.origin);
        }
    });
}

#[test]
fn rules_raised_the_alarms() {
    each(|estate| {
        let rules: BTreeSet<&str> = estate.data.rules.iter().map(|rule| rule.rule_id.as_str()).collect();
        for alarm in estate.data.events.iter().filter(|event| event.event_type == "threshold_alarm") {
            let rule = alarm.attributes["rule_id"].as_str().expect("a rule raised it");
            assert!(rules.contains(rule), "{rule}");
            let (value, threshold) = (&alarm.attributes["value"], &alarm.attributes["threshold"]);
            assert_ne!(value, threshold);
        }
    });
}

#[test]
fn default_estate_is_an_obvious_deep_incident() {
    let incident = &ESTATES[ESTATES.len() - 1].incident;
    assert_eq!(incident.kind.to_string(), "bad_deployment");
    assert!(incident.magnitude > 20.0 && incident.alert.magnitude > 20.0);
    assert_eq!(incident.alert.hops, 4);
    assert!(incident.is_strong());
}

#[test]
fn simulated_rules_agree_with_alarms() {
    let data = &ESTATES[ESTATES.len() - 1].data;
    let alarms = data.events.iter().filter(|event| event.event_type == "threshold_alarm" && event.severity < 4);
    let mut checked = 0;
    for alarm in alarms {
        let rule = data.rules.iter().find(|rule| alarm.attributes["rule_id"] == rule.rule_id.as_str()).unwrap();
        let metric = alarm.attributes["metric"].as_str().unwrap();
        let at = alarm.time - 20;
        let points = &series(data, &alarm.ci_id, metric).points;
        let rows: Vec<&(i64, f64)> = points.iter().filter(|(time, _)| (at - 1_800..=at).contains(time)).collect();
        let code = data.cis.iter().find(|ci| ci.ci_id == alarm.ci_id).map(|ci| ci.ci_code.clone());
        let inputs = Inputs {
            ci: json!({ "ci_code": code }),
            metric: json!({ metric: rows }),
            at: Some(at),
            ..Inputs::default()
        };
        let outcome = serde_json::to_value(simulate(rule, &inputs).unwrap()).unwrap();
        assert_eq!(outcome["simulation"]["triggered"], true, "{}: {outcome}", rule.rule_id);
        checked += 1;
    }
    assert!(checked >= 5);
    let readable = |rule: &Rule| simulate(rule, &Inputs::default()).is_ok();
    assert!(data.rules.iter().all(readable));
}
