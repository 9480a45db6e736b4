use proptest::prelude::*;

use super::*;

fn ask(question: u8, at: u64) -> Ask {
    let seconds = Duration::from_secs;
    Ask { question: [question; 32], at: seconds(at), load: seconds(2), ttl: seconds(10), bytes: 100, has_answer: true }
}

fn world(entries: usize) -> World {
    World::new(Bounds { entries, bytes: 1 << 20 })
}

#[test]
fn answer_is_good_until_its_time() {
    let mut world = world(9);
    assert_eq!(world.ask(&ask(1, 0)), None);
    // Loaded at 2, good until 12.
    assert_eq!(world.ask(&ask(1, 11)), Some(Duration::from_secs(2)));
    assert_eq!(world.ask(&ask(1, 12)), None);
}

#[test]
fn call_during_a_load_waits_for_its_rest() {
    let mut world = world(9);
    world.ask(&ask(1, 0));
    assert_eq!(world.ask(&ask(1, 1)), Some(Duration::from_secs(1)));
    let mut unkept = ask(2, 0);
    unkept.ttl = Duration::ZERO;
    world.ask(&unkept);
    assert_eq!(world.ask(&ask(2, 1)), Some(Duration::from_secs(1)));
    assert_eq!(world.ask(&ask(2, 2)), None);
}

#[test]
fn failure_leaves_nothing() {
    let mut world = world(9);
    let failed = Ask { has_answer: false, ..ask(1, 0) };
    assert_eq!(world.ask(&failed), None);
    assert_eq!(world.ask(&ask(1, 3)), None);
}

#[test]
fn byte_bound_turns_the_large_away() {
    let mut world = World::new(Bounds { entries: 9, bytes: 2 * (100 + BOOKKEEPING) });
    world.ask(&Ask { bytes: 5000, ..ask(1, 0) });
    assert_eq!(world.ask(&ask(1, 3)), None);
    world.ask(&ask(2, 3));
    world.ask(&ask(3, 3));
    assert_eq!(world.ask(&ask(1, 6)), None, "the oldest of three went");
    assert_eq!(world.ask(&ask(3, 6)), Some(Duration::from_secs(2)));
}

/// What the simulation is meant to be: a list in order of use, searched from end to end.
#[derive(Default)]
struct Naive(Vec<(Question, Duration, Duration)>);

impl Naive {
    fn is_hit(&mut self, ask: &Ask, entries: usize) -> bool {
        let found = self.0.iter().position(|(question, ..)| *question == ask.question);
        let kept = found.map(|at| self.0[at]);
        match kept {
            Some((_, ready, _)) if ask.at < ready => return true,
            Some((_, _, until)) if ask.at < until => {
                let kept = self.0.remove(found.unwrap());
                self.0.push(kept);
                return true;
            }
            Some(_) => drop(self.0.remove(found.unwrap())),
            None => {}
        }
        if ask.has_answer {
            let ready = ask.at + ask.load;
            self.0.push((ask.question, ready, ready + ask.ttl));
            if self.0.len() > entries {
                self.0.remove(0);
            }
        }
        false
    }
}

proptest! {
    #[test]
    fn world_answers_as_the_naive_list(
        calls in prop::collection::vec((0u8..6, 0u64..4, 0u64..3, 0u64..12, any::<bool>()), 1..80),
        entries in 1usize..6,
    ) {
        let (mut world, mut naive, mut now) = (world(entries), Naive::default(), 0);
        for (question, pause, load, ttl, has_answer) in calls {
            now += pause;
            let (load, ttl) = (Duration::from_secs(load), Duration::from_secs(ttl));
            let ask = Ask { load, ttl, has_answer, ..ask(question, now) };
            prop_assert_eq!(world.ask(&ask).is_some(), naive.is_hit(&ask, entries));
            prop_assert_eq!(world.entries.len(), naive.0.len());
            prop_assert_eq!(world.order.len(), naive.0.len());
        }
        prop_assert_eq!(world.bytes, world.entries.values().map(|kept| kept.weight).sum::<u64>());
    }
}
