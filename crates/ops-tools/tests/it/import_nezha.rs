//! Does a date of the Nezha layout become the estate it describes, and never one that knows the answer?

use ops_tools::{EstateData, ImportErrorKind, MetricRole, Relation, SqliteEstate, import_nezha};

use crate::data::data;
use crate::folder::{folder, write};

const POD: &str = "cart-svc-579f-wc2lz";
const DEPENDENCY: &str = "Source,Target,Weight\nfrontend,cart-svc,1\ncart-svc,33.33.33.80,1\n";

fn pod_file(rows: &str) -> String {
    format!("Time,TimeStamp,PodName,CpuUsage(m),PodServerLatencyP90(s),NodeCpuUsageRate(%)\n{rows}")
}

fn date() -> tempfile::TempDir {
    let rows = format!("t,1661255968,{POD},3.5,0.7,9\nt,1661256029,{POD},,NaN,8\n");
    folder(&[
        ("metric/dependency.csv", DEPENDENCY),
        (&format!("metric/{POD}_metric.csv"), &pod_file(&rows)),
        (
            "metric/front_service.csv",
            "Time,TimeStamp,ServiceName,SuccessRate(%),LatencyP50(s)\nt,1661255968,Frontend,100,0.2\n",
        ),
        ("metric/source_50.csv", "time,timestamp,frontend_cart-svc\nt,1661255968,0.5\n"),
        ("metric/destination_50.csv", "time,timestamp,frontend_cart-svc\nt,1661255968,0.4\n"),
        ("fault_list.json", r#"{"12": [{"inject_pod": "cart-svc-579f-wc2lz"}]}"#),
    ])
}

fn points<'a>(data: &'a EstateData, ci: &str, metric: &str) -> &'a [(i64, f64)] {
    let series = data.series.iter().find(|series| series.ci_id == ci && series.metric == metric);
    series.map_or(&[], |series| series.points.as_slice())
}

#[test]
fn services_run_on_hosts_hold_pods() {
    let data = import_nezha(date().path(), "acme").unwrap();
    let expected = [
        Relation::new("cart-svc", "COMPOSED_OF", POD),
        Relation::new("cart-svc", "RUNS_ON", "33.33.33.80"),
        Relation::new("frontend", "DEPENDS_ON", "cart-svc"),
    ];
    assert_eq!(data.relations, expected);
    let kinds: Vec<_> = data.cis.iter().map(|ci| (ci.ci_code.as_str(), ci.ci_category.as_str())).collect();
    assert_eq!(kinds, [("33.33.33.80", "host"), ("cart-svc", "service"), (POD, "pod"), ("frontend", "service")]);
}

#[test]
fn times_are_cut_to_the_minute() {
    let data = import_nezha(date().path(), "acme").unwrap();
    assert_eq!(points(&data, POD, "latency_p90"), [(1_661_255_940, 0.7)], "NaN is missing");
    assert_eq!(points(&data, POD, "cpu_usage"), [(1_661_255_940, 3.5)], "empty is missing");
}

#[test]
fn host_columns_go_to_the_host() {
    let data = import_nezha(date().path(), "acme").unwrap();
    assert_eq!(points(&data, "33.33.33.80", "node_cpu_usage_rate"), [(1_661_255_940, 9.0), (1_661_256_000, 8.0)]);
    assert_eq!(points(&data, POD, "node_cpu_usage_rate"), []);
}

#[test]
fn edges_are_metrics_of_the_callee() {
    let data = import_nezha(date().path(), "acme").unwrap();
    assert_eq!(points(&data, "frontend", "latency_p50"), [(1_661_255_940, 0.2)]);
    assert_eq!(points(&data, "cart-svc", "latency_seen_by:frontend"), [(1_661_255_940, 0.5)]);
    assert_eq!(points(&data, "cart-svc", "latency_from:frontend"), [(1_661_255_940, 0.4)]);
    let role = |name: &str| data.metrics.iter().find(|def| def.name == name).unwrap().role;
    assert_eq!(role("latency_seen_by:frontend"), MetricRole::LatencySeen);
    assert_eq!(role("latency_from:frontend"), MetricRole::LatencyTail);
}

