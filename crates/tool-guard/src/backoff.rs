//! How long is waited before the next attempt?

use std::time::Duration;

use crate::random::Random;

/// Draws the wait before attempt `next` (2 is the first that waits): from zero to `base` doubled each time, at most `cap`.
///
/// Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015: "full jitter".
pub(crate) fn wait(base: Duration, cap: Duration, next: u32, random: &Random) -> Duration {
    ceiling(base, cap, next).mul_f64(random.share())
}

fn ceiling(base: Duration, cap: Duration, next: u32) -> Duration {
    let doubled = 2u32.saturating_pow(next.saturating_sub(2));
    base.saturating_mul(doubled).min(cap)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(next: u32, expected: u64) {
        let (base, cap) = (Duration::from_millis(100), Duration::from_secs(5));
        assert_eq!(ceiling(base, cap, next), Duration::from_millis(expected));
    }

    #[test]
    fn ceiling_doubles_up_to_the_cap() {
        check(2, 100);
        check(3, 200);
        check(7, 3200);
        check(8, 5000);
        check(u32::MAX, 5000);
    }

    #[test]
    fn waits_fill_the_whole_range() {
        let random = Random::seeded(1);
        let second = Duration::from_secs(1);
        let waits: Vec<Duration> = (0..1000).map(|_| wait(second, second, 2, &random)).collect();
        assert!(waits.iter().all(|wait| *wait < second));
        for tenth in 0..10 {
            let range = second * tenth / 10..second * (tenth + 1) / 10;
            // 100 expected; fewer than 60 is more than four standard deviations off.
            assert!(waits.iter().filter(|wait| range.contains(wait)).count() > 60);
        }
    }
}
