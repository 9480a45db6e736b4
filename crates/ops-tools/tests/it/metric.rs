//! What do the metric tools answer?

use ops_tools::{Ci, EstateData, MetricDef, MetricRole, Series};
use serde_json::{Value, json};
use tool_core::ErrorKind;

use crate::desk::Desk;

/// 2026-03-01T00:00:00Z.
const DAY: i64 = 1_772_323_200;

/// Two servers with a CPU value each 10 minutes of a day, the second twice the first, and one without any.
fn servers() -> Desk {
    let mut data = EstateData::default();
    data.tenant = "acme".to_owned();
    data.cis = vec![Ci::new("id-1", "srv-1"), Ci::new("id-2", "srv-2"), Ci::new("id-3", "srv-3")];
    data.metrics = vec![
        MetricDef::new("cpu_usage", "percent", MetricRole::Saturation),
        MetricDef::new("memory_usage", "percent", MetricRole::Saturation),
    ];
    let points = |scale: f64| (0..144).map(|i| (DAY + i * 600, scale * f64::from(u8::try_from(i).unwrap()))).collect();
    data.series = vec![Series::new("id-1", "cpu_usage", points(1.0)), Series::new("id-2", "cpu_usage", points(2.0))];
    let mut rival = data.clone();
    rival.tenant = "rival".to_owned();
    rival.cis.truncate(1);
    rival.series.truncate(1);
    rival.cis[0].ci_code = "rival-1".to_owned();
    Desk::over(&[data, rival])
}

#[tokio::test]
async fn aggregate_pools_the_items_of_the_last_hour() {
    let result =
        servers().ask("metric.aggregate", json!({"metric_name": "cpu_usage", "ci_ids": ["srv-1", "id-2"]})).await;
    // The last six values of both: 138..=143, once and twice.
    assert_eq!((&result["value"], &result["points"]), (&json!(140.5 * 1.5), &json!(12)));
    assert_eq!(
        (&result["time_from"], &result["time_to"]),
        (&json!("2026-03-01T23:00:00Z"), &json!("2026-03-02T00:00:00Z"))
    );
    assert_eq!((&result["ci_ids"], &result["ci_count_used"]), (&json!(["id-1", "id-2"]), &json!(2)));
    assert_eq!((&result["unit"], &result["agg"]), (&json!("percent"), &json!("avg")));
}

#[tokio::test]
async fn every_aggregation_is_its_definition() {
    let desk = servers();
    for (agg, expected) in
        [("count", 144.0), ("max", 143.0), ("min", 0.0), ("avg", 71.5), ("sum", 10_296.0), ("p95", 136.0)]
    {
        let params = json!({"metric_name": "cpu_usage", "ci_id": "srv-1", "agg": agg, "time_range": "2026-03-01"});
        assert_eq!(desk.ask("metric.aggregate", params).await["value"], json!(expected), "{agg}");
    }
}

#[tokio::test]
async fn window_is_half_open_for_every_tool() {
    let desk = servers();
    let range = json!({"from": "2026-03-01T00:00:00Z", "to": "2026-03-01T00:20:00Z"});
    let one = json!({"metric_name": "cpu_usage", "ci_id": "srv-1", "agg": "count", "time_range": range});
    assert_eq!(desk.ask("metric.aggregate", one).await["value"], json!(2.0));
    let rows =
        desk.ask("metric.series", json!({"metric_name": "cpu_usage", "ci_id": "srv-1", "time_range": range})).await;
    assert_eq!(
        rows["rows"],
        json!([
            {"time": "2026-03-01T00:10:00Z", "value": 1.0}, {"time": "2026-03-01T00:00:00Z", "value": 0.0},
        ])
    );
}

#[tokio::test]
async fn no_data_is_null_even_for_count() {
    let desk = servers();
    for agg in ["count", "max", "min", "avg", "sum", "p95"] {
        let none =
            desk.ask("metric.aggregate", json!({"metric_name": "cpu_usage", "ci_id": "srv-3", "agg": agg})).await;
        assert_eq!((&none["value"], &none["points"]), (&Value::Null, &json!(0)), "{agg}");
    }
}

#[tokio::test]
async fn window_outside_the_data_is_warned_of() {
    let params = json!({"metric_name": "cpu_usage", "ci_id": "srv-1", "time_range": "2031-01-01"});
    let output = servers().call("metric.aggregate", params).await.unwrap();
    assert_eq!(output.payload.value()["value"], Value::Null);
    assert!(output.report.warnings()[0].contains("2026-03-01T00:00:00Z"), "{:?}", output.report.warnings());
}

