//! Does a scenario of the PetShop layout become the estate it describes, and never one that knows the answer?

use ops_tools::{ImportErrorKind, MetricRole, PetShop, PetShopTable, Relation, SqliteEstate};

use crate::data::data;
use crate::folder::{folder, write};

const GRAPH: &str = ",Shop,Api_AWS::ECS::Fargate,Db_AWS::DynamoDB::Table\n\
                     Shop,0.0,1.0,0.0\nApi_AWS::ECS::Fargate,0.0,1.0,1.0\nDb_AWS::DynamoDB::Table,0.0,0.0,0.0\n";
const HEADER: &str = "microservice,Shop,Shop,Shop,Other\nmetric,latency,latency,requests,availability\n\
                      statistic,Average,p90,Sum,Average\nunix_timestamp,,,,\n";
const TARGET: &str = r#"{"target": {"node": "Shop", "metric": "latency", "agg": "p90", "timestamp": 900},
    "root_cause": {"node": "Db_AWS::DynamoDB::Table", "metric": null}, "metadata": {"command": "break it"}}"#;

fn scenario() -> tempfile::TempDir {
    let baseline = format!("{HEADER}3000.0,0.5,0.9,10,100\n3300.0,,1.0,0,\n3600.0,0.6,1.1,12,NaN\n");
    let incident = format!("{HEADER}600.0,5,9,10,99.5\n900.0,6,9,,\n");
    folder(&[
        ("graph.csv", GRAPH),
        ("noissue/metrics.csv", &baseline),
        ("train/issue_0/metrics.csv", &incident),
        ("train/issue_0/target.json", TARGET),
        ("train/issue_10/metrics.csv", &incident),
        ("test/issue_2/metrics.csv", &incident),
    ])
}

#[test]
fn row_that_calls_depends_on_column() {
    let data = PetShop::open(scenario().path()).unwrap().to_estate("acme").unwrap();
    let expected = [
        Relation::new("Api_AWS::ECS::Fargate", "DEPENDS_ON", "Db_AWS::DynamoDB::Table"),
        Relation::new("Shop", "DEPENDS_ON", "Api_AWS::ECS::Fargate"),
    ];
    assert_eq!(data.relations, expected);
    assert!(data.events.is_empty());
}

#[test]
fn types_follow_the_aws_suffix() {
    let data = PetShop::open(scenario().path()).unwrap().to_estate("acme").unwrap();
    let kinds: Vec<_> = data.cis.iter().map(|ci| (ci.ci_code.as_str(), ci.ci_subtype.as_str())).collect();
    let expected =
        [("Api_AWS::ECS::Fargate", "app"), ("Db_AWS::DynamoDB::Table", "db"), ("Other", "app"), ("Shop", "app")];
    assert_eq!(kinds, expected);
}

#[test]
fn statistics_become_metrics_with_roles() {
    let data = PetShop::open(scenario().path()).unwrap().to_estate("acme").unwrap();
    let metrics: Vec<_> = data.metrics.iter().map(|def| (def.name.as_str(), def.unit.as_str(), def.role)).collect();
    let expected = [
        ("availability", "percent", MetricRole::Availability),
        ("latency", "s", MetricRole::Latency),
        ("latency_p90", "s", MetricRole::LatencyTail),
        ("requests", "count", MetricRole::Requests),
    ];
    assert_eq!(metrics, expected);
}

#[test]
fn baseline_is_the_normal_period() {
    let data = PetShop::open(scenario().path()).unwrap().to_estate("acme").unwrap();
    assert_eq!(data.normal, Some((3000, 3900)));
    let latency = data.series.iter().find(|series| series.metric == "latency").unwrap();
    assert_eq!(latency.points, [(3000, 0.5), (3600, 0.6)], "an empty cell is missing");
    let availability = data.series.iter().find(|series| series.metric == "availability").unwrap();
    assert_eq!(availability.points, [(3000, 100.0)], "NaN is missing");
}

#[test]
fn incident_folder_adds_rows_and_alert() {
    let dir = scenario();
    let data = PetShop::open(&dir.path().join("train/issue_0")).unwrap().to_estate("acme").unwrap();
    let latency = data.series.iter().find(|series| series.metric == "latency").unwrap();
    assert_eq!(latency.points, [(600, 5.0), (900, 6.0), (3000, 0.5), (3600, 0.6)]);
    assert_eq!(data.normal, Some((3000, 3900)));
    assert_eq!((data.events[0].ci_id.as_str(), data.events[0].time), ("Shop", 900));
    assert_eq!(data.events[0].attributes["metric"], "latency_p90");
}

#[test]
fn estate_can_be_stored() {
    let data = PetShop::open(&scenario().path().join("train/issue_0")).unwrap().to_estate("acme").unwrap();
    assert!(SqliteEstate::in_memory(&[data]).is_ok());
}

#[test]
fn answers_never_reach_the_estate() {
    let dir = scenario();
    let issue = dir.path().join("train/issue_0");
    let with_answer = PetShop::open(&issue).unwrap().to_estate("acme").unwrap();
    let target = r#""target": {"node": "Shop", "metric": "latency", "agg": "p90", "timestamp": 900}"#;
    for other in [r#", "root_cause": {"node": "Shop"}, "metadata": 7"#, r#", "root_cause": [1]"#, ""] {
        write(&issue, "target.json", &format!("{{{target}{other}}}"));
        assert_eq!(PetShop::open(&issue).unwrap().to_estate("acme").unwrap(), with_answer);
    }
}

#[test]
fn incidents_come_in_their_order() {
    let dir = scenario();
    let found = PetShop::incidents(dir.path()).unwrap();
    let expected = ["train/issue_0", "train/issue_10", "test/issue_2"].map(|name| dir.path().join(name));
    assert_eq!(found, expected);
}

