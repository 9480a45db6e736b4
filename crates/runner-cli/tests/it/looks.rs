//! How human output looks: within 80 cells, without escapes where nobody sees colour.

use unicode_width::UnicodeWidthStr;

use crate::{desk::Desk, village};

/// What a person types; `{}` is nothing special here.
const TYPED: [&[&str]; 25] = [
    &["investigate"],
    &["investigate", "db-main"],
    &["investigate", "shop", "--at", "2026-06-01T10:00:00Z"],
    &["call", "ci.search", "-p", "keywords=db"],
    &["call", "ci.get", "-p", "ci_id=shop"],
    &["call", "metric.series", "-p", "ci_id=shop", "-p", "metric_name=latency"],
    &["call", "metric.compare", "-p", "ci_ids=shop,api,db-main"],
    &["call", "metric.list"],
    &["call", "graph.expand", "-p", "ci_id=shop", "-p", "view=DEPENDENCIES"],
    &["call", "history.event_log"],
    &["run", "search_with_context", "-p", "keywords=db-main"],
    &["run", "investigate", "-p", "ci=shop"],
    &["ask", "peak cpu of db-main since yesterday 14:00", "--explain"],
    &["ask", "what breaks if db-main goes down"],
    &["ask", "please restart the Web shop, then tell everybody about it as soon as it is done"],
    &["tools"],
    &["tools", "metric.series"],
    &["select", "SEARCH"],
    &["select", "SEARCH", "--explain"],
    &["select", "shortest path between servers", "--explain"],
    &["estate", "show"],
    &["stats"],
    &["config", "show"],
    &["trace", "list"],
    &["cache", "advise"],
];

#[track_caller]
fn check(said: &str, args: &[&str]) {
    assert!(!said.is_empty(), "{args:?}");
    for line in said.lines() {
        assert!(line.width() <= 80, "{args:?}: {} cells: {line}", line.width());
        assert!(!line.chars().any(char::is_control), "{args:?}: {line:?}");
        assert_eq!(line.trim_end(), line, "{args:?}");
    }
}

#[test]
fn lines_keep_eighty_cells() {
    let desk = Desk::new();
    for args in TYPED {
        check(&desk.remember(args).out, args);
    }
    village::write_csv(&desk, "csv");
    let args = ["estate", "import", "csv", "csv", "--out", "e"];
    check(&desk.run(&args).out, &args);
}

#[test]
fn help_keeps_eighty_cells() {
    let desk = Desk::new();
    let commands = [
        "investigate",
        "ask",
        "call",
        "tools",
        "select",
        "run",
        "estate",
        "trace",
        "stats",
        "cache",
        "config",
        "completions",
    ];
    for command in commands {
        for args in [[command, "--help"], [command, "-h"]] {
            check_help(&desk.run(&args).ended(0).out, command);
        }
    }
    for args in [&["--help"][..], &["estate", "import", "--help"], &["trace", "show", "--help"]] {
        check_help(&desk.run(args).ended(0).out, "help");
    }
}

#[track_caller]
fn check_help(said: &str, command: &str) {
    assert!(said.contains("Usage: runner"), "{command}");
    assert!(!said.contains('\u{1b}'), "{command}");
    assert!(said.lines().all(|line| line.width() <= 80), "{said}");
}

#[test]
fn demo_keeps_eighty_cells() {
    for seed in ["demo:1", "demo:3"] {
        let args = ["--no-state", "--estate", seed, "investigate"];
        check(&Desk::new().run(&args).out, &args);
    }
}

#[test]
fn hostile_names_stay_in_their_line() {
    let desk = Desk::new();
    let name = format!("evil\u{1b}[31m {}", "데이터".repeat(40));
    desk.write("csv/cis.csv", format!("ci_code,ci_name\n\"it's $HOME\",{name}\n"));
    desk.run(&["estate", "import", "csv", "csv", "--out", "e"]).ended(0);
    let args = ["--no-state", "--estate", "e", "call", "ci.search", "-p", "keywords=it"];
    let said = desk.run(&args).ended(0).out;
    check(&said, &args);
    assert!(said.contains("it's $HOME"), "{said}");
    check(&desk.run(&["--no-state", "--estate", "e", "call", "ci.get", "-p", "ci_id=it's $HOME"]).out, &args);
}

#[test]
fn numbers_are_rounded_for_people() {
    let said = Desk::new().ask(&["call", "metric.aggregate", "-p", "ci_id=shop", "-p", "metric_name=latency"]).out;
    let digits = |word: &str| word.chars().filter(char::is_ascii_digit).count();
    let longest = said.split_whitespace().filter(|word| word.parse::<f64>().is_ok()).map(digits).max();
    assert!(longest.unwrap() <= 8, "{said}");
}
