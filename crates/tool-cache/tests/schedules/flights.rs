//! Does everyone get an answer, of one load?

use std::{
    mem::ManuallyDrop,
    sync::{Arc, atomic::Ordering::SeqCst},
};

use shuttle::{
    future::{block_on, yield_now},
    thread,
};

use crate::{
    CacheKey, CachePolicy, Item, LoadError,
    flight::{Boarding, FlightBounds, Flights, Kind, Lead, Lost, Orphan, Place, Plan},
    group::Groups,
    play::{World, fails_in_some_order, holds_in_every_order, poll_once, read},
    stats::Counts,
    sync::{AtomicU64, AtomicUsize, Mutex},
};

const BOUNDS: FlightBounds = FlightBounds { running: 8, orphans: 8 };

/// The flight table before a register, and what a leader does.
struct Field {
    flights: Arc<Flights<u64>>,
    groups: Groups,
    held: Mutex<Option<u64>>,
    loads: AtomicUsize,
    leaders: Mutex<Vec<thread::JoinHandle<()>>>,
}

impl Field {
    fn new() -> Arc<Self> {
        let flights = Arc::new(Flights::new(1, BOUNDS, Arc::new(Counts::default())));
        let (held, leaders) = (Mutex::new(None), Mutex::new(Vec::new()));
        Arc::new(Self { flights, groups: Groups::default(), held, loads: AtomicUsize::new(0), leaders })
    }

    /// Asks as the engine does: looks, boards, looks again in there or not, waits.
    fn ask(self: &Arc<Self>, again: Again, lead: fn(&Self, Lead<u64>)) -> Result<u64, Lost> {
        let look = || *self.held.lock().unwrap();
        if let Some(found) = look() {
            return Ok(found);
        }
        let place = Place { key: CacheKey::new([1; 32]), shard: 0 };
        let plan = Plan { place, kind: Kind::Miss, orphan: Orphan::GoesOn, is_nested: false };
        let again = || if again == Again::Looks { look() } else { None };
        match self.flights.board(plan, self.groups.begin(), again).unwrap() {
            Boarding::Found(found) => Ok(found),
            Boarding::Join(waiter) => block_on(waiter.outcome()),
            Boarding::Lead(leads, waiter) => {
                let field = Arc::clone(self);
                self.leaders.lock().unwrap().push(thread::spawn(move || lead(&field, leads)));
                block_on(waiter.outcome())
            }
            Boarding::Full => panic!("no load runs for long"),
        }
    }

    /// Lets three callers ask at once.
    fn ask_by_three(again: Again, lead: fn(&Self, Lead<u64>)) -> (Vec<Result<u64, Lost>>, usize) {
        let field = Self::new();
        let ask = || {
            let field = Arc::clone(&field);
            thread::spawn(move || field.ask(again, lead))
        };
        let callers: Vec<_> = (0..3).map(|_| ask()).collect();
        let answers = callers.into_iter().map(|caller| caller.join().unwrap()).collect();
        field.leaders.lock().unwrap().drain(..).for_each(|leader| leader.join().unwrap());
        assert_eq!(format!("{:?}", field.flights), "Flights { running: 0, .. }", "a place is lost");
        (answers, field.loads.load(SeqCst))
    }
}

/// Whether a caller looks again once no other load of the key can begin or end.
#[derive(Clone, Copy, PartialEq)]
enum Again {
    Looks,
    Trusts,
}

fn lands(field: &Field, lead: Lead<u64>) {
    field.loads.fetch_add(1, SeqCst);
    lead.land(7, |_| *field.held.lock().unwrap() = Some(7));
}

#[test]
fn callers_of_one_key_share_one_load() {
    holds_in_every_order(|| assert_eq!(Field::ask_by_three(Again::Looks, lands), (vec![Ok(7); 3], 1)));
}

#[test]
fn look_before_the_lock_alone_is_found_out() {
    fails_in_some_order(|| assert_eq!(Field::ask_by_three(Again::Trusts, lands), (vec![Ok(7); 3], 1)));
}

