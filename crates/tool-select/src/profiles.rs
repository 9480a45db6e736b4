//! How well and how fast does each tool work now?

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant, SystemTime},
};

use serde::{Deserialize, Serialize};
use tool_core::{
    Clock, ErrorKind, ExecutionEnd, ExecutionRecord, ExecutionSink, Signals, SystemClock, ToolId, ToolName,
    ToolSignals, ToolSpec,
};

use crate::dense::Dense;

/// How many runs the declared accuracy and time of a tool count as.
const PRIOR_RUNS: f64 = 10.0;
/// The shortest time that is told apart, in seconds, and how many steps double it.
const SHORTEST: f64 = 1e-6;
const STEPS: f64 = 4.0;
/// Four steps per doubling from a microsecond to a little over an hour.
const BUCKETS: usize = 128;

/// Learns from real runs how often each tool succeeds and how long it takes, and reports both as [`Signals`].
///
/// It begins with what the tool declares, which counts as ten runs and does not fade; runs count half after
/// [`half_life`](Self::with_half_life). Cached answers are no runs. A failure never makes a tool look fast: it counts as
/// at least the usual time. What says nothing about the tool — invalid parameters, a denial, something that does not
/// exist, a caller that left early — does not count as its failure.
///
/// The reported latency is the median, within 19 %. Reading takes two atomic loads.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use tool_core::{
///     CallContext, Effect, ExecutionEnd, ExecutionRecord, ExecutionSink, Params, Profile, Signals, ToolOutput, ToolRegistry,
///     ToolSpec, tool_fn,
/// };
/// use tool_select::Profiles;
///
/// let spec = ToolSpec::builder("t.a", "A tool.").effect(Effect::Reads).profile(Profile::new(0.5, Duration::from_secs(1)));
/// let tool = ToolRegistry::new().register(tool_fn(spec.build()?, |_| async { ToolOutput::json(&1) }))?;
/// let (call, result) = (tool.call(Params::empty(), CallContext::new("acme", "ann")), ToolOutput::json(&1));
///
/// // As the registry tells its sink of every run.
/// let profiles = Profiles::new();
/// let run = ExecutionRecord::new(&call, Duration::from_millis(20), ExecutionEnd::Returned(&result));
/// profiles.executed(&run);
/// let health = profiles.read(tool.id()).health.unwrap();
/// assert!((health - 6.0 / 11.0).abs() < 1e-4); // (10 * 0.5 + 1) / (10 + 1)
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Profiles {
    clock: Arc<dyn Clock>,
    began: Instant,
    half_life: Duration,
    slots: Dense<Slot>,
    /// What was taken over from a former process, until its tool runs.
    saved: Mutex<BTreeMap<ToolName, Saved>>,
    known: Mutex<BTreeMap<ToolName, ToolId>>,
}

impl Profiles {
    /// Returns profiles that know no runs yet, read the machine's clock and have a half-life of ten minutes.
    #[must_use]
    pub fn new() -> Self {
        Self::with_clock(Arc::new(SystemClock::new()))
    }

    /// Returns profiles that read another clock.
    #[must_use]
    pub fn with_clock(clock: Arc<dyn Clock>) -> Self {
        Self {
            began: clock.now(),
            clock,
            half_life: Duration::from_secs(600),
            slots: Dense::new(),
            saved: Mutex::default(),
            known: Mutex::default(),
        }
    }

    /// Sets after which time a run counts half; at least a second.
    #[must_use]
    pub fn with_half_life(mut self, half_life: Duration) -> Self {
        self.half_life = half_life.max(Duration::from_secs(1));
        self
    }

    /// Returns what was learned as JSON, for [`restore`](Self::restore).
    ///
    /// # Errors
    ///
    /// [`serde_json::Error`] if a number has no JSON form.
    pub fn save(&self) -> Result<String, serde_json::Error> {
        let now = self.age(self.clock.now());
        let mut tools = lock(&self.saved).clone();
        for (tool, id) in &*lock(&self.known) {
            if let Some(run) = lock(&self.slots.get(*id).runs).as_ref() {
                tools.insert(tool.clone(), run.saved(now, self.half_life));
            }
        }
        serde_json::to_string(&Document { written: self.clock.wall(), tools })
    }

