//! What happens to a time that is none, or that the data does not reach.

use crate::{desk::Desk, village};

#[track_caller]
fn check(at: &str, said: &[&str]) {
    Desk::new().ask(&["investigate", "shop", "--at", at]).refused(said);
}

#[test]
fn malformed_time_shows_a_good_one() {
    check("yesterday", &["--at yesterday", "RFC 3339", "2026-11-22T10:00:00Z"]);
    check("2026-06-01", &["RFC 3339"]);
}

#[test]
fn time_outside_names_the_period() {
    let period = ["outside the data", "2026-05-31T12:00:00Z", "2026-06-01T12:00:00Z"];
    check("2020-01-01T00:00:00Z", &period);
    check("2030-01-01T00:00:00Z", &period);
    check("2026-05-31T12:00:00Z", &period);
}

#[test]
fn other_offsets_mean_the_same_instant() {
    let desk = Desk::new();
    let at =
        |at: &str| desk.ask(&["investigate", "shop", "--json", "--at", at]).ended(0).json()["subject"]["at"].clone();
    assert_eq!(at("2026-06-01T13:50:00+02:00"), at("2026-06-01T11:50:00Z"));
}

#[test]
fn estate_without_data_says_so() {
    let desk = Desk::new();
    desk.write("csv/cis.csv", village::CIS);
    desk.run(&["estate", "import", "csv", "csv", "--out", "e"]).ended(0);
    desk.run(&["--no-state", "--estate", "e", "investigate", "shop"]).refused(&["no data"]);
}
