//! How much better does a ranking get from what its choices bring?
//!
//! A set's requests come one by one, in random order. The first tool of the ranking is chosen, and the learner is told
//! whether it was right, nothing else: a wrong choice does not say which would have been right. With noise, it is told the
//! opposite as often as stated.

use rand_pcg::Pcg64;
use rand_pcg::rand_core::{Rng, SeedableRng};
use serde::Serialize;
use tool_core::ToolSpec;
use tool_select::{Hit, Index, Outcome, OutcomeLearner, Search};

use super::data::{Query, Tool};
use crate::error::Result;

/// In how many orders the requests come.
const ORDERS: u64 = 10;
/// How often the learner is told the opposite.
const NOISE: [f64; 3] = [0.0, 0.1, 0.3];
/// The tools that a text brings into play.
const CONSIDERED: usize = 100;
const TENANT: &str = "stream";

/// The figures of one set, in percent of all requests of the stream, as means over the orders.
#[derive(Debug, Serialize)]
pub(super) struct Stream {
    pub(super) name: String,
    pub(super) orders: u64,
    /// How often the first is right without learning.
    pub(super) static_top1: f64,
    /// How often the chosen one was right.
    pub(super) top1: f64,
    /// The same, told the opposite one time in ten.
    pub(super) noise10_top1: f64,
    /// The same, told the opposite three times in ten.
    pub(super) noise30_top1: f64,
}

/// Replays a set as a stream.
///
/// # Errors
///
/// If a tool has no name.
pub(super) fn stream(name: &str, tools: &[Tool], queries: &[&Query], index: &Index) -> Result<Stream> {
    let specs = Specs::new(tools)?;
    let asked: Vec<Asked<'_>> = queries.iter().map(|query| Asked::new(query, index, &specs)).collect();
    let right = asked.iter().filter(|asked| asked.by_text().is_some_and(|(tool, _)| asked.is_right(tool))).count();
    let mean = |noise: f64| -> Result<f64> {
        let runs = (0..ORDERS).map(|order| run(&asked, &specs, noise, order)).collect::<Result<Vec<_>>>()?;
        Ok(percent(runs.iter().sum::<usize>(), asked.len() * runs.len()))
    };
    Ok(Stream {
        name: name.to_owned(),
        orders: ORDERS,
        static_top1: percent(right, asked.len()),
        top1: mean(NOISE[0])?,
        noise10_top1: mean(NOISE[1])?,
        noise30_top1: mean(NOISE[2])?,
    })
}

/// Counts the right choices of one order.
fn run(asked: &[Asked<'_>], specs: &Specs, noise: f64, order: u64) -> Result<usize> {
    let learner = OutcomeLearner::builder().build()?;
    let mut dice = Pcg64::seed_from_u64(order);
    let mut right = 0;
    for at in shuffled(asked.len(), &mut dice) {
        let asked = &asked[at];
        let Some((tool, text_score)) = asked.best(&learner, specs) else { continue };
        let is_right = asked.is_right(tool);
        right += usize::from(is_right);
        let told = is_right != (share(&mut dice) < noise);
        let outcome = if told { Outcome::Success } else { Outcome::Failure };
        learner.observe(TENANT, asked.text, &specs.all[tool], text_score, outcome);
    }
    Ok(right)
}

/// The tools under names that a learner takes, by their place.
struct Specs {
    all: Vec<ToolSpec>,
    ids: std::collections::HashMap<String, usize>,
}

impl Specs {
    fn new(tools: &[Tool]) -> Result<Self> {
        let mut all = Vec::with_capacity(tools.len());
        for at in 0..tools.len() {
            all.push(ToolSpec::builder(&format!("set.t{at}"), "A tool.").build()?);
        }
        Ok(Self { all, ids: tools.iter().enumerate().map(|(at, tool)| (tool.id().to_owned(), at)).collect() })
    }
}

/// A request, with what its text alone finds.
struct Asked<'q> {
    text: &'q str,
    right: Vec<usize>,
    /// Tools by their place, best first, with their scores.
    found: Vec<(usize, f64)>,
}

impl<'q> Asked<'q> {
    fn new(query: &'q Query, index: &Index, specs: &Specs) -> Self {
        let place = |id: &str| specs.ids.get(id).copied();
        let found = index.search(&Search::new(&query.query).top(CONSIDERED));
        let found = found.hits.iter().filter_map(|hit: &Hit| Some((place(hit.id())?, hit.score))).collect();
        let right = query.gold.iter().filter_map(|id| place(id)).collect();
        Self { text: &query.query, right, found }
    }

    fn is_right(&self, tool: usize) -> bool {
        self.right.contains(&tool)
    }

    fn by_text(&self) -> Option<(usize, f64)> {
        self.found.first().copied()
    }

    /// Returns the tool that text and outcomes together put first, and the score of its text alone.
    fn best(&self, learner: &OutcomeLearner, specs: &Specs) -> Option<(usize, f64)> {
        let learned = learner.learned(TENANT, self.text);
        let name = |tool: usize| specs.all[tool].name();
        let of_text = self.found.iter().map(|(tool, score)| (*tool, *score, score + learned.points(name(*tool))));
        let others = learned.tools().filter_map(|tool| {
            let at: usize = tool.operation().strip_prefix('t')?.parse().ok()?;
            let is_found = self.found.iter().any(|(found, _)| *found == at);
            (!is_found).then(|| (at, 0.0, learned.points(tool)))
        });
        let best = of_text.chain(others).max_by(|a, b| a.2.total_cmp(&b.2).then(b.0.cmp(&a.0)));
        best.map(|(tool, text_score, _)| (tool, text_score))
    }
}

/// Source: R. Durstenfeld, "Algorithm 235: Random permutation" (1964).
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count is below it")]
fn shuffled(count: usize, dice: &mut Pcg64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for at in (1..count).rev() {
        let other = (share(dice) * (at + 1) as f64) as usize;
        order.swap(at, other.min(at));
    }
    order
}

fn share(dice: &mut Pcg64) -> f64 {
    (dice.next_u64() >> 11) as f64 / 9_007_199_254_740_992.0
}

fn percent(part: usize, whole: usize) -> f64 {
    (part as f64 / whole.max(1) as f64 * 10_000.0).round() / 100.0
}