    /// Takes over what [`save`](Self::save) returned, faded by the time since; each tool's part counts from its next run
    /// on, unless its definition has changed.
    ///
    /// # Errors
    ///
    /// [`serde_json::Error`] if it is not what `save` returns; nothing is changed then.
    pub fn restore(&self, saved: &str) -> Result<(), serde_json::Error> {
        let document: Document = serde_json::from_str(saved)?;
        let passed = self.clock.wall().duration_since(document.written).unwrap_or_default();
        let fade = (-passed.as_secs_f64() / self.half_life.as_secs_f64()).exp2();
        let sound = document.tools.into_iter().filter(|(_, saved)| saved.is_sound());
        lock(&self.saved).extend(sound.map(|(tool, saved)| (tool, saved.faded(fade))));
        Ok(())
    }

    /// Makes a tool's saved part count before its first run.
    pub fn know(&self, tool: ToolId, spec: &ToolSpec) {
        self.note(tool, spec, |_| {});
    }

    fn age(&self, now: Instant) -> f64 {
        now.saturating_duration_since(self.began).as_secs_f64()
    }

    fn note(&self, tool: ToolId, spec: &ToolSpec, change: impl FnOnce(&mut Runs)) {
        let slot = self.slots.get(tool);
        let mut runs = lock(&slot.runs);
        let runs = runs.get_or_insert_with(|| {
            lock(&self.known).insert(spec.name().clone(), tool);
            let saved = lock(&self.saved).remove(spec.name());
            Runs::new(spec, saved.filter(|saved| saved.fingerprint == *spec.fingerprint()))
        });
        change(runs);
        slot.health.store(runs.health().to_bits(), Relaxed);
        slot.latency.store(runs.median().to_bits(), Relaxed);
    }
}

impl ExecutionSink for Profiles {
    fn executed(&self, record: &ExecutionRecord<'_>) {
        let (now, half_life) = (self.age(self.clock.now()), self.half_life);
        self.note(record.call.id(), record.call.spec(), |runs| runs.add(record, now, half_life));
    }
}

impl Signals for Profiles {
    fn read(&self, tool: ToolId) -> ToolSignals {
        let Some(slot) = self.slots.peek(tool) else { return ToolSignals::default() };
        let (health, latency) = (f64::from_bits(slot.health.load(Relaxed)), f64::from_bits(slot.latency.load(Relaxed)));
        if latency == 0.0 {
            return ToolSignals::default();
        }
        ToolSignals::default().with_health(health).with_latency(Duration::from_secs_f64(latency))
    }
}

impl Default for Profiles {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Profiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profiles").field("half_life", &self.half_life).finish_non_exhaustive()
    }
}

/// What is known of one tool; the last reading beside it, so that a reader takes no lock.
#[derive(Debug, Default)]
struct Slot {
    runs: Mutex<Option<Runs>>,
    health: AtomicU64,
    /// In seconds; zero until there is something to report.
    latency: AtomicU64,
}

/// The runs of one tool, later ones with more weight: weights grow instead of all else shrinking.
///
/// Source: G. Cormode et al., "Forward Decay: A Practical Time Decay Model for Streaming Systems" (2009).
#[derive(Debug)]
struct Runs {
    fingerprint: [u8; 32],
    accuracy: f64,
    base_time: f64,
    /// The weights are relative to this moment, in seconds.
    landmark: f64,
    /// What a run at the last moment weighs.
    current: f64,
    succeeded: f64,
    counted: f64,
    times: Box<[f64; BUCKETS]>,
}

impl Runs {
    fn new(spec: &ToolSpec, saved: Option<Saved>) -> Self {
        let profile = spec.profile();
        let mut runs = Self {
            fingerprint: *spec.fingerprint(),
            accuracy: profile.accuracy,
            base_time: profile.base_time.as_secs_f64().max(SHORTEST),
            landmark: 0.0,
            current: 1.0,
            succeeded: 0.0,
            counted: 0.0,
            times: Box::new([0.0; BUCKETS]),
        };
        if let Some(saved) = saved {
            (runs.succeeded, runs.counted) = (saved.succeeded, saved.counted);
            saved.times.iter().take(BUCKETS).enumerate().for_each(|(at, weight)| runs.times[at] = *weight);
        }
        runs
    }

