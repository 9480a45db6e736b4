//! How do past calls become advice?

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::{Duration, SystemTime},
};

use tool_core::ToolName;

use super::{
    advice::{Advice, Outcome, SizeOutcome, ToolAdvice, TtlOutcome, recommend, recommend_size},
    past::{Ending, PastCall, Question, Unusable},
    world::{Ask, Bounds, World},
};
use crate::{CachePolicy, encode::Skip};

/// The lifetimes that are tried unless others are asked for, in seconds.
const TTLS: [u64; 6] = [0, 30, 60, 300, 900, 3600];
/// The sizes that are tried unless others are asked for, in entries.
const ENTRIES: [usize; 3] = [100, 1000, 10_000];

/// Replays past calls under other lifetimes and sizes, and says what they would have given.
///
/// The replay knows what the calls tell and no more: no invalidation, no other generation of a source, no call that
/// went past the cache. Comparing [`Advice::replayed`] with [`Advice::observed`] shows how far that reaches.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use serde_json::json;
/// use tool_cache::{Advisor, CachePolicy, Ending, PastCall, Recommendation};
/// use tool_core::{Effect, ToolSpec};
///
/// let spec = ToolSpec::builder("ci.get", "Returns an item.").effect(Effect::Reads).build()?;
/// let policy = CachePolicy::builder().default_ttl(Duration::from_secs(60)).build()?;
/// let mut advisor = Advisor::new(policy);
/// // The same question every two minutes, under a lifetime of one: the tool ran each time.
/// for minute in (0..60).step_by(2) {
///     let (params, at) = (json!({"id": 7}), SystemTime::UNIX_EPOCH + Duration::from_secs(minute * 60));
///     let call = PastCall::new(&spec, "acme", "ann", Some(&params)).timed(at, Duration::from_millis(40));
///     advisor.record(&call.ended(Ending::Executed, 200)).unwrap();
/// }
/// let advice = advisor.advise();
/// assert_eq!(advice.observed.hits, 0);
/// assert_eq!(advice.tools[0].advice, Recommendation::Longer { ttl: Duration::from_secs(3600) });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Advisor {
    policy: CachePolicy,
    skip: Skip,
    ttls: Vec<Duration>,
    entries: Vec<usize>,
    calls: Vec<Past>,
    ttl_of: BTreeMap<ToolName, Duration>,
}

/// What is kept of a call.
#[derive(Debug, Clone)]
struct Past {
    tool: ToolName,
    question: Question,
    at: SystemTime,
    took: Duration,
    ending: Ending,
    bytes: u64,
}

impl Advisor {
    /// Takes the policy in force; tries lifetimes of 0, 30 s, 1, 5, 15 and 60 min, and 100, 1,000 and 10,000 entries.
    #[must_use]
    pub fn new(policy: CachePolicy) -> Self {
        let skip = Skip::new(policy.correlation_fields());
        let (ttls, entries) = (TTLS.map(Duration::from_secs).into(), ENTRIES.into());
        Self { policy, skip, ttls, entries, calls: Vec::new(), ttl_of: BTreeMap::new() }
    }

    /// Sets the lifetimes to try.
    #[must_use]
    pub fn ttls(mut self, ttls: impl IntoIterator<Item = Duration>) -> Self {
        self.ttls = sorted(ttls);
        self
    }

    /// Sets the sizes to try, in entries; the byte bound stays that of the policy.
    #[must_use]
    pub fn entries(mut self, entries: impl IntoIterator<Item = usize>) -> Self {
        self.entries = sorted(entries);
        self
    }

    /// Takes note of a call; in any order.
    ///
    /// # Errors
    ///
    /// [`Unusable`] says why it tells nothing; it is left out.
    pub fn record(&mut self, call: &PastCall<'_>) -> Result<(), Unusable> {
        let question = call.question(&self.skip)?;
        let (tool, PastCall { at, took, ending, bytes, .. }) = (call.spec.name(), *call);
        self.ttl_of.entry(tool.clone()).or_insert_with(|| self.policy.ttl_of(call.spec));
        self.calls.push(Past { tool: tool.clone(), question, at, took, ending, bytes });
        Ok(())
    }

    /// Replays what was recorded, once for each setting.
    #[must_use]
    pub fn advise(&self) -> Advice {
        let replay = Replay::new(self);
        let now = Bounds { entries: self.policy.max_entries(), bytes: self.policy.max_bytes() };
        let sized = |entries: &usize| (*entries, replay.run(Bounds { entries: *entries, ..now }, None));
        let runs = Runs {
            observed: replay.observed(),
            replayed: replay.run(now, None),
            ttls: self.ttls.iter().map(|ttl| (*ttl, replay.run(now, Some(*ttl)))).collect(),
            sizes: sorted(self.entries.iter().copied().chain([now.entries])).iter().map(sized).collect(),
        };
        let sizes = runs.sizes.iter().map(|(entries, run)| SizeOutcome { entries: *entries, outcome: sum(run) });
        let sizes: Vec<_> = sizes.collect();
        Advice {
            tools: self.ttl_of.iter().map(|(tool, ttl)| runs.of(tool, *ttl, &replay)).collect(),
            observed: sum(&runs.observed),
            replayed: sum(&runs.replayed),
            entries: now.entries,
            advised_entries: recommend_size(&sizes),
            sizes,
        }
    }
}

