//! Which traces show what a policy is bad at?
//!
//! Each is one way of asking, from a fixed seed, for a cache of [`CAPACITY`] entries. Every policy has one that it loses;
//! what is looked for is a policy that never loses much to LRU.

use benches::dice::{Dice, Zipf};

/// How many entries the cache is to have.
pub(super) const CAPACITY: usize = 1000;
const REQUESTS: usize = 200_000;
const SEED: u64 = 20_260_101;

type Generate = fn(&mut Dice) -> Vec<u64>;

/// Generates every trace, with its name.
pub(super) fn all() -> impl Iterator<Item = (&'static str, Vec<u64>)> {
    let traces: [(&str, Generate); 9] = [
        ("loop", |_| (0..REQUESTS as u64).map(|at| at % 1100).collect()),
        ("scan", scans),
        ("recency", |dice| by_stack_distance(dice, |dice| dice.exponential(500.0))),
        ("recency-edge", |dice| by_stack_distance(dice, |dice| dice.uniform() * 1000.0)),
        ("soon-or-never", soon_or_never),
        ("frequency", |dice| frequency(dice, 0.8)),
        ("frequency-steep", |dice| frequency(dice, 1.1)),
        ("shift", shift),
        ("mixed", mixed),
    ];
    traces.into_iter().map(|(name, generate)| (name, generate(&mut Dice::new(SEED))))
}

/// Zipf over 10,000 keys; after every 5,000 requests, 2,000 keys that are asked once.
fn scans(dice: &mut Dice) -> Vec<u64> {
    let popularity = Zipf::new(10_000, 0.9);
    let once = 1_u64 << 32;
    let request = |at: usize| match at % 7000 {
        ..5000 => popularity.throw(dice) as u64,
        _ => once + at as u64,
    };
    (0..REQUESTS).map(request).collect()
}

/// How far down the list by last use a key is found at most; what is thrown beyond is a new key.
const DEEPEST: usize = 5000;

/// Each request takes the key that as many others were asked for since as `distance` says, or in one of ten cases a new
/// one: popularity tells nothing, last use everything.
///
/// Source: the LRU stack model, e.g. P. J. Denning, "Working Sets Past and Present", IEEE TSE 6(1), 1980.
fn by_stack_distance(dice: &mut Dice, distance: impl Fn(&mut Dice) -> f64) -> Vec<u64> {
    let mut by_last_use: std::collections::VecDeque<u64> = std::collections::VecDeque::new();
    let mut new = 0;
    let mut request = || {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "distances are small and positive")]
        let depth = distance(dice) as usize;
        let key = if dice.chance(0.1) { None } else { by_last_use.remove(depth) };
        let key = key.unwrap_or_else(|| {
            new += 1;
            new
        });
        by_last_use.push_front(key);
        by_last_use.truncate(DEEPEST);
        key
    };
    (0..REQUESTS).map(|_| request()).collect()
}

/// New keys all the way; half of them are asked for once more, within the next 900 requests, and never again.
fn soon_or_never(dice: &mut Dice) -> Vec<u64> {
    let mut again: Vec<Option<u64>> = vec![None; REQUESTS + 901];
    let mut new = 0;
    let mut request = |at: usize| {
        again[at].take().unwrap_or_else(|| {
            new += 1;
            let later = at + 1 + dice.below(900);
            if dice.chance(0.5) && again[later].is_none() {
                again[later] = Some(new);
            }
            new
        })
    };
    (0..REQUESTS).map(&mut request).collect()
}

/// Zipf over 50,000 keys whose popularity does not change: last use tells nothing that the count does not.
fn frequency(dice: &mut Dice, exponent: f64) -> Vec<u64> {
    let popularity = Zipf::new(50_000, exponent);
    (0..REQUESTS).map(|_| popularity.throw(dice) as u64).collect()
}

/// Zipf over 5,000 keys; every 10,000 requests, the most popular 500 make way for 500 new ones.
fn shift(dice: &mut Dice) -> Vec<u64> {
    let popularity = Zipf::new(5000, 0.9);
    (0..REQUESTS).map(|at| (popularity.throw(dice) + at / 10_000 * 500) as u64).collect()
}

/// All of these by turns, 10,000 requests each, their keys apart.
fn mixed(dice: &mut Dice) -> Vec<u64> {
    let parts = [
        frequency(dice, 0.9),
        by_stack_distance(dice, |dice| dice.exponential(500.0)),
        scans(dice),
        (0..REQUESTS as u64).map(|at| at % 1100).collect(),
        shift(dice),
    ];
    let turn = |at: usize| at / 10_000 % parts.len();
    // Each part goes on where it stopped.
    let place = |at: usize| at / (10_000 * parts.len()) * 10_000 + at % 10_000;
    (0..REQUESTS).map(|at| ((turn(at) as u64) << 40) + parts[turn(at)][place(at)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::{lru, opt, trace::Trace};

    fn trace(name: &str) -> Trace {
        Trace::new(all().find(|(known, _)| *known == name).unwrap().1)
    }

    #[track_caller]
    fn check_share(name: &str, hits: usize, expected: f64) {
        let share = hits as f64 / REQUESTS as f64;
        // Five standard deviations of a binomial share, and what filling up takes.
        assert!((share - expected).abs() < 5.0 * (0.25 / REQUESTS as f64).sqrt() + 0.01, "{name}: {share}");
    }

    #[test]
    fn every_trace_has_its_length_and_repeats() {
        let (first, second): (Vec<_>, Vec<_>) = (all().collect(), all().collect());
        assert!(first.iter().all(|(_, keys)| keys.len() == REQUESTS));
        assert!(first == second);
    }

    #[test]
    fn loop_defeats_lru_alone() {
        let looped = trace("loop");
        assert_eq!(lru::hits(&looped, CAPACITY), 0);
        // Of 1,100 keys, a cache that knows holds 1,000 through each round.
        check_share("loop", opt::hits(&looped, CAPACITY), 1000.0 / 1100.0);
    }

    #[test]
    fn lru_hits_what_is_not_deeper_than_it_holds() {
        // Nine in ten requests are no new key, and of those the distance decides.
        let within = 1.0 - (-(CAPACITY as f64) / 500.0).exp();
        check_share("recency", lru::hits(&trace("recency"), CAPACITY), 0.9 * within);
        check_share("recency-edge", lru::hits(&trace("recency-edge"), CAPACITY), 0.9);
    }

    #[test]
    fn lru_is_the_optimum_where_keys_return_soon_or_never() {
        let trace = trace("soon-or-never");
        let most = REQUESTS - trace.distinct;
        assert_eq!(lru::hits(&trace, CAPACITY), most);
        assert!(most > REQUESTS / 5, "{most}");
    }

    #[test]
    fn frequency_follows_zipf() {
        let most_popular = trace("frequency").keys.iter().filter(|key| **key == 0).count();
        let sum: f64 = (1..=50_000).map(|rank| f64::from(rank).powf(-0.8)).sum();
        check_share("frequency", most_popular, 1.0 / sum);
    }
}
