use std::{sync::Barrier, thread};

use proptest::prelude::*;

use super::Slots;

#[test]
fn places_grow_beyond_a_block() {
    let slots = Slots::default();
    let taken: Vec<_> = (0..200).map(|tool| slots.take(tool, 7)).collect();
    assert_eq!(slots.count(), 200);
    let mut tools: Vec<usize> = slots.list().map(|(tool, _)| tool).collect();
    tools.sort_unstable();
    assert_eq!(tools, (0..200).collect::<Vec<_>>());
    taken.into_iter().for_each(super::Taken::leave);
    assert_eq!((slots.count(), slots.list().count()), (0, 0));
}

proptest! {
    /// Whatever comes and goes, who is inside is who came and did not go.
    #[test]
    fn list_is_who_came_and_did_not_go(ops in prop::collection::vec(prop::option::weighted(0.4, any::<prop::sample::Index>()), 0..300)) {
        let slots = Slots::default();
        let mut inside = Vec::new();
        for (number, op) in ops.into_iter().enumerate() {
            match op {
                Some(index) if !inside.is_empty() => {
                    let (_, _, taken): (usize, u64, super::Taken<'_>) = inside.swap_remove(index.index(inside.len()));
                    taken.leave();
                }
                _ => {
                    let since = number as u64 + 1;
                    inside.push((number, since, slots.take(number, since)));
                }
            }
        }
        let mut expected: Vec<(usize, u64)> = inside.iter().map(|(tool, since, _)| (*tool, *since)).collect();
        let mut listed: Vec<(usize, u64)> = slots.list().collect();
        expected.sort_unstable();
        listed.sort_unstable();
        prop_assert_eq!(slots.count(), expected.len() as u64);
        prop_assert_eq!(listed, expected);
    }
}

#[test]
fn threads_never_share_a_place() {
    let slots = Slots::default();
    let start = Barrier::new(4);
    thread::scope(|scope| {
        for thread in 0..4 {
            let (slots, start) = (&slots, &start);
            scope.spawn(move || {
                start.wait();
                for round in 0..2000 {
                    let held: Vec<_> = (0..round % 70).map(|_| slots.take(thread, 1)).collect();
                    assert!(slots.count() >= held.len() as u64);
                    held.into_iter().for_each(super::Taken::leave);
                }
            });
        }
    });
    assert_eq!(slots.count(), 0);
}
