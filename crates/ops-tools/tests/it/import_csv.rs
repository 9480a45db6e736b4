//! Does the documented directory of CSV files become the estate it describes, or a complaint that names the place?

use ops_tools::{Ci, EstateData, ImportErrorKind, MetricRole, SqliteEstate, WorkKind, import_csv};
use proptest::prelude::*;
use serde_json::json;

use crate::folder::{folder, write};

const CIS: &str = "ci_code,ci_id,ci_name,ci_type,ci_subtype,tags.role,attributes.version,attributes.cpu_cores\n\
                   shop,id-1,Web shop,SW,web,front,1.9,4\n\
                   orders,id-2,Orders,SW,db,,1.10,\n";

fn import(files: &[(&str, &str)]) -> EstateData {
    import_csv(folder(files).path(), "acme").unwrap()
}

/// Imports the files beside a good `cis.csv`, and compares the complaint without the folder's path.
#[track_caller]
fn check(file: &str, text: &str, kind: ImportErrorKind, expected: &str) {
    let dir = folder(&[("cis.csv", CIS)]);
    write(dir.path(), file, text);
    let error = import_csv(dir.path(), "acme").unwrap_err();
    let shown = error.to_string().replace(&format!("{}/", dir.path().display()), "");
    assert_eq!((error.kind(), shown.as_str()), (kind, expected));
}

#[test]
fn items_keep_tags_and_attributes() {
    let data = import(&[("cis.csv", CIS)]);
    assert_eq!((data.tenant.as_str(), data.origin.as_str(), data.cis.len()), ("acme", "csv", 2));
    let shop = &data.cis[0];
    assert_eq!((shop.ci_id.as_str(), shop.ci_name.as_str(), shop.status.as_str()), ("id-1", "Web shop", "active"));
    assert_eq!(shop.tags["role"], "front");
    assert!(data.cis[1].tags.is_empty(), "an empty cell is missing");
}

#[test]
fn versions_stay_text_counts_become_numbers() {
    let data = import(&[("cis.csv", CIS)]);
    assert_eq!(data.cis[0].attributes["version"], json!("1.9"));
    assert_eq!(data.cis[1].attributes["version"], json!("1.10"));
    assert_eq!(data.cis[0].attributes["cpu_cores"], json!(4));
}

#[test]
fn code_alone_describes_an_item() {
    let data = import(&[("cis.csv", "ci_code\nshop\n")]);
    let mut expected = Ci::new("shop", "shop");
    expected.ci_type = "SW".to_owned();
    expected.ci_subtype = "app".to_owned();
    assert_eq!(data.cis, [expected]);
}

#[test]
fn relations_name_items_by_code_or_id() {
    let relations = "source,rel_type,target\nshop,DEPENDS_ON,id-2\n";
    let data = import(&[("cis.csv", CIS), ("relations.csv", relations)]);
    assert_eq!((data.relations[0].source.as_str(), data.relations[0].target.as_str()), ("id-1", "id-2"));
}

#[test]
fn empty_value_is_missing_not_zero() {
    let metrics = "time,ci,metric,value\n2026-01-01T00:05:00Z,shop,latency,0.5\n1767225600,shop,latency,\n\
                   1767225600.0,orders,latency,0\n";
    let data = import(&[("cis.csv", CIS), ("metrics.csv", metrics)]);
    assert_eq!(data.series.len(), 2);
    assert_eq!(data.series[0].points, [(1_767_225_900, 0.5)]);
    assert_eq!(data.series[1].points, [(1_767_225_600, 0.0)]);
}

#[test]
fn rows_may_come_in_any_order() {
    let metrics = "time,ci,metric,value\n300,shop,m,3\n100,shop,m,1\n200,shop,m,2\n";
    let data = import(&[("cis.csv", CIS), ("metrics.csv", metrics)]);
    assert_eq!(data.series[0].points, [(100, 1.0), (200, 2.0), (300, 3.0)]);
}

#[test]
fn stated_role_beats_the_name() {
    let metrics = "time,ci,metric,value,unit,role\n1,shop,latency,1,,\n2,shop,latency,1,ms,backlog\n";
    let data = import(&[("cis.csv", CIS), ("metrics.csv", metrics)]);
    assert_eq!((data.metrics[0].unit.as_str(), data.metrics[0].role), ("ms", MetricRole::Backlog));
}

#[test]
fn unstated_role_follows_the_name() {
    let metrics = "time,ci,metric,value\n1,shop,latency,1\n";
    let data = import(&[("cis.csv", CIS), ("metrics.csv", metrics)]);
    assert_eq!(data.metrics[0].role, MetricRole::Latency);
}

