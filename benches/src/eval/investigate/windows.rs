//! Which windows of normal operation are asked about?

use std::ops::Range;

use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng;

/// How many windows are asked about in all.
pub(super) const WINDOWS: usize = 200;

/// How many consecutive rows a window has: as many as an incident.
pub(super) const WINDOW_ROWS: usize = 5;

/// The seed of the windows; which one it is does not matter, as long as it stays.
const SEED: u128 = 20_260_601;

/// Throws `count` windows over a normal period of `rows` rows; `stream` tells scenarios apart. None if there are too few
/// rows to leave any for normal.
pub(super) fn windows(rows: usize, count: usize, stream: usize) -> Vec<Range<usize>> {
    let Some(places) = rows.checked_sub(2 * WINDOW_ROWS) else { return Vec::new() };
    let places = (places + WINDOW_ROWS + 1) as u64;
    let mut dice = Pcg64::new(SEED, stream as u128);
    // The remainder of a 64-bit number: too even by far for anyone to notice.
    let start = |_| usize::try_from(dice.next_u64() % places).unwrap_or_default();
    (0..count).map(start).map(|from| from..from + WINDOW_ROWS).collect()
}

/// Shares `count` windows among `parts` scenarios as evenly as possible, the first taking what is left over.
pub(super) fn shares(count: usize, parts: usize) -> Vec<usize> {
    (0..parts).map(|part| count / parts + usize::from(part < count % parts)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn same_seed_same_windows() {
        assert_eq!(windows(589, 100, 0), windows(589, 100, 0));
        assert_ne!(windows(589, 100, 0), windows(589, 100, 1));
        assert_eq!(windows(589, 10, 0), windows(589, 100, 0)[..10]);
    }

    #[test]
    fn windows_lie_within_the_rows() {
        let thrown = windows(12, 500, 0);
        assert!(thrown.iter().all(|window| window.len() == WINDOW_ROWS && window.end <= 12));
        let starts: BTreeSet<usize> = thrown.iter().map(|window| window.start).collect();
        assert_eq!(starts, (0..=7).collect::<BTreeSet<_>>(), "every place is thrown, the first and the last included");
    }

    #[test]
    fn too_few_rows_have_no_window() {
        assert!(windows(9, 100, 0).is_empty());
        assert_eq!(windows(10, 100, 0).len(), 100);
    }

    #[test]
    fn shares_add_up() {
        assert!(shares(200, 0).is_empty());
        assert_eq!(shares(200, 2), [100, 100]);
        assert_eq!(shares(200, 3), [67, 67, 66]);
    }
}
