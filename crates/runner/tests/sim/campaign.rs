//! What do many seeds show?

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::runtime::Builder;

use crate::{
    check,
    drive::drive,
    fault::Tally,
    story,
    trial::{Finding, Trial},
    world::World,
};

/// Which seeds are run, and how.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Campaign {
    pub(crate) first: u64,
    pub(crate) seeds: u64,
    pub(crate) threads: u64,
    /// Whether one failure is enough.
    pub(crate) until: Until,
}

/// When a campaign ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Until {
    AllRan,
    #[cfg(planted)]
    OneFailed,
}

impl Until {
    fn is_reached(self, found: &Findings) -> bool {
        self != Self::AllRan && !found.failures.is_empty()
    }
}

/// What many seeds showed.
#[derive(Debug)]
pub(crate) struct Findings {
    pub(crate) seeds: u64,
    pub(crate) calls: u64,
    pub(crate) fired: Tally,
    pub(crate) failures: Vec<Failure>,
    /// By how much deadlines were missed, one each.
    pub(crate) overruns: Vec<Duration>,
}

/// One seed that failed.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) seed: u64,
    pub(crate) invariant: &'static str,
    pub(crate) what: String,
    pub(crate) story: String,
}

/// How often a seed is run twice, to see whether it goes the same way.
const EVERY: u64 = 50;
/// How many failures are told in full; the rest are counted.
const MOST: usize = 20;

impl Campaign {
    /// Runs the seeds, each in a runtime of its own.
    pub(crate) fn run(self) -> Findings {
        let next = AtomicU64::new(0);
        let all = Mutex::new(Findings::new());
        std::thread::scope(|scope| {
            for _ in 0..self.threads {
                scope.spawn(|| self.work(&next, &all));
            }
        });
        let mut all = all.into_inner().unwrap_or_else(PoisonError::into_inner);
        all.failures.sort_by_key(|failure| failure.seed);
        all
    }

    fn work(self, next: &AtomicU64, all: &Mutex<Findings>) {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= self.seeds || self.until.is_reached(&all.lock().unwrap_or_else(PoisonError::into_inner)) {
                return;
            }
            let one = Findings::of(self.first + number);
            all.lock().unwrap_or_else(PoisonError::into_inner).add(one);
        }
    }
}

impl Findings {
    fn new() -> Self {
        Self { seeds: 0, calls: 0, fired: Tally::new(), failures: Vec::new(), overruns: Vec::new() }
    }

    /// Runs one seed and judges it.
    fn of(seed: u64) -> Self {
        let mut found = Self { seeds: 1, ..Self::new() };
        let trial = match let_run(seed) {
            Ok(trial) => trial,
            Err(what) => {
                found.fail(seed, &Finding::new("no_panic_escapes", what), String::new());
                return found;
            }
        };
        found.calls = trial.calls.len() as u64;
        found.fired = trial.fired.clone();
        found.overruns = check::overruns(&trial).collect();
        if let Some(finding) = check::all(&trial).first() {
            found.fail(seed, finding, story::tell(&trial, finding));
        } else if seed.is_multiple_of(EVERY) {
            let again = let_run(seed).ok().and_then(|again| trial.first_difference(&again));
            if let Some(difference) = again {
                found.fail(seed, &Finding::new("seeds_replay_exactly", difference), String::new());
            }
        }
        found
    }

    fn fail(&mut self, seed: u64, finding: &Finding, story: String) {
        self.failures.push(Failure { seed, invariant: finding.invariant, what: finding.what.clone(), story });
    }

    fn add(&mut self, other: Self) {
        self.seeds += other.seeds;
        self.calls += other.calls;
        self.fired.add(&other.fired);
        self.overruns.extend(other.overruns);
        for mut failure in other.failures {
            if self.failures.len() >= MOST {
                failure.story = String::new();
            }
            self.failures.push(failure);
        }
    }
}

/// Lets the world of a seed run; says with what it panicked, if it did.
fn let_run(seed: u64) -> Result<Trial, String> {
    let run = || {
        let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(drive(World::draw(seed)))
    };
    catch_unwind(AssertUnwindSafe(run)).map_err(|payload| text(&*payload))
}

fn text(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().cloned();
    text.or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "a panic".to_owned())
}
