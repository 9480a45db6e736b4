use std::time::Duration;

use proptest::prelude::*;

use super::{Quota, Window};

const QUOTA: Quota = Quota::new(2, Duration::from_nanos(100));

#[test]
fn window_ends_at_its_edge() {
    let window = Window::default().take(QUOTA, 1000).unwrap().take(QUOTA, 1050).unwrap();
    assert_eq!(window.take(QUOTA, 1050).unwrap_err().get(), 50);
    assert_eq!(window.take(QUOTA, 1099).unwrap_err().get(), 1);
    assert!(!window.is_over(QUOTA, 1099) && window.is_over(QUOTA, 1100));
    let next = window.take(QUOTA, 1100).unwrap();
    assert!(next.take(QUOTA, 1199).unwrap().take(QUOTA, 1199).is_err());
}

#[test]
fn window_begins_with_its_first_call() {
    let window = Window::default().take(QUOTA, 1000).unwrap().take(QUOTA, 1000).unwrap();
    let next = window.take(QUOTA, 1350).unwrap().take(QUOTA, 1350).unwrap();
    assert_eq!(next.take(QUOTA, 1400).unwrap_err().get(), 50);
}

#[test]
fn clock_set_back_ends_no_later() {
    let quota = Quota::new(1, Duration::from_secs(3600));
    let hour = 3_600_000_000_000;
    let mut window = Window::default().take(quota, 9 * hour).unwrap();
    window.turn_back(hour);
    assert_eq!(window.take(quota, hour).unwrap_err().get(), hour);
    window.turn_back(2 * hour);
    assert!(window.take(quota, 2 * hour).is_ok());
}

proptest! {
    /// Calls by the book: a list of those in the window that the first of them began.
    #[test]
    fn window_does_as_the_model(calls in 1..5_u32, steps in prop::collection::vec(0..60_u64, 1..100)) {
        let quota = Quota::new(calls, Duration::from_nanos(100));
        let (mut window, mut now) = (Window::default(), 1 << 40);
        let mut inside: Vec<u64> = Vec::new();
        for step in steps {
            now += step;
            if inside.first().is_some_and(|first| now - first >= 100) {
                inside.clear();
            }
            let expected = if inside.len() < calls as usize { Ok(()) } else { Err(100 - (now - inside[0])) };
            let taken = window.take(quota, now);
            prop_assert_eq!(taken.map(drop).map_err(std::num::NonZeroU64::get), expected);
            if let Ok(after) = taken {
                window = after;
                inside.push(now);
            }
        }
    }
}