#[test]
fn each_part_may_be_missing() {
    let dir = scenario();
    std::fs::remove_file(dir.path().join("graph.csv")).unwrap();
    let data = PetShop::open(&dir.path().join("train/issue_0")).unwrap().to_estate("acme").unwrap();
    assert_eq!((data.cis.len(), data.relations.len()), (2, 0));
    std::fs::remove_dir_all(dir.path().join("noissue")).unwrap();
    let data = PetShop::open(&dir.path().join("train/issue_0")).unwrap().to_estate("acme").unwrap();
    assert_eq!((data.normal, data.events.len()), (None, 1));
    assert_eq!(PetShop::open(dir.path()).unwrap_err().kind(), ImportErrorKind::Layout);
    assert_eq!(PetShop::scenario(dir.path()).unwrap(), PetShop::default(), "its incidents may still be read");
    assert_eq!(PetShop::scenario(folder(&[]).path()).unwrap_err().kind(), ImportErrorKind::Layout);
}

#[test]
fn tables_can_be_cut() {
    let dir = scenario();
    let table = PetShopTable::read(&dir.path().join("noissue/metrics.csv")).unwrap();
    assert_eq!(table.rows(1..2).times().collect::<Vec<_>>(), [3300]);
    assert_eq!(table.without_rows(1..2).times().collect::<Vec<_>>(), [3000, 3600]);
    let data = PetShop::default().with_baseline(table.without_rows(0..1)).with_incident(table.rows(0..1));
    let whole = PetShop::default().with_baseline(table.clone());
    assert_eq!(data.to_estate("a").unwrap().series, whole.to_estate("a").unwrap().series);
    assert_eq!(data.to_estate("a").unwrap().normal, Some((3300, 3900)));
    assert_eq!(table.rows(2..9).len(), 1);
}

#[track_caller]
fn check(file: &str, text: &str, kind: ImportErrorKind, expected: &str) {
    let dir = scenario();
    write(dir.path(), file, text);
    let error = PetShop::open(&dir.path().join("train/issue_0")).and_then(|shop| shop.to_estate("acme")).unwrap_err();
    let shown = error.to_string().replace(&format!("{}/", dir.path().display()), "");
    assert_eq!((error.kind(), shown.as_str()), (kind, expected));
}

#[test]
fn broken_files_name_their_place() {
    check(
        "graph.csv",
        ",a,b\na,0,1\nb,2,0\n",
        ImportErrorKind::Value,
        "graph.csv, line 3, column a: \"2\" is not 1.0 (calls) or 0.0 (does not)",
    );
    check(
        "graph.csv",
        ",a,b\na,0,1\n",
        ImportErrorKind::Header,
        "graph.csv: \"b\" is a column but not a row of the matrix",
    );
    check(
        "graph.csv",
        ",a,b\na,0,1\nc,0,1\n",
        ImportErrorKind::Header,
        "graph.csv, line 3, column 1: \"c\" is a row but not a column of the matrix",
    );
    check(
        "noissue/metrics.csv",
        "microservice,a\nmetrics,latency\n",
        ImportErrorKind::Header,
        "noissue/metrics.csv, line 2, column 1: expected the header row \"metric\", found \"metrics\"",
    );
    check(
        "noissue/metrics.csv",
        &format!("{HEADER}1,2,3,x,\n"),
        ImportErrorKind::Value,
        "noissue/metrics.csv, line 5, column Shop requests Sum: \"x\" is not a finite number",
    );
    check(
        "noissue/metrics.csv",
        &format!("{HEADER}5,,,,\n5,,,,\n"),
        ImportErrorKind::Value,
        "noissue/metrics.csv, line 6, column unix_timestamp: the times do not ascend",
    );
    check(
        "train/issue_0/metrics.csv",
        &format!("{HEADER}1,2\n"),
        ImportErrorKind::Malformed,
        "train/issue_0/metrics.csv, line 5: 2 cells where the header has 5",
    );
    check(
        "train/issue_0/target.json",
        "{\n\"target\": {}}",
        ImportErrorKind::Malformed,
        "train/issue_0/target.json, line 2: not an alert {\"target\": {node, metric, agg, timestamp}}: \
         missing field `node` at line 2 column 12",
    );
    check(
        "train/issue_0/target.json",
        &TARGET.replace("\"Shop\"", "\"Gone\""),
        ImportErrorKind::Dangling,
        "target.json: the alert is about \"Gone\", which neither graph nor metrics hold",
    );
}

#[test]
fn published_scenarios_are_read_whole() {
    let Some(dir) = data("ops/petshop") else { return };
    // What the data set's documentation states: nodes, edges, filled cells of the baseline, incidents.
    let expected = [("low_traffic", 42, 44, 141_623, 26), ("high_traffic", 44, 47, 147_315, 8)];
    for (name, nodes, edges, cells, incidents) in expected {
        let dir = dir.join(name);
        let scenario = PetShop::open(&dir).unwrap();
        let estate = scenario.to_estate("acme").unwrap();
        assert_eq!((estate.cis.len(), estate.relations.len()), (nodes, edges));
        assert_eq!(estate.series.iter().map(|series| series.points.len()).sum::<usize>(), cells);
        let issues = PetShop::incidents(&dir).unwrap();
        assert_eq!(issues.len(), incidents);
        for issue in issues {
            let shop = scenario.clone().with_incident_of(&issue).unwrap();
            assert_eq!(shop.incident().unwrap().len(), 5);
            assert_eq!(shop.to_estate("acme").unwrap().events.len(), 1);
        }
    }
}
