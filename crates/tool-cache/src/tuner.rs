//! Which kind of requests are these: such that come back for long, or such that come back soon?
//!
//! The store keeps most of its room for entries that were asked for again. That is right for most traffic, and far
//! below LRU where entries are asked for again but once, and not at once. So two small shadows, which hold keys only,
//! play both ways on a sample of the keys; the store follows the one that is ahead. In a small cache all keys are the
//! sample: there they watch all the time at first, and then in turns, so that one request in eight pays for them.
//!
//! Source: C. Waldspurger et al., Efficient MRC Construction with SHARDS, FAST 2015 (a cache is simulated by a small
//! one over a sample of its keys); E. Page, Continuous Inspection Schemes, Biometrika 1954 (when a sum tells a change).

use std::{
    fmt,
    sync::{
        Mutex, TryLockError,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
};

use quick_cache::{Lifecycle, Options, OptionsBuilder, Weighter, unsync};

use crate::{CacheKey, key::AsIs};

/// How many entries a shadow simulates with, about.
const SHADOW: u64 = 128;
/// The most keys that stand for one in a shadow.
const MAX_RATE: u64 = 64;
/// The least entries of a cache that is tuned: below, samples are too small to tell.
const LEAST: u64 = 64;
/// How far one shadow must be ahead of the other, in hits by its entries, before the store follows it. On public traces
/// a half switches rarely, and loses 0.1 points at most where both ways are equal.
const LEAD: f64 = 0.5;

/// How many spells of watching there are at first without a break. A spell is as many insertions as a shadow has entries.
const FIRST: u64 = 32;
/// How many spells they watch in turn after that; the first of them renews what they hold, and is not judged by.
const WATCHED: u64 = 8;
/// One of how many requests they watch in the long run, at most. Watching an eighth of that at 1,000 entries
/// cost orm-night up to 0.4 points.
const SHARE: u64 = 8;

/// Watches a sample of the requests.
pub(crate) struct Tuner {
    mask: u64,
    /// How many insertions of the sample there were.
    inserted: AtomicU64,
    /// A spell's insertions are two to this power.
    spell: u32,
    /// How many spells pass from one turn of watching to the next.
    cycle: u64,
    asleep: AtomicBool,
    recent: AtomicBool,
    shadows: Option<Mutex<Shadows>>,
}

struct Shadows {
    lasting: Shadow,
    recent: Shadow,
    /// How many hits the recent one is ahead, within the bounds either way.
    ahead: f64,
    /// Whether they hold what they would hold had they watched all the time, about.
    judged: bool,
    most: f64,
}

/// What a shadow is to simulate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    /// How many entries the cache holds, about.
    pub(crate) entries: u64,
    pub(crate) weight: u64,
    pub(crate) hot: f64,
}

impl Tuner {
    pub(crate) fn new(size: Size) -> Self {
        let rate = (size.entries / SHADOW).max(1).next_power_of_two().min(MAX_RATE);
        let shadows = (size.entries >= LEAST).then(|| {
            let (entries, weight) = (size.entries / rate, (size.weight / rate).max(1));
            let shadow = || Shadow::new(Size { entries, weight, ..size });
            let most = entries as f64 * LEAD;
            Mutex::new(Shadows { lasting: shadow(), recent: shadow(), ahead: 0.0, judged: true, most })
        });
        Self {
            mask: rate - 1,
            inserted: AtomicU64::new(0),
            spell: (size.entries / rate).max(1).next_power_of_two().trailing_zeros(),
            cycle: WATCHED * (SHARE / rate).max(1),
            asleep: AtomicBool::new(false),
            recent: AtomicBool::new(false),
            shadows,
        }
    }

    /// Returns whether entries that were asked for lately are to be kept before those that were asked for often.
    pub(crate) fn prefers_recent(&self) -> bool {
        self.recent.load(Relaxed)
    }

    /// Notes a look-up that found an entry of so much weight.
    #[inline]
    pub(crate) fn hit(&self, key: &CacheKey, weight: impl FnOnce() -> u64) {
        if self.watches(key) {
            self.watch(|shadows| shadows.look(key, Some(weight())));
        }
    }

    /// Notes a look-up that found nothing; an insertion will mostly follow.
    pub(crate) fn miss(&self, key: &CacheKey) {
        if self.watches(key) {
            self.watch(|shadows| shadows.look(key, None));
        }
    }

    /// Notes an insertion.
    pub(crate) fn insert(&self, key: &CacheKey, weight: u64) {
        if !self.samples(key) {
            return;
        }
        let number = self.inserted.fetch_add(1, Relaxed);
        if number.trailing_zeros() >= self.spell {
            self.begin_spell(number >> self.spell);
        }
        if !self.asleep.load(Relaxed) {
            self.watch(|shadows| shadows.insert(key, weight));
        }
    }

