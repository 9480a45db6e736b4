use super::super::dice::{Dice, Stream};
use super::{DAY_ROWS, ROWS, Usual, latest, median, percentile};

/// A week of a course over the day plus normal noise of deviation 2.
fn week() -> Vec<f64> {
    let mut dice = Dice::new(5, Stream::Noise);
    (0..ROWS).map(|row| course(row) + 2.0 * dice.normal()).collect()
}

/// A triangle over the day.
fn course(row: usize) -> f64 {
    let slot = row % DAY_ROWS;
    slot.min(DAY_ROWS - slot) as f64
}

#[test]
fn noise_is_measured_around_the_rhythm() {
    let usual = Usual::of(&week());
    assert!((usual.deviation - 2.0).abs() < 0.25, "{}", usual.deviation);
    assert!((usual.at(ROWS - 100) - course(ROWS - 100)).abs() < 2.0);
}

#[test]
fn recent_rows_are_not_usual() {
    let calm = week();
    let mut hit = calm.clone();
    hit[ROWS - 20..].iter_mut().for_each(|value| *value += 500.0);
    assert_eq!(Usual::of(&hit).latest().to_bits(), Usual::of(&calm).latest().to_bits());
    assert!(latest(&hit) - latest(&calm) > 499.0);
}

#[test]
fn percentiles_match_a_sorted_list() {
    let mut values: Vec<f64> = (0..101_u32).map(|x| f64::from(x * 37 % 101)).collect();
    assert_eq!(percentile(&mut values, 0).to_bits(), 0.0_f64.to_bits());
    assert_eq!(median(&mut values).to_bits(), 50.0_f64.to_bits());
    assert_eq!(percentile(&mut values, 100).to_bits(), 100.0_f64.to_bits());
    assert_eq!(median(&mut []).to_bits(), 0.0_f64.to_bits());
}
