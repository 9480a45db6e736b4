//! What does a store keep, hide and refuse?

use std::fs;

use ops_tools::{
    Ci, CiAggregate, CiField, CiFilter, CiMeasure, CiSearch, Estate, EstateData, EstateErrorKind, Event, EventQuery,
    Match, MetricDef, MetricRead, MetricRole, Relation, Series, SqliteEstate, Window, Work, WorkKind, WorkQuery,
    write_estate,
};
use serde_json::{Value, json};

fn shop(tenant: &str) -> EstateData {
    let mut data = EstateData::default();
    data.tenant = tenant.to_owned();
    data.origin = "test".to_owned();
    data.cis = vec![Ci::new("a", "web"), Ci::new("b", "db"), Ci::new("c", "old")];
    data.cis[1].ci_type = "SW".to_owned();
    data.cis[2].deleted_at = Some(50);
    data.relations = vec![Relation::new("a", "DEPENDS_ON", "b"), Relation::new("a", "DEPENDS_ON", "c")];
    data.metrics = vec![MetricDef::new("latency", "s", MetricRole::Latency)];
    let points = |base: f64| (0..10).map(|i| (i * 60, base)).collect();
    data.series = vec![Series::new("a", "latency", points(1.0)), Series::new("c", "latency", points(9.0))];
    data.events = vec![Event::new(100, "a", "deployment"), Event::new(200, "c", "deployment")];
    data.work = vec![Work::new(WorkKind::Work, "a", "patch", 100), Work::new(WorkKind::Work, "c", "patch", 100)];
    data
}

fn all() -> Window {
    Window::new(i64::MIN, i64::MAX)
}

fn search(limit: u32) -> CiSearch {
    let mut query = CiSearch::default();
    query.limit = limit;
    query
}

#[tokio::test]
async fn deleted_item_is_hidden_with_all_of_its_own() {
    let estate = SqliteEstate::in_memory(&[shop("acme")]).unwrap();
    let summary = estate.summary("acme").await.unwrap();
    assert_eq!((summary.items, summary.relations, summary.series, summary.points), (2, 1, 1, 10));
    assert_eq!((summary.events, summary.work), (1, 1));
    assert_eq!(estate.search_cis("acme", search(10)).await.unwrap().total, 2);
    assert_eq!(estate.ci("acme", "c").await.unwrap_err().kind(), EstateErrorKind::NotFound);
    assert_eq!(estate.ci_by_code("acme", "old").await.unwrap_err().kind(), EstateErrorKind::NotFound);
    assert_eq!(estate.graph("acme").await.unwrap().edge_count(), 1);
    assert_eq!(estate.events("acme", EventQuery::new(all(), 10)).await.unwrap().total, 1);
    assert_eq!(estate.work("acme", WorkQuery::new(all(), 10)).await.unwrap().total, 1);
}

#[tokio::test]
async fn tenant_sees_nothing_of_another() {
    let mut other = shop("other");
    other.cis[0].ci_code = "secret".to_owned();
    let estate = SqliteEstate::in_memory(&[shop("acme"), other]).unwrap();
    assert_eq!(estate.tenants().await.unwrap(), ["acme", "other"]);
    assert_eq!(estate.ci_by_code("acme", "secret").await.unwrap_err().kind(), EstateErrorKind::NotFound);
    assert_eq!(estate.ci("acme", "a").await.unwrap().ci_code, "web");
    assert_eq!(estate.ci("other", "a").await.unwrap().ci_code, "secret");
    assert_eq!(estate.summary("nobody").await.unwrap_err().kind(), EstateErrorKind::NotFound);
    assert_eq!(estate.events("acme", EventQuery::new(all(), 10)).await.unwrap().total, 1);
}

#[tokio::test]
async fn now_is_the_exclusive_end_of_the_data() {
    let estate = SqliteEstate::in_memory(&[shop("acme")]).unwrap();
    // The last value is at 540 and lasts one step of 60.
    assert_eq!(estate.summary("acme").await.unwrap().now(), 600);
    let mut empty = EstateData::default();
    empty.tenant = "empty".to_owned();
    let estate = SqliteEstate::in_memory(&[empty]).unwrap();
    assert_eq!(estate.summary("empty").await.unwrap().data, None);
}

