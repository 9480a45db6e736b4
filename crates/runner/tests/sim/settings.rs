//! What are the layers told, and what are they held to?

use std::time::Duration;

use runner::{
    tool_cache::CachePolicy,
    tool_guard::{
        BreakerPolicy, BreakerWindow, Excess, GuardPolicy, HedgeAfter, HedgePolicy, LimitPolicy, ResultPolicy,
        RetryPolicy, Validation,
    },
};

use crate::dice::Dice;

/// The settings of one world, small enough that every one of them is reached.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    /// What the guard's chance follows from.
    pub(crate) seed: u64,
    pub(crate) cache: Cache,
    pub(crate) timeout: Duration,
    pub(crate) max_timeout: Duration,
    pub(crate) limit: Option<Limit>,
    pub(crate) total: Option<Limit>,
    pub(crate) retry: Option<Retry>,
    pub(crate) breaker: Option<Breaker>,
    pub(crate) hedge: Option<Hedge>,
    pub(crate) result: Option<Bounds>,
    pub(crate) rate: Option<Rate>,
}

/// How long answers are good, and how many there may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cache {
    pub(crate) max_entries: usize,
    pub(crate) max_flights: usize,
    pub(crate) max_orphans: usize,
    pub(crate) default_ttl: Duration,
    pub(crate) negative_ttl: Duration,
    pub(crate) hard_ttl: Duration,
    pub(crate) while_revalidate: Duration,
    pub(crate) if_error: Duration,
    pub(crate) retry_interval: Duration,
    pub(crate) jitter: f64,
    pub(crate) early_refresh: f64,
}

/// How many may run, and how many wait.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) size: u32,
    pub(crate) queue: u32,
    /// The most that it may grow to by itself, if it may.
    pub(crate) adaptive: Option<u32>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Retry {
    pub(crate) attempts: u32,
    pub(crate) timeout: Duration,
    pub(crate) budget: f64,
    pub(crate) floor: f64,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Breaker {
    pub(crate) window: BreakerWindow,
    pub(crate) min_calls: u32,
    pub(crate) slow_call: Duration,
    pub(crate) open_for: Duration,
    pub(crate) max_open: Duration,
    pub(crate) probes: u32,
    pub(crate) lease: Duration,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Hedge {
    pub(crate) after: HedgeAfter,
    pub(crate) budget: f64,
}

/// What a tool may return.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) excess: Excess,
    pub(crate) validation: Validation,
}

/// How often each principal may call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rate {
    pub(crate) per_second: u32,
    pub(crate) burst: u32,
}

impl Settings {
    pub(crate) fn draw(dice: &mut Dice) -> Self {
        let timeout = dice.millis(2_000..=20_000);
        Self {
            seed: dice.within(0..=u64::MAX - 1),
            cache: Cache::draw(dice),
            timeout,
            max_timeout: timeout + dice.millis(0..=9_000),
            limit: dice.percent(75).then(|| Limit::draw(dice, 1, 5)),
            total: dice.percent(40).then(|| Limit::draw(dice, 3, 10)),
            retry: dice.percent(75).then(|| Retry::draw(dice)),
            breaker: dice.percent(60).then(|| Breaker::draw(dice)),
            hedge: dice.percent(35).then(|| Hedge::draw(dice)),
            result: dice.percent(70).then(|| Bounds::draw(dice)),
            rate: dice.percent(15).then(|| Rate::draw(dice)),
        }
    }

    /// Returns the configuration of the facade: what is not in a policy of its own.
    pub(crate) fn toml(&self) -> String {
        let rate =
            self.rate.map(|Rate { per_second, burst }| format!("principal_rate = \"{per_second}/s burst {burst}\""));
        format!("[policy]\n{}\n", rate.unwrap_or_default())
    }

    pub(crate) fn guard(&self) -> GuardPolicy {
        let policy =
            GuardPolicy::builder().default_timeout(self.timeout).max_timeout(self.max_timeout).deadlines_only();
        let policy = self.limit.iter().fold(policy, |policy, limit| policy.limit(limit.policy()));
        let policy = self.total.iter().fold(policy, |policy, limit| policy.total(limit.policy()));
        let policy = policy.retry(self.retry.map(Retry::policy)).breaker(self.breaker.map(Breaker::policy));
        let policy = policy.hedge(self.hedge.map(Hedge::policy)).result(self.result.map(Bounds::policy));
        policy.build().unwrap()
    }
}

