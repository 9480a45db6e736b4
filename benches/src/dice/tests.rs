//! Are the numbers distributed as their names say?

use super::*;

const THROWS: usize = 100_000;

/// Checks a share of many throws against its probability, within five standard deviations of the binomial law.
#[track_caller]
fn check_share(p: f64, mut event: impl FnMut(&mut Dice) -> bool) {
    let mut dice = Dice::new(7);
    let share = (0..THROWS).filter(|_| event(&mut dice)).count() as f64 / THROWS as f64;
    let deviation = (p * (1.0 - p) / THROWS as f64).sqrt();
    assert!((share - p).abs() < 5.0 * deviation, "{share} instead of {p}");
}

#[test]
fn same_seed_throws_the_same() {
    let throw = |seed| (0..10).map(|_| Dice::new(seed).below(1_000_000)).collect::<Vec<_>>();
    assert_eq!(throw(1), throw(1));
    assert_ne!(throw(1), throw(2));
}

#[test]
fn zipf_follows_its_law() {
    let zipf = Zipf::new(3, 1.0);
    // 1 + 1/2 + 1/3 = 11/6.
    check_share(6.0 / 11.0, |dice| zipf.throw(dice) == 0);
    check_share(3.0 / 11.0, |dice| zipf.throw(dice) == 1);
    check_share(2.0 / 11.0, |dice| zipf.throw(dice) == 2);
}

#[test]
fn tails_follow_their_laws() {
    check_share(0.25, |dice| dice.pareto(1.0, 2.0) > 2.0);
    check_share((-3.0_f64).exp(), |dice| dice.exponential(2.0) > 6.0);
    // Normal: beyond one deviation above the mean, and the median of the lognormal.
    check_share(0.158_655, |dice| dice.normal() > 1.0);
    check_share(0.5, |dice| dice.lognormal(20.0, 1.5) > 20.0);
    check_share(0.2, |dice| dice.below(5) == 4);
}
