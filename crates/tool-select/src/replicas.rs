//! Which of several equal tools should take this call?
//!
//! The better of two drawn by chance; better is the smaller product of the time it takes now and the calls it would then
//! have at once. Sources: M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing" (2001); peak EWMA as
//! Finagle describes it: a slower answer counts at once, a faster one by and by.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use tool_core::{Clock, SystemClock, ToolHandle, ToolId};

use crate::{Outcome, dense::Dense};

/// Balances calls over tools that answer the same questions; takes no lock.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use tool_core::{Effect, ToolOutput, ToolRegistry, ToolSpec, tool_fn};
/// use tool_select::{Outcome, Replicas};
///
/// let registry = ToolRegistry::new();
/// for name in ["search.east", "search.west"] {
///     let spec = ToolSpec::builder(name, "Searches.").effect(Effect::Reads).group("search").build()?;
///     registry.register(tool_fn(spec, |_| async { ToolOutput::json(&()) }))?;
/// }
/// let (replicas, tools) = (Arc::new(Replicas::new()), registry.tools());
/// let chosen = replicas.choose(&tools).unwrap();
/// let pending = replicas.start(chosen.id());
/// // ... call it ...
/// pending.end(Outcome::Success);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Replicas {
    clock: Arc<dyn Clock>,
    began: Instant,
    decay: Duration,
    penalty: Duration,
    dice: AtomicU64,
    slots: Dense<Slot>,
}

/// What is known of one tool.
#[derive(Debug, Default)]
struct Slot {
    /// The estimate in microseconds, as the bits of an f32, above the millisecond it was made in; zero before the first.
    estimate: AtomicU64,
    pending: AtomicU32,
}

