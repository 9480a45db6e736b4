use std::time::Duration;

use super::*;
use crate::SelectionStrategy;

fn inputs() -> Inputs {
    Inputs {
        profile: Profile::new(0.5, Duration::from_secs(1)),
        reported: ToolSignals::default(),
        stated: ToolSignals::default(),
        bonus: 0.0,
        coverage: 0.0,
    }
}

#[track_caller]
fn check(inputs: &Inputs, name: &str, value: f64, basis: Basis) {
    let all = contributions(inputs, &SelectionStrategy::Balanced.weights());
    let found = all.iter().find(|contribution| contribution.name == name).unwrap();
    assert!((found.value - value).abs() < 1e-12, "{found:?}");
    assert_eq!(found.basis, basis);
}

#[test]
fn unknown_tool_is_taken_by_its_profile() {
    check(&inputs(), "time", 0.5, Basis::Profile);
    check(&inputs(), "load", 1.0, Basis::Assumed);
    check(&inputs(), "cached", 0.0, Basis::Assumed);
}

#[test]
fn reported_goes_before_stated() {
    let stated = ToolSignals::default().with_load(0.25).with_latency(Duration::from_secs(3));
    let both = Inputs { stated, reported: ToolSignals::default().with_load(0.5), ..inputs() };
    check(&both, "load", 0.5, Basis::Reported);
    check(&both, "time", 0.25, Basis::Request);
}

#[test]
fn loads_are_clamped_or_not_believed() {
    let with = |load| Inputs { reported: ToolSignals::default().with_load(load), ..inputs() };
    check(&with(2.0), "load", 0.0, Basis::Reported);
    check(&with(-1000.0), "load", 1.0, Basis::Reported);
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        check(&with(bad), "load", 1.0, Basis::Assumed);
    }
}

#[test]
fn longest_time_is_worth_nothing() {
    let reported = ToolSignals::default().with_latency(Duration::MAX);
    check(&Inputs { reported, ..inputs() }, "time", 0.0, Basis::Reported);
}

#[test]
fn coverage_counts_where_it_weighs() {
    let count = |strategy: SelectionStrategy| contributions(&inputs(), &strategy.weights()).len();
    assert_eq!((count(SelectionStrategy::Balanced), count(SelectionStrategy::MostComplete)), (5, 6));
}
