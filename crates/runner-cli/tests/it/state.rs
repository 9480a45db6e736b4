//! What happens to the state directory that is damaged, held by another, or cannot be written.

use std::{fs, os::unix::fs::PermissionsExt};

use crate::{
    desk::{Desk, entries},
    village,
};

const GET: [&str; 4] = ["call", "ci.get_by_code", "-p", "ci_code=shop"];

fn origin(desk: &Desk) -> String {
    let answer = desk.remember(&[&GET[..], &["--json"]].concat()).ended(0).json();
    answer["report"]["origin"].as_str().unwrap().to_owned()
}

/// Damages a file of the state directory and expects to be told, to get the answer, and to be told no more.
#[track_caller]
fn check(file: &str, content: &[u8]) {
    let desk = Desk::new();
    let whole = desk.remember(&GET).ended(0).out;
    desk.write(&format!("state/{file}"), content);
    let damaged = desk.remember(&GET).ended(0);
    assert!(damaged.err.starts_with("warning: ") && damaged.err.contains(file), "{}", damaged.err);
    let answer = |out: &str| out.lines().next().unwrap().to_owned();
    assert_eq!(answer(&damaged.out), answer(&whole));
    let healed = desk.remember(&GET).ended(0);
    assert_eq!(healed.err, "");
}

#[test]
fn damaged_state_is_told_and_replaced() {
    check("cache.snapshot", b"garbage");
    check("cache.snapshot", b"");
    check("traces.json", b"{\"traces\": [");
    check("traces.json", b"\xff\xfe");
    check("profiles.json", b"[]");
    check("profiles.json", b"\xff\xfe");
}

#[test]
fn selection_goes_by_what_earlier_runs_took() {
    let desk = Desk::new();
    let time_of = || {
        let ranked = desk.remember(&["select", "LOOKUP", "--json"]).ended(0).json();
        let tools = ranked["ranked"].as_array().unwrap();
        let tool = tools.iter().find(|tool| tool["tool"] == "ci.get_by_code").unwrap();
        let time = tool["contributions"].as_array().unwrap().iter().find(|part| part["name"] == "time").unwrap();
        time["basis"].clone()
    };
    assert_eq!(time_of(), "profile");
    desk.remember(&GET).ended(0);
    assert_eq!(time_of(), "reported");
}

#[test]
fn cut_snapshot_is_told() {
    let desk = Desk::new();
    desk.remember(&GET).ended(0);
    let whole = fs::read(desk.path("state/cache.snapshot")).unwrap();
    check("cache.snapshot", &whole[..whole.len() / 2]);
}

#[test]
fn second_process_reads_only() {
    let desk = Desk::new();
    assert_eq!(origin(&desk), "executed");
    let before = fs::read(desk.path("state/traces.json")).unwrap();
    let lock = fs::OpenOptions::new().write(true).open(desk.path("state/lock")).unwrap();
    lock.lock().unwrap();
    let second = desk.remember(&[&GET[..], &["--json"]].concat()).ended(0);
    assert_eq!(second.json()["report"]["origin"], "hit");
    assert!(second.err.starts_with("note: another runner uses state"), "{}", second.err);
    assert_eq!(fs::read(desk.path("state/traces.json")).unwrap(), before);
    lock.unlock().unwrap();
    assert_eq!(desk.remember(&GET).ended(0).err, "");
}

#[test]
fn asked_directory_must_be_one() {
    let desk = Desk::new();
    desk.write("file", "mine");
    let args = ["--estate", village::estate(), "tools", "--state"];
    desk.run(&[&args[..], &["file"]].concat()).refused(&["file", "not a directory"]);
    desk.run(&[&args[..], &["file/below"]].concat()).refused(&["file/below"]);
    desk.run(&[&args[..], &["x", "--no-state"]].concat()).refused(&["--no-state"]);
}

#[test]
fn unasked_directory_never_costs_the_answer() {
    let desk = Desk::new();
    desk.write("file", "mine");
    let mut command = desk.command(&["--estate", village::estate(), "estate", "show"]);
    command.env("XDG_STATE_HOME", desk.path("file"));
    let done = crate::desk::Done::of(command).ended(0);
    assert!(done.err.starts_with("warning: state directory") && done.err.contains("nothing is kept"), "{}", done.err);
}

#[cfg(target_os = "linux")]
#[test]
fn full_disk_never_costs_the_answer() {
    let desk = Desk::new();
    desk.remember(&GET).ended(0);
    std::os::unix::fs::symlink("/dev/full", desk.path("state/traces.json.partial")).unwrap();
    let done = desk.remember(&GET).ended(0);
    assert!(done.out.contains("Web shop"), "{}", done.out);
    assert!(done.err.starts_with("warning: ") && done.err.contains("No space left"), "{}", done.err);
}

#[test]
fn state_lies_where_it_is_expected() {
    let desk = Desk::new();
    let args = [&["--estate", village::estate()], &GET[..]].concat();
    desk.run(&args).ended(0);
    assert_eq!(entries(&desk.path(".local/state/runner")), ["cache.snapshot", "lock", "profiles.json", "traces.json"]);
    let mode = |path: &str| fs::metadata(desk.path(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(".local/state/runner"), 0o700);
    assert_eq!(mode(".local/state/runner/traces.json"), 0o600);
    assert_eq!(mode(".local/state/runner/cache.snapshot"), 0o600);
}

#[test]
fn nothing_is_kept_unless_wanted() {
    let desk = Desk::new();
    desk.ask(&GET).ended(0);
    assert_eq!(entries(&desk.path("")), Vec::<String>::new());
}

#[test]
fn other_estate_shares_no_answers() {
    let desk = Desk::new();
    desk.remember(&GET).ended(0);
    desk.write("csv/cis.csv", "ci_code,ci_name\nshop,Another shop\n");
    desk.run(&["estate", "import", "csv", "csv", "--out", "e"]).ended(0);
    let other = desk.run(&[&["--state", "state", "--estate", "e"], &GET[..]].concat()).ended(0);
    assert!(other.out.contains("Another shop"), "{}", other.out);
}
