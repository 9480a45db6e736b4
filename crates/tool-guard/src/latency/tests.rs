use proptest::prelude::*;

use super::*;

const MS: Duration = Duration::from_millis(1);

#[test]
fn nothing_is_known_before_a_run() {
    let vitals = Vitals::new(Some(0.95));
    assert_eq!((vitals.latency(), vitals.health(), vitals.quantile(1)), (None, None, None));
}

#[test]
fn averages_follow_a_change() {
    let vitals = Vitals::new(None);
    vitals.record(MS, Outcome::Good);
    assert_eq!((vitals.latency(), vitals.health()), (Some(MS), Some(1.0)));
    for _ in 0..100 {
        vitals.record(100 * MS, Outcome::Bad);
    }
    assert!(vitals.latency().unwrap() > 99 * MS && vitals.health().unwrap() < 0.01);
}

#[test]
fn few_runs_tell_no_quantile() {
    let vitals = Vitals::new(Some(0.95));
    (0..19).for_each(|_| vitals.record(MS, Outcome::Good));
    assert_eq!(vitals.quantile(20), None);
    vitals.record(MS, Outcome::Good);
    assert!(vitals.quantile(20).is_some());
}

#[test]
fn old_runs_fade() {
    let vitals = Vitals::new(Some(0.95));
    (0..5000).for_each(|_| vitals.record(1000 * MS, Outcome::Good));
    (0..20_000).for_each(|_| vitals.record(MS, Outcome::Good));
    assert!(vitals.quantile(20).unwrap() < 2 * MS);
}

proptest! {
    /// Against a sort: never too short, at most an eighth (and a nanosecond) too long.
    #[test]
    fn quantile_is_an_eighth_too_long_at_most(
        mut nanos in proptest::collection::vec(8u64..100_000_000_000, 1..500),
        share in 0.5f64..0.999,
    ) {
        let vitals = Vitals::new(Some(share));
        nanos.iter().for_each(|nanos| vitals.record(Duration::from_nanos(*nanos), Outcome::Good));
        nanos.sort_unstable();
        let exact = (1..=nanos.len()).find(|rank| *rank as f64 >= share * nanos.len() as f64).unwrap();
        let exact = nanos[exact - 1] as f64;
        let told = vitals.spread.unwrap().quantile().unwrap().as_nanos() as f64;
        prop_assert!(told >= exact && told <= exact * 1.125 + 1.0, "{} for {}", told, exact);
    }
}
