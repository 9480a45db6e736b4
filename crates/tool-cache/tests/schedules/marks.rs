//! Do marks tell what began before them?

use crate::{
    epoch::{EpochClock, Marks},
    play::holds_in_every_order,
};

/// How many marks there are before those that nobody holds are forgotten.
const LEAST: usize = 1024;

/// Plays one order: there is but one thread.
fn alone(story: impl Fn() + Send + Sync + 'static) {
    shuttle::check_random(story, 1);
}

#[test]
fn what_began_before_is_struck() {
    alone(|| {
        let (clock, marks) = (EpochClock::default(), Marks::default());
        let mark = marks.get("a");
        let before = clock.now();
        marks.strike("a", &clock);
        assert!(!mark.allows(before) && mark.allows(clock.now()));
        assert!(marks.get("b").allows(before));
    });
}

#[test]
fn mark_met_late_still_strikes() {
    alone(|| {
        let (clock, marks) = (EpochClock::default(), Marks::default());
        let before = clock.now();
        marks.strike("a", &clock);
        assert!(!marks.get("a").allows(before));
    });
}

#[test]
fn forgotten_marks_strike_what_began_before() {
    alone(|| {
        let (clock, marks) = (EpochClock::default(), Marks::default());
        let before = clock.now();
        marks.strike("first", &clock);
        let first = std::sync::Arc::downgrade(&marks.get("first"));
        let held = marks.get("held");
        (0..2 * LEAST).for_each(|number| drop(marks.get(&format!("n{number}"))));
        assert!(first.upgrade().is_none(), "what nobody holds goes");
        assert!(!marks.get("first").allows(before) && marks.get("first").allows(clock.now()));
        assert!(held.allows(before), "what is held is not forgotten");
    });
}

#[test]
fn struck_marks_stay_struck_while_others_are_forgotten() {
    holds_in_every_order(|| {
        let clock = EpochClock::default();
        let marks = std::sync::Arc::new(Marks::forgetting_at(1));
        let before = clock.now();
        let striker = shuttle::thread::spawn({
            let marks = std::sync::Arc::clone(&marks);
            move || marks.strike("a", &clock)
        });
        // Each of these forgets what nobody holds.
        ["b", "c"].into_iter().for_each(|name| drop(marks.get(name)));
        striker.join().unwrap();
        assert!(!marks.get("a").allows(before));
    });
}