#[tokio::test]
async fn more_than_300_items_are_cut_and_said() {
    let mut data = EstateData::default();
    data.tenant = "acme".to_owned();
    data.cis = (0..310).map(|i| Ci::new(format!("id-{i:03}"), format!("srv-{i:03}"))).collect();
    data.metrics = vec![MetricDef::new("cpu_usage", "percent", MetricRole::Saturation)];
    data.series = (0..310).map(|i| Series::new(format!("id-{i:03}"), "cpu_usage", vec![(DAY, 1.0)])).collect();
    let ids: Vec<String> = data.cis.iter().map(|ci| ci.ci_id.clone()).collect();
    let params = json!({"metric_name": "cpu_usage", "ci_ids": ids, "agg": "count"});
    let output = Desk::over(&[data]).call("metric.aggregate", params).await.unwrap();
    let result = output.payload.value();
    assert_eq!((&result["value"], &result["ci_ids_truncated"]), (&json!(300.0), &json!(true)));
    assert_eq!((&result["ci_requested"], &result["ci_count_used"]), (&json!(310), &json!(300)));
    assert_eq!((output.report.limits()[0].asked, output.report.limits()[0].used), (Some(310), 300));
}

#[tokio::test]
async fn some_unknown_items_are_named_and_all_unknown_is_an_error() {
    let desk = servers();
    let some =
        desk.call("metric.aggregate", json!({"metric_name": "cpu_usage", "ci_ids": ["srv-1", "srv-9"]})).await.unwrap();
    assert_eq!(some.payload.value()["ci_unknown"], json!(["srv-9"]));
    assert!(some.report.warnings()[0].contains("srv-9"));
    let (kind, message, near) =
        desk.fail("metric.aggregate", json!({"metric_name": "cpu_usage", "ci_id": "srv-9"})).await;
    assert_eq!(kind, ErrorKind::NotFound);
    assert!(message.contains("srv-9") && near.contains(&"srv-1".to_owned()), "{message} {near:?}");
}

#[tokio::test]
async fn unknown_metric_brings_the_nearest() {
    let desk = servers();
    let (kind, _, near) = desk.fail("metric.aggregate", json!({"metric_name": "cpu_usge", "ci_id": "srv-1"})).await;
    assert_eq!((kind, near[0].as_str()), (ErrorKind::NotFound, "cpu_usage"));
    let exists = desk.ask("metric.exists", json!({"metric_name": "cpu_usge"})).await;
    assert_eq!((&exists["exists"], &exists["nearest"][0]), (&json!(false), &json!("cpu_usage")));
    assert_eq!(
        desk.ask("metric.exists", json!({"metric_name": "cpu_usage", "ci_id": "srv-3"})).await["exists"],
        json!(false)
    );
    assert_eq!(
        desk.ask("metric.exists", json!({"metric_name": "cpu_usage", "ci_id": "srv-1"})).await["exists"],
        json!(true)
    );
}

#[tokio::test]
async fn every_wrong_parameter_is_told() {
    let desk = servers();
    let params = json!({"metric_name": "cpu_usage", "ci_id": "srv-1", "ci_ids": ["srv-2"], "time_range": "tomorrow"});
    let (kind, message, _) = desk.fail("metric.aggregate", params).await;
    assert_eq!(kind, ErrorKind::InvalidParams);
    assert!(message.contains("ci_ids") && message.contains("time_range") && message.contains("last_<n>h"), "{message}");
    let (_, message, _) = desk.fail("metric.aggregate", json!({"metric_name": "cpu_usage"})).await;
    assert!(message.contains("`ci_id` or `ci_ids`"), "{message}");
}

#[tokio::test]
async fn series_is_newest_first_and_counts_the_whole_window() {
    let desk = servers();
    let params = json!({"metric_name": "cpu_usage", "ci_id": "srv-1", "limit": 2});
    let output = desk.call("metric.series", params).await.unwrap();
    let result = output.payload.value();
    assert_eq!((&result["total"], &result["truncated"]), (&json!(144), &json!({"limit": "limit", "value": 2})));
    assert_eq!(result["rows"][0], json!({"time": "2026-03-01T23:50:00Z", "value": 143.0}));
    assert_eq!(result["rows"].as_array().unwrap().len(), 2);
    let params = json!({"metric_name": "cpu_usage", "ci_id": "srv-1", "limit": 5_000});
    let output = desk.call("metric.series", params).await.unwrap();
    assert_eq!(output.payload.value()["limit"], json!(1000));
    assert_eq!((output.report.limits()[0].asked, output.report.limits()[0].used), (Some(5_000), 1_000));
}

