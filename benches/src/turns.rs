//! How are sides compared that a machine disturbs?

use std::hint::black_box;
use std::time::Duration;

use tool_core::{Clock, SystemClock};

use crate::Outcome;

/// How many calls one measured time spans.
pub(crate) const BATCH: usize = 64;

/// Measures sides in turns, batch by batch: `prepare` makes fresh input for a round, outside the measured time; each side
/// returns what one of its calls took. Who goes first changes with every round. Returns the medians.
///
/// # Errors
///
/// Whatever `prepare` fails with.
pub(crate) fn medians<T, const N: usize>(
    rounds: usize,
    mut prepare: impl FnMut(usize) -> Outcome<T>,
    sides: &mut [&mut dyn FnMut(&T) -> f64; N],
) -> Outcome<[f64; N]> {
    let mut times: [Vec<f64>; N] = std::array::from_fn(|_| Vec::with_capacity(rounds));
    for round in 0..rounds {
        let input = prepare(round)?;
        for turn in 0..N {
            let side = (round + turn) % N;
            times[side].push(sides[side](&input));
        }
    }
    Ok(times.map(median))
}

/// Returns the time of one call, in nanoseconds: `call` is made of each item, and its result is not optimised away.
pub(crate) fn per_call<T, R>(items: &[T], mut call: impl FnMut(&T) -> R) -> f64 {
    let took = timed(|| items.iter().for_each(|item| drop(black_box(call(black_box(item))))));
    took.as_secs_f64() * 1e9 / items.len() as f64
}

/// Returns how long it takes.
pub(crate) fn timed(run: impl FnOnce()) -> Duration {
    let clock = SystemClock::new();
    let started = clock.now();
    run();
    clock.now() - started
}

/// Returns the middle one, the upper of two.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_side_sees_every_input() {
        let (mut first, mut second) = (Vec::new(), Vec::new());
        let count = |seen: &mut Vec<usize>, input: &usize, value: f64| {
            seen.push(*input);
            value
        };
        let mut one = |input: &usize| count(&mut first, input, *input as f64);
        let mut two = |input: &usize| count(&mut second, input, 7.0);
        assert_eq!(
            medians(5, Ok, &mut [&mut one, &mut two]).unwrap().map(f64::to_bits),
            [2.0_f64, 7.0].map(f64::to_bits)
        );
        assert_eq!((first, second), (vec![0, 1, 2, 3, 4], vec![0, 1, 2, 3, 4]));
    }
}
