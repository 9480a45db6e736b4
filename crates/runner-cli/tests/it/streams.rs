//! What goes to stdout and what to stderr, and what if nobody reads.

use std::process::Stdio;

use crate::{
    desk::{Desk, Done},
    village,
};

#[test]
fn options_stand_before_or_after() {
    let desk = Desk::new();
    let tool = ["call", "ci.get_by_code", "-p", "ci_code=shop"];
    let common = ["--json", "--no-state", "--estate", village::estate(), "--tenant", "default"];
    let before = desk.run(&[&common[..], &tool[..]].concat()).ended(0).json();
    let after = desk.run(&[&tool[..], &common[..]].concat()).ended(0).json();
    assert_eq!(before["result"], after["result"]);
}

#[test]
fn failures_are_one_document_too() {
    let desk = Desk::new();
    for args in [
        &["call", "no.such"][..],
        &["investigate", "nobody"],
        &["call", "metric.series", "-p", "x"],
        &["runn"],
        &["select", "a", "--top", "many"],
        &["--estate", "nowhere", "tools"],
        &["config", "check", "nowhere"],
    ] {
        let done = desk.ask(&[args, &["--json"]].concat());
        assert_eq!(done.code, 2, "{args:?}: {}", done.err);
        let document = done.json();
        assert!(document["error"]["kind"].is_string(), "{document}");
        assert!(!document["error"]["message"].as_str().unwrap().is_empty(), "{document}");
    }
}

#[test]
fn usage_error_names_what_is_missing() {
    let done = Desk::new().run(&["estate", "import", "csv", "x", "--json"]).refused(&["--out"]);
    assert!(done.json()["error"]["message"].as_str().unwrap().contains("--out <FILE>"), "{}", done.out);
}

#[test]
fn failures_leave_stdout_empty() {
    let done = Desk::new().ask(&["investigate", "nobody"]).ended(2);
    assert_eq!(done.out, "");
}

#[test]
fn bare_program_shows_usage() {
    let done = Desk::new().run(&[]).ended(2);
    assert!(done.err.contains("Usage: runner") && done.err.contains("investigate"), "{}", done.err);
    assert_eq!(done.out, "");
    let asked = Desk::new().run(&["--help"]).ended(0);
    assert!(asked.out.contains("Exit codes: 0 done"), "{}", asked.out);
    assert_eq!(Desk::new().run(&["--version"]).ended(0).out, format!("runner {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn reader_may_go_away() {
    let desk = Desk::new();
    for args in [&["completions", "bash"][..], &["tools", "--json"], &["investigate"]] {
        let mut command = desk.command(&[&["--no-state", "--estate", village::estate()], args].concat());
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let done = Done::from(child.wait_with_output().unwrap());
        assert_eq!((done.code, done.err.as_str()), (0, ""), "{args:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn full_output_is_told() {
    let desk = Desk::new();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = desk.command(&["completions", "bash"]).stdin(Stdio::null()).stdout(full).output().unwrap();
    Done::from(output).failed(4, &["standard output cannot be written"]);
}

#[test]
fn logs_never_reach_stdout() {
    let done = Desk::new().ask(&["-vv", "investigate", "--json"]).ended(0);
    assert_eq!(done.json()["verdict"], "suspect_found");
}