#[tokio::test]
async fn list_tells_how_much_there_is() {
    let desk = servers();
    let result = desk.ask("metric.list", json!({})).await;
    assert_eq!(result["total"], json!(2));
    assert_eq!((&result["rows"][0]["items"], &result["rows"][0]["points"]), (&json!(2), &json!(288)));
    assert_eq!((&result["rows"][1]["items"], &result["rows"][1]["first"]), (&json!(0), &Value::Null));
    assert_eq!(desk.ask("metric.list", json!({"ci_id": "srv-3"})).await["total"], json!(0));
    assert_eq!(desk.ask("metric.list", json!({"contains": "MEM"})).await["total"], json!(1));
}

#[tokio::test]
async fn tenant_reads_its_own_values_only() {
    let desk = servers();
    let params = json!({"metric_name": "cpu_usage", "ci_id": "srv-2"});
    let error = desk.call_as("rival", "metric.series", params).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(!error.suggestions().contains(&"srv-2".to_owned()));
}

/// A week and more of 5-minute latency with a rhythm of its own, then three times as much for 25 minutes; 300 rows.
fn incident() -> Desk {
    let mut data = EstateData::default();
    data.tenant = "acme".to_owned();
    data.cis = vec![Ci::new("id-1", "shop"), Ci::new("id-2", "calm"), Ci::new("id-3", "mute")];
    data.metrics = vec![
        MetricDef::new("latency", "s", MetricRole::Latency),
        MetricDef::new("cpu", "percent", MetricRole::Saturation),
    ];
    let usual = |i: i64| 0.100 + 0.002 * f64::from(u8::try_from(i % 7).unwrap());
    let rows =
        |factor: f64| (0..2_021).map(|i| (DAY + i * 300, usual(i) * if i < 2_016 { 1.0 } else { factor })).collect();
    data.series = vec![Series::new("id-1", "latency", rows(3.0)), Series::new("id-2", "latency", rows(1.0))];
    Desk::over(&[data])
}

#[tokio::test]
async fn compare_tells_trouble_from_calm_and_from_silence() {
    let result = incident().ask("metric.compare", json!({"ci_ids": ["shop", "calm", "mute"]})).await;
    assert_eq!((&result["step_s"], &result["total"], &result["truncated"]), (&json!(300), &json!(3), &Value::Null));
    let from = json!("2026-03-08T00:00:00Z");
    assert_eq!((&result["window"]["from"], &result["normal"]["to"]), (&from, &from));
    let metric = |i: usize| &result["items"][i]["metrics"][0];
    assert!(metric(0)["deviation"].as_f64().unwrap() > 10.0, "{}", metric(0));
    assert!(metric(1)["deviation"].as_f64().unwrap().abs() < 3.0, "{}", metric(1));
    assert_eq!((&result["items"][2]["ci"], &result["items"][2]["status"]), (&json!("id-3"), &json!("no_data_now")));
}

#[tokio::test]
async fn compare_looks_at_the_instant_asked_for() {
    let params = json!({"ci_ids": ["shop"], "at": "2026-03-07T12:00:00Z", "step_s": 300, "metrics": ["latency"]});
    let result = incident().ask("metric.compare", params).await;
    assert_eq!(result["window"], json!({"from": "2026-03-07T11:35:00Z", "to": "2026-03-07T12:00:00Z"}));
    assert!(result["items"][0]["metrics"][0]["deviation"].as_f64().unwrap().abs() < 3.0);
}

#[tokio::test]
async fn compare_outside_the_data_is_an_error_that_names_it() {
    let desk = incident();
    for at in ["2020-01-01T00:00:00Z", "2031-01-01T00:00:00Z"] {
        let (kind, message, _) = desk.fail("metric.compare", json!({"ci_ids": ["shop"], "at": at})).await;
        assert_eq!(kind, ErrorKind::InvalidParams);
        assert!(message.contains("2026-03-01T00:00:00Z to 2026-03-08T00:25:00Z"), "{message}");
    }
    let wrong = json!({"ci_ids": ["shop"], "at": "noon", "normal": "last"});
    let (_, message, _) = desk.fail("metric.compare", wrong).await;
    assert!(message.contains("`at`") && message.contains("`normal`"), "{message}");
}