/// Says which setting of [`Replicas`] is out of its bounds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is zero, expected more")]
pub struct ReplicasError(&'static str);

impl Replicas {
    /// Returns a balancer that reads the machine's clock, forgets peaks within ten seconds or so, and counts a failure as
    /// at least a second.
    #[must_use]
    pub fn new() -> Self {
        let clock = Arc::new(SystemClock::new());
        Self {
            began: clock.now(),
            clock,
            decay: Duration::from_secs(10),
            penalty: Duration::from_secs(1),
            dice: AtomicU64::new(0),
            slots: Dense::new(),
        }
    }

    /// Sets the clock.
    #[must_use]
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { began: clock.now(), clock, ..self }
    }

    /// Sets the seed of the draws.
    #[must_use]
    pub fn with_seed(self, seed: u64) -> Self {
        Self { dice: AtomicU64::new(seed), ..self }
    }

    /// Sets within what time a peak falls to about a third.
    ///
    /// # Errors
    ///
    /// [`ReplicasError`] if it is zero.
    pub fn with_decay(self, decay: Duration) -> Result<Self, ReplicasError> {
        if decay.is_zero() { Err(ReplicasError("decay")) } else { Ok(Self { decay, ..self }) }
    }

    /// Sets what a failure counts as at least: what fails at once must not look fast.
    ///
    /// # Errors
    ///
    /// [`ReplicasError`] if it is zero.
    pub fn with_penalty(self, penalty: Duration) -> Result<Self, ReplicasError> {
        if penalty.is_zero() { Err(ReplicasError("penalty")) } else { Ok(Self { penalty, ..self }) }
    }

    /// Chooses one of these tools; `None` if there are none.
    #[must_use]
    pub fn choose<'t>(&self, tools: &'t [ToolHandle]) -> Option<&'t ToolHandle> {
        let (first, rest) = tools.split_first()?;
        if rest.is_empty() {
            return Some(first);
        }
        let (one, other) = self.draw_two(tools.len());
        let (one, other) = (tools.get(one)?, tools.get(other)?);
        let now = self.millis();
        if self.cost(other, now) < self.cost(one, now) { Some(other) } else { Some(one) }
    }

    /// Counts a call until what is returned is ended or dropped.
    pub fn start(self: &Arc<Self>, tool: ToolId) -> Pending {
        self.slots.get(tool).pending.fetch_add(1, Relaxed);
        Pending { replicas: Arc::clone(self), tool, started: self.clock.now(), took: None }
    }

    /// Returns how many calls of a tool run now.
    #[must_use]
    pub fn pending(&self, tool: ToolId) -> u32 {
        self.slots.peek(tool).map_or(0, |slot| slot.pending.load(Relaxed))
    }

    /// Draws two different numbers below `count`, every pair alike. Source: S. Vigna, `splitmix64`.
    fn draw_two(&self, count: usize) -> (usize, usize) {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.dice.fetch_add(STEP, Relaxed).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        let below = |bits: u64, count: usize| (((bits & 0xffff_ffff) * count as u64) >> 32) as usize;
        let one = below(z, count);
        let other = below(z >> 32, count - 1);
        (one, if other >= one { other + 1 } else { other })
    }

    fn cost(&self, tool: &ToolHandle, now: u32) -> f64 {
        let slot = self.slots.get(tool.id());
        let pending = f64::from(slot.pending.load(Relaxed));
        let estimate = match slot.estimate.load(Relaxed) {
            0 => tool.spec().profile().base_time.as_secs_f64() * 1e6,
            word => self.faded(word, now),
        };
        estimate * (pending + 1.0)
    }

    /// Returns an estimate as it is now, in microseconds.
    ///
    /// Without answers a peak falls too: a tool that nobody asks any more gets another chance.
    fn faded(&self, word: u64, now: u32) -> f64 {
        let (estimate, at) = unpack(word);
        let passed = f64::from(now.wrapping_sub(at)) / 1000.0;
        estimate * (-passed / self.decay.as_secs_f64()).exp()
    }

    fn end(&self, tool: ToolId, elapsed: Option<Duration>) {
        let slot = self.slots.get(tool);
        slot.pending.fetch_sub(1, Relaxed);
        let Some(elapsed) = elapsed else { return };
        let (now, sample) = (self.millis(), (elapsed.as_secs_f64() * 1e6).max(1.0));
        let update = |word| Some(pack(self.updated(word, sample, now), now));
        // It always updates.
        let _ = slot.estimate.fetch_update(Relaxed, Relaxed, update);
    }

    fn updated(&self, word: u64, sample: f64, now: u32) -> f64 {
        if word == 0 {
            return sample;
        }
        let (estimate, at) = unpack(word);
        let passed = f64::from(now.wrapping_sub(at)) / 1000.0;
        let share = (-passed / self.decay.as_secs_f64()).exp();
        if sample > estimate { sample } else { estimate * share + sample * (1.0 - share) }
    }

    /// Returns the milliseconds since the balancer was made; after 49 days it begins anew, which a difference outlives.
    #[expect(clippy::cast_possible_truncation, reason = "the low 32 bits are what is wanted")]
    fn millis(&self) -> u32 {
        self.clock.now().saturating_duration_since(self.began).as_millis() as u32
    }
}

#[expect(clippy::cast_possible_truncation, reason = "an estimate needs no more digits than an f32 has")]
fn pack(estimate: f64, at: u32) -> u64 {
    u64::from((estimate as f32).max(1.0).to_bits()) << 32 | u64::from(at)
}

#[expect(clippy::cast_possible_truncation, reason = "the two halves of the word")]
fn unpack(word: u64) -> (f64, u32) {
    (f64::from(f32::from_bits((word >> 32) as u32)), word as u32)
}

impl Default for Replicas {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Replicas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replicas").field("decay", &self.decay).field("penalty", &self.penalty).finish_non_exhaustive()
    }
}

/// A call that runs; dropped without an end, it no longer counts and says nothing of its tool.
#[derive(Debug)]
#[must_use = "a call that is dropped at once counts as none"]
pub struct Pending {
    replicas: Arc<Replicas>,
    tool: ToolId,
    started: Instant,
    took: Option<Duration>,
}

impl Pending {
    /// Ends the call.
    pub fn end(mut self, outcome: Outcome) {
        let elapsed = self.replicas.clock.now().saturating_duration_since(self.started);
        self.took = Some(match outcome {
            Outcome::Success => elapsed,
            Outcome::Failure => elapsed.max(self.replicas.penalty),
        });
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.replicas.end(self.tool, self.took);
    }
}

#[cfg(test)]
mod tests;
