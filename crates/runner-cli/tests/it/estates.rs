//! What happens to an estate that is none, is newer, or is held by somebody else.

use rusqlite::Connection;

use crate::{desk::Desk, village};

#[track_caller]
fn check(desk: &Desk, estate: &str, code: i32, said: &[&str]) {
    desk.run(&["--no-state", "--estate", estate, "estate", "show"]).failed(code, said);
}

/// Copies the small estate to a file of this desk and opens it as a database.
fn copy(desk: &Desk) -> Connection {
    std::fs::copy(village::estate(), desk.path("copy")).unwrap();
    Connection::open(desk.path("copy")).unwrap()
}

#[test]
fn missing_file_is_refused() {
    check(&Desk::new(), "nowhere.estate", 2, &["nowhere.estate", "does not exist"]);
    check(&Desk::new(), ".", 2, &["is not a file"]);
}

#[test]
fn other_files_are_refused() {
    let desk = Desk::new();
    desk.write("notes.txt", "these are notes, and not an estate, however long they may be\n".repeat(100));
    check(&desk, "notes.txt", 2, &["notes.txt", "not an estate"]);
    desk.write("empty", "");
    check(&desk, "empty", 2, &["empty", "not an estate"]);
    Connection::open(desk.path("other.db")).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
    check(&desk, "other.db", 2, &["other.db", "not an estate"]);
}

#[test]
fn newer_estate_is_refused() {
    let desk = Desk::new();
    copy(&desk).pragma_update(None, "user_version", 99).unwrap();
    check(&desk, "copy", 2, &["copy", "version 99", "newer"]);
}

#[test]
fn locked_estate_is_told() {
    let desk = Desk::new();
    let holder = copy(&desk);
    holder.execute_batch("BEGIN EXCLUSIVE").unwrap();
    check(&desk, "copy", 4, &["copy", "locked by another process"]);
    holder.execute_batch("ROLLBACK").unwrap();
    desk.run(&["--no-state", "--estate", "copy", "estate", "show"]).ended(0);
}

#[test]
fn cut_estate_is_told() {
    let desk = Desk::new();
    let whole = std::fs::read(village::estate()).unwrap();
    desk.write("cut", &whole[..whole.len() / 2]);
    let done = desk.run(&["--no-state", "--estate", "cut", "investigate"]);
    done.failed(4, &["cut", "damaged"]);
}

#[test]
fn seed_must_be_a_number() {
    for seed in ["demo:abc", "demo:", "demo:-1", "demo:99999999999999999999"] {
        check(&Desk::new(), seed, 2, &[seed, "not a seed", "demo:7"]);
    }
}

#[test]
fn second_tenant_can_be_named() {
    let desk = Desk::new();
    desk.write("csv/cis.csv", village::CIS);
    desk.run(&["--tenant", "acme", "estate", "import", "csv", "csv", "--out", "e"]).ended(0);
    let shown = desk.run(&["--no-state", "--estate", "e", "estate", "show", "--json"]).ended(0).json();
    assert_eq!(shown["tenant"], "acme");
    desk.run(&["--no-state", "--estate", "e", "--tenant", "default", "estate", "show"]).refused(&["`default`", "acme"]);
}
