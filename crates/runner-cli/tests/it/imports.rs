//! What happens to a directory with a mistake in it: file, line and column are named, and nothing is half-imported.

use crate::{
    desk::{Desk, Done, entries},
    village,
};

/// Imports a small directory in which `file` is this text.
#[track_caller]
fn check(file: &str, text: &str, said: &[&str]) {
    let desk = Desk::new();
    desk.write("csv/cis.csv", village::CIS);
    desk.write(&format!("csv/{file}"), text);
    desk.run(&["estate", "import", "csv", "csv", "--out", "e"]).refused(said);
    assert!(!entries(&desk.path("")).iter().any(|name| name.starts_with('e') || name.contains("part")));
}

#[test]
fn bad_row_names_file_line_and_column() {
    check(
        "metrics.csv",
        "time,ci,metric,value\n2026-06-01T00:00:00Z,shop,latency,1\n2026-06-01T00:05:00Z,shop,latency,fast\n",
        &["metrics.csv", "line 3", "column value", "fast"],
    );
    check(
        "metrics.csv",
        "time,ci,metric,value\nnoon,shop,latency,1\n",
        &["metrics.csv", "line 2", "column time", "noon"],
    );
    check("relations.csv", "source,rel_type,target\nshop,DEPENDS_ON,nobody\n", &["relations.csv", "line 2", "nobody"]);
    check(
        "events.csv",
        "time,ci,event_type,severity,title\n2026-06-01T00:00:00Z,shop,alarm,9,x\n",
        &["events.csv", "line 2", "column severity", "9"],
    );
    check("cis.csv", "ci_code\nshop\nshop\n", &["cis.csv", "line 3", "shop"]);
    check("cis.csv", "ci_code,ci_type\nshop\n", &["cis.csv", "line 2"]);
    check("cis.csv", "ci_code,colour\nshop,red\n", &["cis.csv", "colour"]);
    check("metric.csv", "x\n", &["metric.csv"]);
}

#[test]
fn blank_lines_and_quotes_are_counted() {
    check("cis.csv", "ci_code,ci_type\n\n\nshop,SW\n\napi,XX\n", &["cis.csv, line 6, column ci_type", "XX"]);
    check("cis.csv", "ci_code,ci_type\r\nshop,SW\r\napi,XX\r\n", &["cis.csv, line 3, column ci_type", "XX"]);
    check("cis.csv", "ci_code,ci_name,ci_type\n\"shop\",\"a\nb\",SW\napi,x,XX\n", &["cis.csv, line 4, column ci_type"]);
    check("cis.csv", "ci_code,ci_type\n\nshop,SW\n\napi\n", &["cis.csv, line 5: 1 cell where the header has 2"]);
}

#[test]
fn mistake_leaves_the_old_estate() {
    let desk = Desk::new();
    desk.write("csv/cis.csv", village::CIS);
    let import = ["estate", "import", "csv", "csv", "--out", "e"];
    desk.run(&import).ended(0);
    let before = std::fs::read(desk.path("e")).unwrap();
    desk.write("csv/cis.csv", "ci_code\n\n,\n");
    desk.run(&import).refused(&["cis.csv"]);
    assert_eq!(std::fs::read(desk.path("e")).unwrap(), before);
    assert_eq!(entries(&desk.path("")).iter().filter(|name| name.contains("part")).count(), 0);
}

#[test]
fn missing_directory_is_refused() {
    for format in ["csv", "petshop", "nezha"] {
        Desk::new().run(&["estate", "import", format, "nowhere", "--out", "e"]).refused(&["nowhere"]);
    }
    Desk::new().run(&["estate", "import", "xml", "x", "--out", "e"]).refused(&["xml", "petshop"]);
}

#[test]
fn target_that_cannot_be_written_is_told() {
    let desk = Desk::new();
    desk.write("csv/cis.csv", village::CIS);
    desk.run(&["estate", "import", "csv", "csv", "--out", "no/such/e"]).refused(&["no/such/e", "no directory"]);
    desk.run(&["estate", "import", "csv", "csv", "--out", "."]).failed(2, &["is not replaced"]);
    desk.write("notes.txt", "mine");
    desk.run(&["estate", "import", "csv", "csv", "--out", "notes.txt"]).refused(&["notes.txt", "not replaced"]);
    assert_eq!(std::fs::read(desk.path("notes.txt")).unwrap(), b"mine");
}

#[cfg(target_os = "linux")]
#[test]
fn device_is_not_replaced() {
    let desk = Desk::new();
    desk.write("csv/cis.csv", village::CIS);
    desk.run(&["estate", "import", "csv", "csv", "--out", "/dev/full"]).refused(&["/dev/full"]);
}

#[test]
fn empty_estate_is_nothing_to_investigate() {
    let desk = Desk::new();
    desk.write("csv/cis.csv", "ci_code\n");
    desk.run(&["estate", "import", "csv", "csv", "--out", "e"]).ended(0);
    desk.run(&["--no-state", "--estate", "e", "investigate"]).refused(&["empty"]);
    desk.run(&["--no-state", "--estate", "e", "investigate", "shop"]).refused(&["empty"]);
    desk.run(&["--no-state", "--estate", "e", "estate", "show"]).ended(1);
}

#[cfg(target_os = "linux")]
#[test]
fn write_that_fails_leaves_the_old_estate() {
    let desk = Desk::new();
    desk.write("small/cis.csv", village::CIS);
    desk.run(&["estate", "import", "csv", "small", "--out", "e"]).ended(0);
    let before = std::fs::read(desk.path("e")).unwrap();
    village::write_csv(&desk, "csv");
    // A limit on the size of files stands in for a full disk: the write fails half-way, and no root can lift it.
    let limited = "trap '' XFSZ; ulimit -f 64; exec \"$0\" estate import csv csv --out e";
    let mut command = std::process::Command::new("sh");
    command.current_dir(desk.path("")).args(["-c", limited, env!("CARGO_BIN_EXE_runner")]);
    Done::of(command).failed(4, &["error: e: "]);
    assert_eq!(std::fs::read(desk.path("e")).unwrap(), before);
    assert_eq!(entries(&desk.path("")), ["csv", "e", "small"]);
}