fn sorted<T: Ord>(values: impl IntoIterator<Item = T>) -> Vec<T> {
    values.into_iter().collect::<BTreeSet<T>>().into_iter().collect()
}

/// How each tool's calls went.
type ByTool = BTreeMap<ToolName, Outcome>;

fn sum(run: &ByTool) -> Outcome {
    let mut all = Outcome::default();
    run.values().for_each(|outcome| all.add(outcome));
    all
}

/// Every replay.
struct Runs {
    observed: ByTool,
    replayed: ByTool,
    ttls: Vec<(Duration, ByTool)>,
    sizes: Vec<(usize, ByTool)>,
}

impl Runs {
    fn of(&self, tool: &ToolName, ttl: Duration, replay: &Replay<'_>) -> ToolAdvice {
        let of = |run: &ByTool| run.get(tool).copied().unwrap_or_default();
        let with_ttl = |(ttl, run): &(Duration, ByTool)| TtlOutcome { ttl: *ttl, outcome: of(run) };
        let with_size = |(entries, run): &(usize, ByTool)| SizeOutcome { entries: *entries, outcome: of(run) };
        let ttls: Vec<_> = self.ttls.iter().map(with_ttl).collect();
        let questions = replay.calls.iter().filter(|call| call.tool == *tool).map(|call| call.question);
        ToolAdvice {
            tool: tool.clone(),
            questions: questions.collect::<BTreeSet<_>>().len() as u64,
            ttl,
            load: replay.loads.of_tool.get(tool).map(Mean::value),
            observed: of(&self.observed),
            replayed: of(&self.replayed),
            advice: recommend(ttl, &of(&self.replayed), &ttls),
            ttls,
            sizes: self.sizes.iter().map(with_size).collect(),
        }
    }
}

/// Past calls in the order in which they began, and what each costs.
struct Replay<'a> {
    calls: Vec<&'a Past>,
    ttl_of: &'a BTreeMap<ToolName, Duration>,
    loads: Loads,
}

impl<'a> Replay<'a> {
    fn new(advisor: &'a Advisor) -> Self {
        let mut calls: Vec<&Past> = advisor.calls.iter().collect();
        calls.sort_by_key(|call| call.at);
        let loads = Loads::of(&calls);
        Self { calls, ttl_of: &advisor.ttl_of, loads }
    }

    fn observed(&self) -> ByTool {
        self.count(|call, load| call.ending.is_hit().then_some(load))
    }

    /// Replays under a size, and one lifetime for all or each tool's own.
    fn run(&self, bounds: Bounds, ttl: Option<Duration>) -> ByTool {
        let mut world = World::new(bounds);
        let start = self.calls.first().map_or(SystemTime::UNIX_EPOCH, |call| call.at);
        self.count(|call, load| {
            world.ask(&Ask {
                question: call.question,
                at: call.at.duration_since(start).unwrap_or_default(),
                load,
                ttl: ttl.unwrap_or_else(|| self.ttl_of.get(&call.tool).copied().unwrap_or_default()),
                bytes: call.bytes,
                has_answer: call.ending != Ending::Failed,
            })
        })
    }

    /// Counts calls by tool; `saved` is the time that one saves, if it is a hit.
    fn count(&self, mut saved: impl FnMut(&Past, Duration) -> Option<Duration>) -> ByTool {
        let mut counts = ByTool::new();
        for call in &self.calls {
            let saved = saved(call, self.loads.of_call(call));
            counts.entry(call.tool.clone()).or_default().count(saved);
        }
        counts
    }
}

/// What runs took, on average.
#[derive(Default)]
struct Loads {
    of_question: HashMap<Question, Mean>,
    of_tool: HashMap<ToolName, Mean>,
}

impl Loads {
    fn of(calls: &[&Past]) -> Self {
        let mut loads = Self::default();
        for call in calls.iter().filter(|call| call.ending == Ending::Executed) {
            loads.of_question.entry(call.question).or_default().count(call.took);
            loads.of_tool.entry(call.tool.clone()).or_default().count(call.took);
        }
        loads
    }

    /// Returns what the call took if it ran, else what it would have.
    fn of_call(&self, call: &Past) -> Duration {
        if !call.ending.is_hit() {
            return call.took;
        }
        let known = self.of_question.get(&call.question).or_else(|| self.of_tool.get(&call.tool));
        known.map(Mean::value).unwrap_or_default()
    }
}

#[derive(Default)]
struct Mean {
    sum: Duration,
    count: u32,
}

impl Mean {
    fn count(&mut self, value: Duration) {
        self.sum = self.sum.saturating_add(value);
        self.count = self.count.saturating_add(1);
    }

    fn value(&self) -> Duration {
        self.sum.checked_div(self.count).unwrap_or_default()
    }
}
