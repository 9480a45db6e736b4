use std::time::Duration;

use proptest::prelude::*;

use super::{Bucket, Rate};

/// A bucket by the book: a rational number of tokens, here as a fraction over `per` in nanoseconds.
struct Model {
    rate: Rate,
    /// Tokens × per: no rounding.
    tokens: u128,
    at: u64,
}

impl Model {
    fn new(rate: Rate) -> Self {
        Self { rate, tokens: u128::from(rate.burst()) * rate.per().as_nanos(), at: 0 }
    }

    fn take(&mut self, now: u64) -> bool {
        let (one, most) = (self.rate.per().as_nanos(), u128::from(self.rate.burst()) * self.rate.per().as_nanos());
        let gained = u128::from(now - self.at) * u128::from(self.rate.calls());
        self.tokens = (self.tokens + gained).min(most);
        self.at = now;
        let enough = self.tokens >= one;
        if enough {
            self.tokens -= one;
        }
        enough
    }
}

fn rates() -> impl Strategy<Value = Rate> {
    let per = prop_oneof![1..50_u64, Just(1_000_000_000), Just(86_400_000_000_000)];
    (1..2000_u32, per, 1..50_u32)
        .prop_map(|(calls, per, burst)| Rate::new(calls, Duration::from_nanos(per)).with_burst(burst))
}

proptest! {
    #[test]
    fn bucket_does_as_the_model(rate in rates(), steps in prop::collection::vec((0..200_u64, 0..3_u32), 1..200)) {
        let (mut model, mut bucket, mut now) = (Model::new(rate), Bucket::default(), 0);
        // A step is of the order of the time that one call costs.
        let unit = u64::try_from(rate.per().as_nanos() / u128::from(rate.calls())).unwrap().max(100) / 100;
        for (step, rest) in steps {
            now += step * unit * if rest == 0 { 1 } else { 0 };
            let taken = bucket.take(rate, now);
            prop_assert_eq!(taken.is_ok(), model.take(now));
            bucket = taken.unwrap_or(bucket);
        }
    }

    /// The wait that is told is exact: one nanosecond less is not enough.
    #[test]
    fn told_wait_is_the_shortest(rate in rates(), extra in 0..1000_u64) {
        let mut bucket = Bucket::default();
        for _ in 0..rate.burst() {
            bucket = bucket.take(rate, extra).unwrap();
        }
        if let Err(wait) = bucket.take(rate, extra) {
            prop_assert!(bucket.take(rate, extra + wait.get()).is_ok());
            prop_assert!(bucket.take(rate, extra + wait.get() - 1).is_err());
        }
    }

    /// Whatever the pattern, no stretch of time brings more than the burst and what the rate gives in it.
    #[test]
    fn no_stretch_exceeds_burst_and_rate(rate in rates(), steps in prop::collection::vec(0..300_u64, 1..150)) {
        let (mut bucket, mut now, mut taken) = (Bucket::default(), 0_u64, Vec::new());
        let unit = u64::try_from(rate.per().as_nanos() / u128::from(rate.calls())).unwrap().max(100) / 100;
        for step in steps {
            now += step * unit;
            if let Ok(after) = bucket.take(rate, now) {
                bucket = after;
                taken.push(now);
            }
        }
        for from in 0..taken.len() {
            for to in from..taken.len() {
                let stretch = u128::from(taken[to] - taken[from]);
                let given = stretch * u128::from(rate.calls()) / rate.per().as_nanos();
                prop_assert!((to - from + 1) as u128 <= u128::from(rate.burst()) + given);
            }
        }
    }
}

#[test]
fn small_step_back_gives_nothing() {
    let rate = Rate::per_second(1);
    let mut bucket = Bucket::default().take(rate, 5_000).unwrap();
    bucket.turn_back(4_000);
    assert_eq!(bucket.take(rate, 4_000).unwrap_err().get(), 1_000_001_000);
    assert!(bucket.take(rate, 1_000_005_000).is_ok());
}

#[test]
fn clock_set_back_refills_from_there() {
    let rate = Rate::per_second(1);
    let hour = 3_600_000_000_000;
    let mut bucket = Bucket::default().take(rate, 2 * hour).unwrap();
    bucket.turn_back(hour);
    assert_eq!(bucket.take(rate, hour).unwrap_err().get(), 1_000_000_000);
    assert!(bucket.take(rate, hour + 1_000_000_000).is_ok());
}
