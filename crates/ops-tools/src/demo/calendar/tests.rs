use super::{DAY_ROWS, END, ROWS, Rhythm, START, STEP, load, time_of};

#[test]
fn week_ends_at_the_stated_instant() {
    let end: jiff::Timestamp = "2026-06-01T12:00:00Z".parse().unwrap();
    assert_eq!(END, end.as_second());
    assert_eq!(END - START, 7 * 86_400);
    assert_eq!(time_of(ROWS - 1), END - STEP);
}

#[test]
fn load_never_jumps() {
    for rhythm in [Rhythm::Shoppers, Rhythm::Phones, Rhythm::Office] {
        let widest = (1..ROWS).map(|row| (load(rhythm, row) - load(rhythm, row - 1)).abs()).fold(0.0, f64::max);
        assert!(widest < 0.03, "{rhythm:?} jumps by {widest}");
    }
}

#[test]
fn days_repeat_and_weekends_are_quieter() {
    // Rows count from Monday noon: day 5 is Saturday.
    let noon = |day: usize| load(Rhythm::Shoppers, day * DAY_ROWS);
    assert!((noon(1) / noon(0) - 1.0).abs() < 0.02);
    assert!(noon(5) < noon(4) && noon(6) < noon(4));
}

#[test]
fn nights_are_quieter_than_noons() {
    let (noon, night) = (load(Rhythm::Phones, 0), load(Rhythm::Phones, DAY_ROWS / 2 + 36));
    assert!(night < 0.5 * noon, "night {night}, noon {noon}");
}