#[test]
fn leader_that_drops_its_duty_is_answered_for() {
    holds_in_every_order(|| {
        let (answers, _) = Field::ask_by_three(Again::Looks, |_, lead| drop(lead));
        assert_eq!(answers, [Err(Lost::Stopped); 3]);
    });
}

#[test]
fn leader_that_dies_in_silence_is_found_out() {
    fails_in_some_order(|| {
        Field::ask_by_three(Again::Looks, |_, lead| {
            let _ = ManuallyDrop::new(lead);
        });
    });
}

/// Lets a caller ask and leave at some time; the load of its key is no more when this returns.
fn leave(world: &World, key: CacheKey) {
    let ended = Arc::new(AtomicU64::new(0));
    let mark = Arc::clone(&ended);
    let truth = Arc::clone(&world.truth);
    let load = move || async move {
        let _end = Ends(mark);
        read(truth).await
    };
    let mut asking = Box::pin(world.cache.get_or_load(&key, load));
    let _ = poll_once(&mut asking);
    thread::yield_now();
    drop(asking);
    // Joins the load, finds what it left or loads anew.
    block_on(world.ask(key));
}

struct Ends(Arc<AtomicU64>);

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.fetch_add(1, SeqCst);
    }
}

#[test]
fn loads_that_were_left_give_their_places_back() {
    // One orphan after the other: there is always room.
    holds_in_every_order(|| {
        let world = World::with(CachePolicy::builder().max_orphans(1));
        (1..4).for_each(|number| leave(&world, world.key(number)));
        let stats = world.cache.stats();
        assert_eq!(stats.aborted, 0, "{stats:?}");
    });
}

#[test]
fn last_caller_that_leaves_strands_nobody() {
    holds_in_every_order(|| {
        // Loads end with their last caller, while another may just join.
        let world = World::with(CachePolicy::builder().max_orphans(0));
        let key = world.key(1);
        let stays = thread::spawn({
            let world = world.clone();
            move || {
                let truth = Arc::clone(&world.truth);
                block_on(world.cache.get_or_load(&key, move || read(truth))).map(|found| *found)
            }
        });
        let truth = Arc::clone(&world.truth);
        let mut leaves = Box::pin(world.cache.get_or_load(&key, move || read(truth)));
        let _ = poll_once(&mut leaves);
        drop(leaves);
        assert_eq!(stays.join().unwrap(), Ok(0));
    });
}

#[test]
fn panic_answers_every_caller() {
    holds_in_every_order(|| {
        let world = World::with(CachePolicy::builder());
        let key = world.key(1);
        let ask = || {
            let world = world.clone();
            thread::spawn(move || {
                let load = || async {
                    yield_now().await;
                    // As a panic, without its message.
                    std::panic::resume_unwind(Box::new(()))
                };
                block_on(world.cache.get_or_load(&key, load)).map(|found| *found)
            })
        };
        let callers = [ask(), ask()];
        for caller in callers {
            assert_eq!(caller.join().unwrap(), Err(LoadError::Panicked));
        }
        assert_eq!(block_on(world.ask(key)), 0);
    });
}

#[test]
fn error_is_shared_by_all_who_wait() {
    holds_in_every_order(|| {
        let world = World::new();
        let key = world.key(1);
        let ask = || {
            let world = world.clone();
            thread::spawn(move || {
                let load = || async {
                    yield_now().await;
                    Err::<Item<u64>, _>("away")
                };
                block_on(world.cache.get_or_load(&key, load)).map(|found| *found)
            })
        };
        let callers = [ask(), ask(), ask()];
        for caller in callers {
            assert_eq!(caller.join().unwrap(), Err(LoadError::Failed("away")));
        }
        let stats = world.cache.stats();
        assert_eq!((stats.loads + stats.shared, stats.load_errors), (3, stats.loads));
    });
}