#[test]
fn metric_folder_alone_is_enough() {
    let dir = date();
    let whole = import_nezha(dir.path(), "acme").unwrap();
    assert_eq!(import_nezha(&dir.path().join("metric"), "acme").unwrap(), whole);
}

#[test]
fn estate_can_be_stored() {
    assert!(SqliteEstate::in_memory(&[import_nezha(date().path(), "acme").unwrap()]).is_ok());
}

#[test]
fn fault_list_is_never_opened() {
    let dir = date();
    let with_answer = import_nezha(dir.path(), "acme").unwrap();
    for name in ["fault_list.json", "metric/fault_list.json"] {
        write(dir.path(), name, "not even JSON");
        assert_eq!(import_nezha(dir.path(), "acme").unwrap(), with_answer);
    }
}

#[track_caller]
fn check(file: &str, text: &str, kind: ImportErrorKind, expected: &str) {
    let dir = date();
    write(dir.path(), file, text);
    let error = import_nezha(dir.path(), "acme").unwrap_err();
    let shown = error.to_string().replace(&format!("{}/", dir.path().display()), "");
    assert_eq!((error.kind(), shown.as_str()), (kind, expected));
}

#[test]
fn broken_files_name_their_place() {
    let file = format!("metric/{POD}_metric.csv");
    check(
        &file,
        &pod_file(&format!("t,1661255968,{POD},lots,,\n")),
        ImportErrorKind::Value,
        &format!("{file}, line 2, column CpuUsage(m): \"lots\" is not a finite number"),
    );
    check(
        &file,
        &pod_file("t,1661255968,other,1,,\n"),
        ImportErrorKind::Value,
        &format!("{file}, line 2, column PodName: \"other\" is not \"{POD}\", the file's pod"),
    );
    check(
        &file,
        "TimeStamp,PodName,CpuUsage\n",
        ImportErrorKind::Header,
        &format!("{file}, line 1, column CpuUsage: not a column of this file; did you mean \"CpuUsage(m)\"?"),
    );
    check(
        "metric/cart_metric.csv",
        "TimeStamp,PodName\n",
        ImportErrorKind::Layout,
        "metric/cart_metric.csv: \"cart\" is not a pod's name; expected <service>-<hash>-<hash>_metric.csv",
    );
    check(
        "metric/source_50.csv",
        "time,timestamp,cart\n",
        ImportErrorKind::Header,
        "metric/source_50.csv, line 1, column cart: not a call edge; expected <caller>_<callee>",
    );
    check(
        "metric/source_50.csv",
        "time,a_b\n",
        ImportErrorKind::Header,
        "metric/source_50.csv, line 1, column timestamp: missing from the header",
    );
    let empty = import_nezha(folder(&[]).path(), "acme").unwrap_err();
    assert_eq!(empty.kind(), ImportErrorKind::Layout);
}

#[test]
fn published_date_is_read_whole() {
    let Some(dir) = data("ops/nezha/2022-08-23") else { return };
    let data = import_nezha(&dir, "acme").unwrap();
    let pods: Vec<&str> = data.cis.iter().filter(|ci| ci.ci_category == "pod").map(|ci| ci.ci_code.as_str()).collect();
    assert_eq!(pods.len(), 10);
    assert!(SqliteEstate::in_memory(std::slice::from_ref(&data)).is_ok());
    // 10 pods with 16 columns of their own, 721 rows each; 186 of the cells hold NaN.
    let of_pods = data.series.iter().filter(|series| pods.contains(&series.ci_id.as_str()));
    assert_eq!(of_pods.map(|series| series.points.len()).sum::<usize>(), 10 * 16 * 721 - 186);
    assert_eq!(data.relations.iter().filter(|relation| relation.rel_type != "COMPOSED_OF").count(), 26);
    let front = points(&data, "frontend", "latency_p50");
    assert_eq!(front.len(), 721);
    assert!(data.metrics.iter().any(|def| def.name == "latency_p50" && def.role == MetricRole::Latency));
}