    #[cold]
    fn begin_spell(&self, number: u64) {
        let (place, is_steady) = (number % self.cycle, number < FIRST || self.cycle == WATCHED);
        self.asleep.store(!is_steady && place >= WATCHED, Relaxed);
        if place < WATCHED {
            self.watch(|shadows| shadows.judged = is_steady || place > 0);
        }
    }

    fn watches(&self, key: &CacheKey) -> bool {
        self.samples(key) && !self.asleep.load(Relaxed)
    }

    fn samples(&self, key: &CacheKey) -> bool {
        // Bits that neither the store's shards nor its tables look at.
        self.shadows.is_some() && key.third() & self.mask == 0
    }

    #[cold]
    fn watch(&self, watch: impl FnOnce(&mut Shadows)) {
        let Some(shadows) = &self.shadows else { return };
        // Who comes when another is in there leaves it: a sample may miss some.
        let mut shadows = match shadows.try_lock() {
            Ok(shadows) => shadows,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        watch(&mut shadows);
        match shadows.ahead {
            ahead if ahead >= shadows.most => self.recent.store(true, Relaxed),
            ahead if ahead <= -shadows.most => self.recent.store(false, Relaxed),
            _ => {}
        }
    }
}

impl Shadows {
    fn look(&mut self, key: &CacheKey, weight: Option<u64>) {
        let hit = |shadow: &mut Shadow| f64::from(u8::from(shadow.cache.get(&key.short()).is_some()));
        let (lasting, recent) = (hit(&mut self.lasting), hit(&mut self.recent));
        if self.judged {
            self.ahead = (self.ahead + recent - lasting).clamp(-self.most, self.most);
        }
        if let Some(weight) = weight {
            self.insert(key, weight);
        }
    }

    /// Adds a key where it is missing.
    fn insert(&mut self, key: &CacheKey, weight: u64) {
        let key = key.short();
        if self.lasting.cache.peek(&key).is_none() {
            self.lasting.insert(key, weight);
        }
        if self.recent.cache.peek(&key).is_none() {
            self.recent.insert_recent(key, weight);
        }
    }
}

impl fmt::Debug for Tuner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tuner").field("prefers_recent", &self.prefers_recent()).finish_non_exhaustive()
    }
}

/// A cache of keys.
struct Shadow {
    cache: unsync::Cache<u64, u64, Itself, AsIs, LeftCold>,
}

impl Shadow {
    fn new(size: Size) -> Self {
        let options = options(1, size);
        Self { cache: unsync::Cache::with_options(options, Itself, AsIs::default(), LeftCold) }
    }

    fn insert(&mut self, key: u64, weight: u64) {
        self.cache.insert(key, weight);
    }

    fn insert_recent(&mut self, key: u64, weight: u64) {
        let mut left = None;
        self.cache.insert_with_lifecycle(key, weight, &mut left);
        // As the store does it: what leaves from the cold ring moves to the hot one.
        for _ in 0..MAX_MOVES {
            let Some((key, weight)) = left.take() else { return };
            self.cache.insert_with_lifecycle(key, weight, &mut left);
        }
    }
}

/// How many entries move from the cold ring to the hot one in one insertion at most; one, but just after a change.
pub(crate) const MAX_MOVES: usize = 4096;

/// Returns what quick_cache is to be made with.
pub(crate) fn options(shards: usize, size: Size) -> Options {
    let mut options = OptionsBuilder::new();
    options.shards(shards).hot_allocation(size.hot).weight_capacity(size.weight);
    // Estimated so that quick_cache does not lower the number of shards.
    options.estimated_items_capacity(usize::try_from(size.entries).unwrap_or(usize::MAX).max(shards * 32));
    // The three settings that it demands are set.
    options.build().unwrap_or_else(|error| unreachable!("{error}"))
}

#[derive(Debug, Clone)]
struct Itself;

impl Weighter<u64, u64> for Itself {
    fn weight(&self, _key: &u64, weight: &u64) -> u64 {
        *weight
    }
}

#[derive(Debug, Clone)]
struct LeftCold;

impl Lifecycle<u64, u64> for LeftCold {
    type RequestState = Option<(u64, u64)>;

    fn on_evict_cold(&self, left: &mut Self::RequestState, key: u64, weight: u64) {
        *left = Some((key, weight));
    }

    fn on_evict_hot(&self, _left: &mut Self::RequestState, _key: u64, _weight: u64) {}
}