#[test]
fn events_and_work_come_oldest_first() {
    let events = "time,ci,event_type,severity,title,attributes.metric\n20,shop,deployment,1,b,\n\
                  10,shop,threshold_alarm,4,a,latency\n";
    let work =
        "ci,kind,work_type,summary,start,end\norders,work,patch,second,20,\norders,maintenance,backup,first,10,15\n";
    let data = import(&[("cis.csv", CIS), ("events.csv", events), ("work.csv", work)]);
    let titles: Vec<&str> = data.events.iter().map(|event| event.title.as_str()).collect();
    assert_eq!(titles, ["a", "b"]);
    assert_eq!((data.events[0].severity, &data.events[0].attributes["metric"]), (4, &json!("latency")));
    let order: Vec<_> = data.work.iter().map(|entry| (entry.kind, entry.start, entry.end)).collect();
    assert_eq!(order, [(WorkKind::Maintenance, 10, Some(15)), (WorkKind::Work, 20, None)]);
}

#[test]
fn rules_come_as_json() {
    let rules = r#"[{"rule_id": "slow", "trigger_type": "metric", "active": false,
        "trigger_spec": {"field": "metric.latency", "op": ">", "value": 1}},
        {"rule_id": "nightly", "rule_name": "Nightly", "trigger_type": "schedule", "trigger_spec": "0 3 * * *"}]"#;
    let data = import(&[("cis.csv", CIS), ("rules.json", rules)]);
    let read: Vec<_> = data.rules.iter().map(|rule| (rule.rule_name.as_str(), rule.active)).collect();
    assert_eq!(read, [("slow", false), ("Nightly", true)]);
}

#[test]
fn broken_rules_name_their_place() {
    check(
        "rules.json",
        "[{\n\"rule\": 1}]",
        ImportErrorKind::Malformed,
        "rules.json, line 2: not a list of rules: unknown field `rule`, expected one of `rule_id`, `rule_name`, \
         `trigger_type`, `trigger_spec`, `action_spec`, `active` at line 2 column 6",
    );
    check(
        "rules.json",
        r#"[{"rule_id": "r", "trigger_type": "event", "trigger_spec": {"field": "a", "op": ">"}}]"#,
        ImportErrorKind::Value,
        "rules.json: rule \"r\": trigger_spec: condition: `value` is missing",
    );
}

#[test]
fn estate_can_be_stored() {
    let metrics = "time,ci,metric,value\n300,shop,m,3\n100,shop,m,1\n";
    let data = import(&[
        ("cis.csv", CIS),
        ("metrics.csv", metrics),
        ("relations.csv", "source,rel_type,target\nshop,USES,orders\n"),
    ]);
    assert!(SqliteEstate::in_memory(&[data]).is_ok());
}

#[test]
fn byte_order_mark_is_no_name() {
    assert_eq!(import(&[("cis.csv", "\u{feff}ci_code\nshop\n")]).cis.len(), 1);
}

#[test]
fn bad_cells_name_their_place() {
    let value = ImportErrorKind::Value;
    check(
        "metrics.csv",
        "time,ci,metric,value\nyesterday,shop,m,1\n",
        value,
        "metrics.csv, line 2, column time: \"yesterday\" is not a time: RFC 3339 or Unix seconds",
    );
    check(
        "metrics.csv",
        "time,ci,metric,value\n1,shop,m,1\n2,shop,m,NaN\n",
        value,
        "metrics.csv, line 3, column value: \"NaN\" is not a finite number",
    );
    check(
        "metrics.csv",
        "time,ci,metric,value\n1,shop,m,1e999\n",
        value,
        "metrics.csv, line 2, column value: \"1e999\" is not a finite number",
    );
    check(
        "metrics.csv",
        "time,ci,metric,value\n1700000000000,shop,m,1\n",
        value,
        "metrics.csv, line 2, column time: \"1700000000000\" is not a time: RFC 3339 or Unix seconds",
    );
    check(
        "metrics.csv",
        "time,ci,metric,value\n1,shop,,1\n",
        value,
        "metrics.csv, line 2, column metric: empty; a value is required",
    );
    check(
        "events.csv",
        "time,ci,event_type,severity,title\n1,shop,x,6,t\n",
        value,
        "events.csv, line 2, column severity: \"6\" is not a whole number from 1 (information) to 5 (critical)",
    );
    check(
        "work.csv",
        "ci,kind,work_type,summary,start,end\nshop,work,x,s,20,10\n",
        value,
        "work.csv, line 2, column end: \"10\" is not at or after the start",
    );
    check(
        "relations.csv",
        "source,rel_type,target\nshop,DEPEND_ON,orders\n",
        value,
        "relations.csv, line 2, column rel_type: \"DEPEND_ON\" is not one of COMPOSED_OF, CONNECTED_TO, \
         DEPENDS_ON, DEPLOYED_ON, PROTECTED_BY, RUNS_ON, USES; did you mean \"DEPENDS_ON\"?",
    );
    check(
        "relations.csv",
        "source,rel_type,target\nshop,USES,shop\n",
        value,
        "relations.csv, line 2, column target: \"id-1\" is not another item than the source",
    );
    check(
        "cis.csv",
        "ci_code,ci_type,ci_subtype\na,HW,db\n",
        value,
        "cis.csv, line 2, column ci_subtype: \"db\" is not one of server, network, storage, security",
    );
}