    fn add(&mut self, record: &ExecutionRecord<'_>, now: f64, half_life: Duration) {
        self.advance(now, half_life);
        let elapsed = record.elapsed.as_secs_f64();
        let usual = self.median();
        let verdict = verdict(record, bucket(elapsed) >= bucket(usual));
        let Some(served) = verdict else { return };
        self.counted += self.current;
        self.succeeded += if served { self.current } else { 0.0 };
        let time = if served { elapsed } else { elapsed.max(usual) };
        self.times[bucket(time)] += self.current;
    }

    /// Moves the weight of a run to what it is now.
    fn advance(&mut self, now: f64, half_life: Duration) {
        self.current = ((now - self.landmark) / half_life.as_secs_f64()).max(0.0).exp2();
        if self.current > 1e12 {
            let fade = 1.0 / self.current;
            self.succeeded *= fade;
            self.counted *= fade;
            self.times.iter_mut().for_each(|weight| *weight *= fade);
            (self.landmark, self.current) = (now, 1.0);
        }
    }

    /// The declared accuracy counts as so many runs of now: with time, it comes back.
    fn prior(&self) -> f64 {
        PRIOR_RUNS * self.current
    }

    fn health(&self) -> f64 {
        (self.succeeded + self.prior() * self.accuracy) / (self.counted + self.prior())
    }

    /// Returns the time that half of the runs do not exceed, in seconds; the declared one among them.
    fn median(&self) -> f64 {
        let declared = bucket(self.base_time);
        let weight = |at: usize| self.times[at] + if at == declared { self.prior() } else { 0.0 };
        let half = (self.times.iter().sum::<f64>() + self.prior()) / 2.0;
        let mut below = 0.0;
        let at = (0..BUCKETS).find(|at| {
            below += weight(*at);
            below >= half
        });
        match at.unwrap_or(BUCKETS - 1) {
            at if at == declared => self.base_time,
            at => middle(at),
        }
    }

    fn saved(&self, now: f64, half_life: Duration) -> Saved {
        let fade = 1.0 / ((now - self.landmark) / half_life.as_secs_f64()).max(0.0).exp2();
        let (succeeded, counted, times) = (self.succeeded, self.counted, self.times.to_vec());
        Saved { fingerprint: self.fingerprint, succeeded, counted, times }.faded(fade)
    }
}

/// Returns whether a run served, or nothing if it says nothing about the tool.
fn verdict(record: &ExecutionRecord<'_>, late: bool) -> Option<bool> {
    match (record.end, record.error_kind()) {
        (_, None) => Some(true),
        // A run that was dropped after its usual time was given up on; before that, its caller left.
        (ExecutionEnd::Dropped, _) | (_, Some(ErrorKind::Cancelled)) => late.then_some(false),
        (_, Some(ErrorKind::InvalidParams | ErrorKind::NotFound | ErrorKind::Denied | ErrorKind::UnknownTool)) => None,
        (_, Some(_)) => Some(false),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the buckets there are")]
fn bucket(seconds: f64) -> usize {
    ((seconds.max(SHORTEST) / SHORTEST).log2() * STEPS).min(127.0) as usize
}

/// Returns the geometric middle of a bucket, in seconds.
fn middle(at: usize) -> f64 {
    let at = u32::try_from(at).map_or(0.0, f64::from);
    SHORTEST * ((at + 0.5) / STEPS).exp2()
}

/// What is kept between processes.
#[derive(Debug, Serialize, Deserialize)]
struct Document {
    written: SystemTime,
    tools: BTreeMap<ToolName, Saved>,
}

/// What is kept of one tool between processes.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Saved {
    fingerprint: [u8; 32],
    succeeded: f64,
    counted: f64,
    times: Vec<f64>,
}

impl Saved {
    fn faded(mut self, fade: f64) -> Self {
        self.succeeded *= fade;
        self.counted *= fade;
        self.times.iter_mut().for_each(|weight| *weight *= fade);
        self
    }

    /// Returns whether the numbers can be counts: what is read from a file may be anything.
    fn is_sound(&self) -> bool {
        let count = |value: f64| value.is_finite() && value >= 0.0;
        count(self.succeeded)
            && count(self.counted)
            && self.succeeded <= self.counted * 1.001
            && self.times.len() <= BUCKETS
            && self.times.iter().all(|weight| count(*weight))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