impl Cache {
    fn draw(dice: &mut Dice) -> Self {
        let window = |dice: &mut Dice| if dice.percent(40) { dice.millis(1..=20_000) } else { Duration::ZERO };
        Self {
            max_entries: dice.pick(&[3, 10, 1000, 1000, 1000]),
            max_flights: dice.pick(&[2, 1000, 1000, 1000, 1000]),
            max_orphans: dice.pick(&[0, 1, 100]),
            default_ttl: dice.millis(500..=30_000),
            negative_ttl: window(dice),
            hard_ttl: if dice.percent(20) { dice.millis(500..=30_000) } else { CachePolicy::MAX_TTL },
            while_revalidate: window(dice),
            if_error: window(dice),
            retry_interval: dice.millis(0..=5_000),
            jitter: dice.pick(&[0.0, 0.0, 0.2, 1.0]),
            early_refresh: dice.pick(&[0.0, 0.0, 1.0, 5.0]),
        }
    }

    pub(crate) fn policy(&self) -> CachePolicy {
        let policy = CachePolicy::builder()
            .max_entries(self.max_entries)
            .max_flights(self.max_flights)
            .max_orphans(self.max_orphans)
            .max_refreshes(2)
            .default_ttl(self.default_ttl)
            .negative_ttl(self.negative_ttl)
            .hard_ttl(self.hard_ttl)
            .stale_while_revalidate(self.while_revalidate)
            .stale_if_error(self.if_error)
            .retry_interval(self.retry_interval);
        policy.jitter(self.jitter).early_refresh(self.early_refresh).build().unwrap()
    }

    /// Returns how long past its time an answer may be served at most.
    pub(crate) fn stale(&self) -> Duration {
        self.while_revalidate.max(self.if_error)
    }
}

impl Limit {
    fn draw(dice: &mut Dice, least: u64, most: u64) -> Self {
        let size = small(dice.within(least..=most));
        let adaptive = dice.percent(25).then(|| size + small(dice.within(0..=5)));
        Self { size, queue: small(dice.within(0..=6)), adaptive }
    }

    fn policy(&self) -> LimitPolicy {
        let policy = LimitPolicy::fixed(self.size).queue(self.queue);
        self.adaptive.iter().fold(policy, |policy, most| policy.adaptive(1, *most))
    }

    /// Returns how many may ever run at once.
    pub(crate) fn most(&self) -> u32 {
        self.adaptive.unwrap_or(self.size)
    }
}

impl Retry {
    fn draw(dice: &mut Dice) -> Self {
        Self {
            attempts: small(dice.within(1..=4)),
            timeout: dice.millis(500..=6_000),
            budget: dice.pick(&[0.1, 0.2, 0.5, 1.0]),
            floor: dice.pick(&[0.0, 0.1, 0.5, 1.0]),
        }
    }

    fn policy(self) -> RetryPolicy {
        let policy = RetryPolicy::default().attempts(self.attempts).attempt_timeout(self.timeout);
        policy.budget(self.budget).budget_floor(self.floor)
    }
}

impl Breaker {
    fn draw(dice: &mut Dice) -> Self {
        let min_calls = small(dice.within(1..=5));
        let window = match dice.percent(50) {
            true => BreakerWindow::Calls(min_calls + small(dice.within(0..=10))),
            false => BreakerWindow::Time(dice.millis(1_000..=30_000)),
        };
        let open_for = dice.millis(500..=4_000);
        Self {
            window,
            min_calls,
            slow_call: dice.millis(1_000..=6_000),
            open_for,
            max_open: open_for + dice.millis(0..=12_000),
            probes: small(dice.within(1..=3)),
            lease: dice.millis(200..=8_000),
        }
    }

    fn policy(self) -> BreakerPolicy {
        let policy = BreakerPolicy::default().window(self.window).min_calls(self.min_calls).slow_call(self.slow_call);
        let policy = policy.open_for(self.open_for).max_open(self.max_open);
        policy.probes(self.probes).lease(self.lease)
    }
}

impl Hedge {
    fn draw(dice: &mut Dice) -> Self {
        let after = match dice.percent(70) {
            true => HedgeAfter::Delay(dice.millis(50..=1_500)),
            false => HedgeAfter::Quantile(0.8),
        };
        Self { after, budget: dice.pick(&[0.05, 0.2, 0.5]) }
    }

    fn policy(self) -> HedgePolicy {
        HedgePolicy::default().after(self.after).budget(self.budget).min_calls(5)
    }
}

impl Bounds {
    fn draw(dice: &mut Dice) -> Self {
        Self {
            excess: dice.pick(&[Excess::Refuse, Excess::Cut]),
            validation: dice.pick(&[Validation::Off, Validation::Warn, Validation::Enforce]),
        }
    }

    fn policy(self) -> ResultPolicy {
        ResultPolicy::default().max_bytes(10_000).max_depth(40).excess(self.excess).validation(self.validation)
    }
}

impl Rate {
    fn draw(dice: &mut Dice) -> Self {
        Self { per_second: small(dice.within(1..=5)), burst: small(dice.within(1..=10)) }
    }
}

fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
