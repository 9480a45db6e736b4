use std::collections::BTreeSet;

use super::{END, MAGNITUDES, Plan};
use crate::demo::IncidentKind;

#[test]
fn eight_seeds_have_eight_kinds() {
    for block in 0..8 {
        let kinds: BTreeSet<IncidentKind> = (8 * block..8 * block + 8).map(|seed| Plan::new(seed).kind).collect();
        assert_eq!(kinds.len(), 8, "seeds from {}", 8 * block);
    }
}

#[test]
fn weak_and_strong_incidents_occur() {
    let strong = (0..64).filter(|&seed| Plan::new(seed).magnitude >= 4.0).count();
    assert!((32..60).contains(&strong), "{strong} of 64 are strong");
    let limits = MAGNITUDES[0]..=MAGNITUDES[MAGNITUDES.len() - 1];
    assert!((0..64).all(|seed| limits.contains(&Plan::new(seed).magnitude)));
}

#[test]
fn incidents_begin_within_the_last_hour() {
    for seed in 0..64 {
        let minutes = (END - Plan::new(seed).onset) / 60;
        assert!((20..=60).contains(&minutes), "seed {seed} began {minutes} minutes before the end");
    }
}