#[tokio::test]
async fn total_counts_the_whole_match() {
    let mut data = shop("acme");
    data.cis.extend((0..30).map(|i| Ci::new(format!("x{i}"), format!("srv-{i:02}"))));
    let estate = SqliteEstate::in_memory(&[data]).unwrap();
    let mut query = search(5);
    query.keywords = vec!["SRV".to_owned()];
    query.offset = 28;
    let page = estate.search_cis("acme", query).await.unwrap();
    assert_eq!((page.rows.len(), page.total), (2, 30));
    assert_eq!(page.rows[0].ci_code, "srv-28");
}

#[tokio::test]
async fn wildcards_mean_themselves() {
    let mut data = shop("acme");
    data.cis.push(Ci::new("p", "rate_100%"));
    let estate = SqliteEstate::in_memory(&[data]).unwrap();
    for (keyword, expected) in [("%", 1), ("_", 1), ("\\", 0), ("'", 0), ("100%", 1), ("RATE_", 1)] {
        let mut query = search(10);
        query.keywords = vec![keyword.to_owned()];
        assert_eq!(estate.search_cis("acme", query).await.unwrap().total, expected, "{keyword}");
        let mut query = search(10);
        query.filters = vec![CiFilter::new("ci_code", "ILIKE", &json!(keyword)).unwrap()];
        assert_eq!(estate.search_cis("acme", query).await.unwrap().total, expected, "filter {keyword}");
    }
}

#[tokio::test]
async fn any_keyword_is_enough_if_asked() {
    let estate = SqliteEstate::in_memory(&[shop("acme")]).unwrap();
    let mut query = search(10);
    query.keywords = vec!["web".to_owned(), "db".to_owned()];
    assert_eq!(estate.search_cis("acme", query.clone()).await.unwrap().total, 0);
    query.matching = Match::Any;
    assert_eq!(estate.search_cis("acme", query).await.unwrap().total, 2);
}

#[tokio::test]
async fn filters_compare_by_type() {
    let mut data = shop("acme");
    let attributes = &mut data.cis[1].attributes;
    attributes.insert("cpu_cores".to_owned(), json!(8));
    attributes.insert("engine".to_owned(), json!("postgres"));
    data.cis[1].tags.insert("role".to_owned(), "primary".to_owned());
    let estate = SqliteEstate::in_memory(&[data]).unwrap();
    let cases: [(&str, &str, Value, u64); 10] = [
        ("attributes.cpu_cores", "=", json!(8), 1),
        ("attributes.cpu_cores", "=", json!(8.0), 1),
        ("attributes.cpu_cores", "=", json!("8"), 1),
        ("attributes.cpu_cores", "!=", json!(8), 1),
        ("attributes.engine", "in", json!(["mysql", "postgres"]), 1),
        ("attributes.engine", "ilike", json!("GRES"), 1),
        ("tags.role", "=", json!("primary"), 1),
        ("tags.role", "=", json!("' OR 1=1 --"), 0),
        ("ci_type", "=", json!("SW"), 1),
        ("ci_type", "!=", json!("SW"), 1),
    ];
    for (field, op, value, expected) in cases {
        let mut query = search(10);
        query.filters = vec![CiFilter::new(field, op, &value).unwrap()];
        assert_eq!(estate.search_cis("acme", query).await.unwrap().total, expected, "{field} {op} {value}");
    }
}

#[test]
fn wrong_filter_tells_every_member() {
    let members = |field, op, value: Value| -> Vec<&str> {
        CiFilter::new(field, op, &value).unwrap_err().iter().map(|fault| fault.member).collect()
    };
    assert_eq!(members("passwd", "~", json!(1)), ["field", "op"]);
    assert_eq!(members("tags.password", "in", json!([])), ["field", "value"]);
    assert_eq!(members("owner", "=", json!({"a": 1})), ["value"]);
}

