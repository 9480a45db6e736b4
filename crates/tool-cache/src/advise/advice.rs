//! What is said of a tool's lifetime, and of the size of the cache?

use std::time::Duration;

use serde::{Serialize, Serializer, ser::SerializeStruct};
use tool_core::ToolName;

/// How calls went, or would have gone.
///
/// In JSON, `hit_percent` stands beside the counts, and the time is `saved_ms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Outcome {
    /// How many calls asked.
    pub calls: u64,
    /// How many were answered without a run of their own: from the cache, or by a run that was under way.
    pub hits: u64,
    /// How much time that saved, by what runs of the same question took, else of the same tool.
    pub saved: Duration,
}

impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Outcome", 4)?;
        out.serialize_field("calls", &self.calls)?;
        out.serialize_field("hits", &self.hits)?;
        out.serialize_field("hit_percent", &self.percent())?;
        out.serialize_field("saved_ms", &(self.saved.as_secs_f64() * 1000.0))?;
        out.end()
    }
}

impl Outcome {
    /// Returns the share of calls that hit, in percent; 0 of none.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of calls, shown with a digit behind the point")]
    pub fn percent(&self) -> f64 {
        if self.calls == 0 { 0.0 } else { self.hits as f64 * 100.0 / self.calls as f64 }
    }

    pub(crate) fn count(&mut self, saved: Option<Duration>) {
        self.calls += 1;
        self.hits += u64::from(saved.is_some());
        self.saved = self.saved.saturating_add(saved.unwrap_or_default());
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.hits += other.hits;
        self.saved = self.saved.saturating_add(other.saved);
    }
}

/// What a lifetime would have given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TtlOutcome {
    /// The lifetime.
    #[serde(rename = "ttl_ms", serialize_with = "millis")]
    pub ttl: Duration,
    /// What it would have given.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What a size would have given, lifetimes as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SizeOutcome {
    /// The most answers kept, of all tools together.
    pub entries: usize,
    /// What it would have given.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What is recommended for a tool's lifetime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Recommendation {
    /// There are too few calls to tell.
    TooFew {
        /// How many it takes.
        needed: u64,
    },
    /// No lifetime would have answered anything: every question was asked once, or rarely.
    NoGain,
    /// The lifetime in force is the smallest within a point of the best.
    Keep,
    /// A shorter lifetime is within a point of the best: the same work, fresher answers.
    Shorter {
        /// The lifetime.
        #[serde(rename = "ttl_ms", serialize_with = "millis")]
        ttl: Duration,
    },
    /// A longer lifetime is better by more than a point: less work, answers that may be as old as that.
    Longer {
        /// The lifetime.
        #[serde(rename = "ttl_ms", serialize_with = "millis")]
        ttl: Duration,
    },
}

/// What is said of one tool.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ToolAdvice {
    /// The tool.
    pub tool: ToolName,
    /// How many different questions it was asked.
    pub questions: u64,
    /// The lifetime in force.
    #[serde(rename = "ttl_ms", serialize_with = "millis")]
    pub ttl: Duration,
    /// How long a run takes, on average; missing if none was recorded, and then no time is saved.
    #[serde(rename = "load_ms", serialize_with = "some_millis")]
    pub load: Option<Duration>,
    /// How its calls went.
    pub observed: Outcome,
    /// How they go when they are replayed under the settings in force: as observed, if the calls tell everything.
    pub replayed: Outcome,
    /// How they would have gone under other lifetimes, shortest first.
    pub ttls: Vec<TtlOutcome>,
    /// How they would have gone in caches of other sizes, smallest first.
    pub sizes: Vec<SizeOutcome>,
    /// What to do.
    pub advice: Recommendation,
}

/// What is said of all.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Advice {
    /// Tool by tool, by name.
    pub tools: Vec<ToolAdvice>,
    /// How all calls went.
    pub observed: Outcome,
    /// How they go when they are replayed under the settings in force.
    pub replayed: Outcome,
    /// The most answers kept, as it is in force.
    pub entries: usize,
    /// How they would have gone in caches of other sizes, smallest first.
    pub sizes: Vec<SizeOutcome>,
    /// The smallest size within a point of the best; missing where there are too few calls.
    pub advised_entries: Option<usize>,
}

/// The fewest calls that anything is recommended from.
pub(crate) const MIN_CALLS: u64 = 20;
/// Outcomes that differ by less, in percent of the calls, are taken for the same.
const POINT: f64 = 1.0;