#[test]
fn bad_headers_name_the_nearest_column() {
    let header = ImportErrorKind::Header;
    check(
        "events.csv",
        "time,ci,event_type,severty,title\n",
        header,
        "events.csv, line 1, column severty: not a column of this file; did you mean \"severity\"?",
    );
    check(
        "events.csv",
        "time,ci,event_type,title\n",
        header,
        "events.csv, line 1, column severity: missing from the header",
    );
    check("cis.csv", "ci_code,owner,owner\n", header, "cis.csv, line 1, column owner: given twice");
    check("metrics.csv", "", header, "metrics.csv, line 1, column time: missing from the header");
}

#[test]
fn duplicates_are_refused() {
    let duplicate = ImportErrorKind::Duplicate;
    check("cis.csv", "ci_code\na\na\n", duplicate, "cis.csv, line 3, column ci_code: \"a\" is given twice");
    check("cis.csv", "ci_code,ci_id\na,1\nb,1\n", duplicate, "cis.csv, line 3, column ci_id: \"1\" is given twice");
    check(
        "metrics.csv",
        "time,ci,metric,value\n1,shop,m,1\n1,id-1,m,2\n",
        duplicate,
        "metrics.csv, line 3, column time: m of id-1 has two values at this time",
    );
    check(
        "metrics.csv",
        "time,ci,metric,value,unit\n1,shop,m,1,s\n2,shop,m,2,ms\n",
        duplicate,
        "metrics.csv, line 3, column unit: an earlier row says otherwise about this metric's unit",
    );
    check(
        "relations.csv",
        "source,rel_type,target\nshop,USES,orders\nid-1,USES,id-2\n",
        duplicate,
        "relations.csv, line 3, column target: id-1 USES id-2 is given twice",
    );
}

#[test]
fn dangling_names_suggest_an_item() {
    let dangling = ImportErrorKind::Dangling;
    check(
        "relations.csv",
        "source,rel_type,target\nshop,USES,order\n",
        dangling,
        "relations.csv, line 2, column target: \"order\" is not an item of cis.csv; did you mean \"orders\"?",
    );
    check(
        "metrics.csv",
        "time,ci,metric,value\n1,zzz,m,1\n",
        dangling,
        "metrics.csv, line 2, column ci: \"zzz\" is not an item of cis.csv",
    );
}

#[test]
fn broken_files_are_told_apart() {
    check(
        "events.csv",
        "time,ci,event_type,severity,title\n1,shop\n",
        ImportErrorKind::Malformed,
        "events.csv, line 2: 2 cells where the header has 5",
    );
    check(
        "metric.csv",
        "",
        ImportErrorKind::Layout,
        "metric.csv: not a file of an estate; expected cis.csv, relations.csv, metrics.csv, events.csv, work.csv; \
         did you mean \"metrics.csv\"?",
    );
    let missing = import_csv(folder(&[]).path(), "acme").unwrap_err();
    assert_eq!(missing.kind(), ImportErrorKind::Layout);
    assert!(missing.file().ends_with("cis.csv"));
}

#[test]
fn other_encodings_are_refused() {
    let dir = folder(&[]);
    std::fs::write(dir.path().join("cis.csv"), b"ci_code\nshop\nm\xfcller\n").unwrap();
    let error = import_csv(dir.path(), "acme").unwrap_err();
    assert_eq!((error.kind(), error.line()), (ImportErrorKind::Malformed, Some(3)));
}

fn csv_text(header: &[&str], rows: &[Vec<String>]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).unwrap();
    for row in rows {
        writer.write_record(row).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

proptest! {
    #[test]
    fn any_text_survives_a_cell(names in proptest::collection::vec("[^\\s\u{feff}\0](.{0,12}[^\\s\0])?", 1..8)) {
        let rows: Vec<Vec<String>> =
            names.iter().enumerate().map(|(i, name)| vec![format!("c{i}"), name.clone()]).collect();
        let data = import(&[("cis.csv", &csv_text(&["ci_code", "ci_name"], &rows))]);
        let read: Vec<&String> = data.cis.iter().map(|ci| &ci.ci_name).collect();
        prop_assert_eq!(read, names.iter().collect::<Vec<_>>());
    }

    #[test]
    fn any_value_survives_a_cell(
        points in proptest::collection::btree_map(-4_000_000_000_i64..200_000_000_000, proptest::num::f64::NORMAL, 1..40),
    ) {
        let row = |(time, value): (&i64, &f64)| vec![time.to_string(), "shop".into(), "m".into(), value.to_string()];
        let rows: Vec<Vec<String>> = points.iter().rev().map(row).collect();
        let text = csv_text(&["time", "ci", "metric", "value"], &rows);
        let data = import(&[("cis.csv", CIS), ("metrics.csv", &text)]);
        prop_assert_eq!(&data.series[0].points, &points.into_iter().collect::<Vec<_>>());
    }
}