#[tokio::test]
async fn groups_are_counted_beyond_the_page() {
    let mut data = shop("acme");
    data.cis.extend((0..6).map(|i| {
        let mut ci = Ci::new(format!("x{i}"), format!("srv-{i}"));
        ci.location = format!("rack {}", i / 2);
        ci
    }));
    let estate = SqliteEstate::in_memory(&[data]).unwrap();
    let mut query = CiAggregate::default();
    query.group_by = vec![CiField::parse("location").unwrap()];
    query.measures = vec![CiMeasure::Count, CiMeasure::CountDistinct(CiField::parse("ci_code").unwrap())];
    query.top_n = 2;
    let groups = estate.aggregate_cis("acme", query).await.unwrap();
    assert_eq!(groups.total, 4);
    assert_eq!(groups.rows, [[json!(""), json!(2), json!(2)], [json!("rack 0"), json!(2), json!(2)]]);
}

#[tokio::test]
async fn unknown_code_brings_candidates() {
    let mut data = shop("acme");
    data.cis.push(Ci::new("e", "srv-erp-01"));
    let estate = SqliteEstate::in_memory(&[data]).unwrap();
    let error = estate.ci_by_code("acme", "srv-erp-99").await.unwrap_err();
    assert_eq!(error.candidates()[0].ci_code, "srv-erp-01");
}

#[tokio::test]
async fn file_gives_what_memory_gives() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("shop.estate");
    write_estate(&path, &[shop("acme")]).unwrap();
    let (file, memory) = (SqliteEstate::open(&path).unwrap(), SqliteEstate::in_memory(&[shop("acme")]).unwrap());
    assert_eq!(file.source().id(), memory.source().id());
    assert_eq!(file.summary("acme").await.unwrap(), memory.summary("acme").await.unwrap());
    let query = MetricRead::new(vec!["a".to_owned(), "b".to_owned(), "c".to_owned()], all());
    let series = file.read_metrics("acme", query.clone()).await.unwrap();
    assert_eq!(series, memory.read_metrics("acme", query).await.unwrap());
    assert_eq!(series, [shop("acme").series[0].clone()]);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn file_that_is_not_ours_is_refused_and_kept() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("notes.txt");
    for content in ["", "a letter to mother", &"x".repeat(10_000)] {
        fs::write(&path, content).unwrap();
        assert_eq!(SqliteEstate::open(&path).unwrap_err().kind(), EstateErrorKind::NotAnEstate);
        assert_eq!(write_estate(&path, &[shop("acme")]).unwrap_err().kind(), EstateErrorKind::NotAnEstate);
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
    assert_eq!(SqliteEstate::open(dir.path().join("none")).unwrap_err().kind(), EstateErrorKind::NotFound);
    assert_eq!(SqliteEstate::open(dir.path()).unwrap_err().kind(), EstateErrorKind::NotFound);
}

#[test]
fn contradictory_data_leaves_the_old_estate() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("shop.estate");
    write_estate(&path, &[shop("acme")]).unwrap();
    let before = fs::read(&path).unwrap();
    let spoil: [fn(&mut EstateData); 6] = [
        |data| data.cis.push(Ci::new("a", "other")),
        |data| data.cis.push(Ci::new("z", "web")),
        |data| data.relations.push(Relation::new("a", "USES", "nobody")),
        |data| data.series.push(Series::new("b", "unheard", vec![(0, 1.0)])),
        |data| data.series.push(Series::new("b", "latency", vec![(5, 1.0), (5, 2.0)])),
        |data| data.series.push(Series::new("b", "latency", vec![(5, f64::NAN)])),
    ];
    for spoil in spoil {
        let mut data = shop("acme");
        spoil(&mut data);
        assert_eq!(write_estate(&path, &[data]).unwrap_err().kind(), EstateErrorKind::InvalidData);
    }
    assert_eq!(write_estate(&path, &[shop("acme"), shop("acme")]).unwrap_err().kind(), EstateErrorKind::InvalidData);
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn work_counts_while_it_is_under_way() {
    let mut data = shop("acme");
    let mut closed = Work::new(WorkKind::Maintenance, "b", "backup", 100);
    closed.end = Some(200);
    data.work = vec![closed, Work::new(WorkKind::Work, "a", "patch", 150)];
    let estate = SqliteEstate::in_memory(&[data]).unwrap();
    for (from, to, expected) in [(0, 100, 0), (0, 101, 1), (150, 160, 2), (199, 210, 2), (200, 210, 1), (900, 999, 1)] {
        let page = estate.work("acme", WorkQuery::new(Window::new(from, to), 10)).await.unwrap();
        assert_eq!(page.total, expected, "{from}..{to}");
    }
}