/// Returns the smallest lifetime within a point of the best, and how it compares with the one in force.
pub(crate) fn recommend(in_force: Duration, replayed: &Outcome, ttls: &[TtlOutcome]) -> Recommendation {
    if replayed.calls < MIN_CALLS {
        return Recommendation::TooFew { needed: MIN_CALLS };
    }
    let now = TtlOutcome { ttl: in_force, outcome: *replayed };
    // A lifetime of zero is shown for what sharing alone gives; a tool's author sets it, a configuration does not.
    let mut tried: Vec<TtlOutcome> = ttls.iter().copied().filter(|tried| !tried.ttl.is_zero()).collect();
    tried.push(now);
    tried.sort_by_key(|tried| tried.ttl);
    let best = tried.iter().map(|tried| tried.outcome.percent()).fold(0.0, f64::max);
    let chosen = tried.iter().find(|tried| tried.outcome.percent() >= best - POINT).unwrap_or(&now);
    match chosen.ttl {
        _ if best < POINT => Recommendation::NoGain,
        ttl if ttl > in_force => Recommendation::Longer { ttl },
        ttl if ttl < in_force => Recommendation::Shorter { ttl },
        _ => Recommendation::Keep,
    }
}

/// Returns the smallest size within a point of the best.
pub(crate) fn recommend_size(sizes: &[SizeOutcome]) -> Option<usize> {
    let best = sizes.iter().map(|size| size.outcome.percent()).fold(0.0, f64::max);
    let enough = sizes.iter().filter(|size| size.outcome.calls >= MIN_CALLS);
    enough.filter(|size| size.outcome.percent() >= best - POINT).map(|size| size.entries).min()
}

fn millis<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_secs_f64() * 1000.0)
}

#[expect(clippy::ref_option, reason = "serde hands fields over by reference")]
fn some_millis<S: Serializer>(time: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(|time| time.as_secs_f64() * 1000.0).serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(hits: u64) -> Outcome {
        Outcome { calls: 100, hits, saved: Duration::ZERO }
    }

    #[track_caller]
    fn check(in_force: (u64, u64), tried: &[(u64, u64)], expected: Recommendation) {
        let of = |(ttl, hits): &(u64, u64)| TtlOutcome { ttl: Duration::from_secs(*ttl), outcome: outcome(*hits) };
        let ttls: Vec<_> = tried.iter().map(of).collect();
        assert_eq!(recommend(Duration::from_secs(in_force.0), &outcome(in_force.1), &ttls), expected);
    }

    #[test]
    fn smallest_within_a_point_wins() {
        let seconds = Duration::from_secs;
        check((60, 50), &[(30, 20), (300, 80), (900, 81)], Recommendation::Longer { ttl: seconds(300) });
        check((300, 80), &[(30, 79), (900, 80)], Recommendation::Shorter { ttl: seconds(30) });
        check((300, 80), &[(30, 70), (900, 81)], Recommendation::Keep);
        check((300, 0), &[(0, 0), (900, 0)], Recommendation::NoGain);
    }

    #[test]
    fn zero_is_shown_but_not_advised() {
        check((60, 50), &[(0, 50)], Recommendation::Keep);
    }

    #[test]
    fn few_calls_say_nothing() {
        let few = Outcome { calls: MIN_CALLS - 1, ..Outcome::default() };
        assert_eq!(recommend(Duration::ZERO, &few, &[]), Recommendation::TooFew { needed: MIN_CALLS });
        assert_eq!(recommend_size(&[SizeOutcome { entries: 5, outcome: few }]), None);
    }

    #[test]
    fn smallest_size_within_a_point_wins() {
        let sizes = [(100, 60), (1000, 79), (10_000, 80)];
        let sizes = sizes.map(|(entries, hits)| SizeOutcome { entries, outcome: outcome(hits) });
        assert_eq!(recommend_size(&sizes), Some(1000));
    }

    #[test]
    fn json_has_ratio_and_units() {
        let tried = TtlOutcome {
            ttl: Duration::from_secs(1),
            outcome: Outcome { saved: Duration::from_micros(1500), ..outcome(25) },
        };
        let expected =
            serde_json::json!({"ttl_ms": 1000.0, "calls": 100, "hits": 25, "hit_percent": 25.0, "saved_ms": 1.5});
        assert_eq!(serde_json::to_value(tried).unwrap(), expected);
    }

    #[test]
    fn nothing_of_nothing_is_nothing() {
        assert!(Outcome::default().percent().abs() < f64::EPSILON);
    }
}
