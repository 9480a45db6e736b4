//! What happens to a file that another process holds, changes or writes anew?

use std::fs;

use rusqlite::Connection;

use super::*;
use crate::estate::{Ci, CiSearch, Estate, EstateData, EstateError, EstateErrorKind};

fn data(code: &str) -> EstateData {
    EstateData { tenant: "acme".to_owned(), cis: vec![Ci::new("id-1", code)], ..EstateData::default() }
}

async fn codes(estate: &SqliteEstate) -> Vec<String> {
    let query = CiSearch { limit: 10, ..CiSearch::default() };
    estate.search_cis("acme", query).await.unwrap().rows.into_iter().map(|ci| ci.ci_code).collect()
}

#[tokio::test]
async fn locked_file_is_said_to_be_locked() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.estate");
    write_estate(&path, &[data("a")]).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    assert_eq!(SqliteEstate::open_impatiently(&path).unwrap_err().kind(), EstateErrorKind::Locked);
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(codes(&SqliteEstate::open_impatiently(&path).unwrap()).await, ["a"]);
}

#[tokio::test]
async fn change_by_another_process_moves_the_generation() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.estate");
    write_estate(&path, &[data("a")]).unwrap();
    let estate = SqliteEstate::open(&path).unwrap();
    let source = estate.source();
    let before = source.generation();
    assert_eq!(estate.graph("acme").await.unwrap().node_count(), 1);

    Connection::open(&path).unwrap().execute("UPDATE ci SET deleted_at = 1", []).unwrap();
    assert_eq!(codes(&estate).await, [""; 0]);
    assert_ne!(source.generation(), before);
    assert_eq!(estate.graph("acme").await.unwrap().node_count(), 0);
}

#[tokio::test]
async fn replaced_file_is_another_source_generation() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.estate");
    write_estate(&path, &[data("a")]).unwrap();
    let estate = SqliteEstate::open(&path).unwrap();
    let (source, before) = (estate.source(), estate.source().generation());
    write_estate(&path, &[data("b")]).unwrap();
    estate.refresh().await.unwrap();
    assert_ne!(source.generation(), before);
    assert_eq!(codes(&estate).await, ["b"]);
}

#[test]
fn same_content_has_the_same_identity() {
    let of = |code| SqliteEstate::in_memory(&[data(code)]).unwrap().source();
    assert_eq!(of("a").id(), of("a").id());
    assert_ne!(of("a").id(), of("b").id());
}

#[test]
fn newer_version_names_both() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.estate");
    write_estate(&path, &[data("a")]).unwrap();
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let error = SqliteEstate::open(&path).unwrap_err();
    assert_eq!(error.kind(), EstateErrorKind::NewerVersion);
    assert!(error.to_string().contains("99") && error.to_string().contains(&schema::VERSION.to_string()));
    let before = fs::read(&path).unwrap();
    assert_eq!(write_estate(&path, &[data("b")]).unwrap_err().kind(), EstateErrorKind::NewerVersion);
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn full_disk_is_said_to_be_full() {
    let mut db = Connection::open_in_memory().unwrap();
    schema::migrate(&mut db).unwrap();
    db.execute_batch("PRAGMA max_page_count = 1").unwrap();
    let filled = db.execute("INSERT INTO meta VALUES ('k', hex(zeroblob(1000000)))", []);
    assert_eq!(EstateError::from(filled.unwrap_err()).kind(), EstateErrorKind::DiskFull);
}

#[test]
fn damaged_file_is_said_to_be_damaged() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.estate");
    write_estate(&path, &[data("a")]).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let len = bytes.len();
    bytes[4_096..len].fill(0xAA);
    fs::write(&path, bytes).unwrap();
    assert_eq!(SqliteEstate::open(&path).unwrap_err().kind(), EstateErrorKind::Corrupt);
}

/// How SQLite would answer a query.
fn plan(sql: &str) -> String {
    let mut db = Connection::open_in_memory().unwrap();
    schema::migrate(&mut db).unwrap();
    let mut statement = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let count = statement.parameter_count();
    let rows = statement.query_map(rusqlite::params_from_iter(vec![1; count]), |row| row.get::<_, String>(3)).unwrap();
    rows.collect::<Result<Vec<_>, _>>().unwrap().join("\n")
}

#[test]
fn metric_reads_touch_only_their_rows() {
    for sql in [metric::BLOCKS.to_owned(), format!("{} AND metric = ?3", metric::SERIES_OF)] {
        let plan = plan(&sql);
        assert!(!plan.contains("SCAN "), "{plan}");
    }
}
