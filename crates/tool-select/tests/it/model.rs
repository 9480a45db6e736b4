//! Random tools and signals against the formula written out and a plain sort.

use std::time::Duration;

use proptest::prelude::*;
use tool_select::{IntentTable, SelectionStrategy, SmartToolSelector, ToolSelectionContext};

use crate::support::{catalog, context, name_of, spec, tool};

#[derive(Debug, Clone)]
struct Sample {
    accuracy: f64,
    millis: u64,
    load: Option<f64>,
    cached: Option<f64>,
    estimate: Option<u64>,
    bonus: f64,
}

fn odd_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => 0.0..=1.0_f64,
        1 => prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(-1000.0), Just(2.0)],
    ]
}

/// Coarse values, so that ties are common.
fn samples() -> impl Strategy<Value = Vec<Sample>> {
    let sample = (
        (0..=4_u8).prop_map(|n| f64::from(n) / 4.0),
        prop_oneof![Just(0), Just(100), Just(5000)],
        prop::option::of(odd_number()),
        prop::option::of(odd_number()),
        prop::option::of(prop_oneof![Just(0), Just(250), Just(u64::MAX)]),
        (0..=2_u8).prop_map(|n| f64::from(n) / 2.0),
    );
    let build =
        |(accuracy, millis, load, cached, estimate, bonus)| Sample { accuracy, millis, load, cached, estimate, bonus };
    prop::collection::vec(sample.prop_map(build), 1..12)
}

fn strategies() -> impl Strategy<Value = SelectionStrategy> {
    prop::sample::select(SelectionStrategy::ALL.to_vec())
}

fn believed(value: Option<f64>) -> f64 {
    match value {
        Some(value) if value.is_finite() => value.clamp(0.0, 1.0),
        _ => 0.0,
    }
}

/// The formula, written out.
fn score(sample: &Sample, strategy: SelectionStrategy) -> f64 {
    let w = strategy.weights();
    let seconds = Duration::from_millis(sample.estimate.unwrap_or(sample.millis)).as_secs_f64();
    sample.accuracy * w.accuracy
        + 1.0 / (1.0 + seconds) * w.time
        + 0.5 * believed(sample.cached) * w.cached
        + (1.0 - believed(sample.load)) * w.load
        + sample.bonus * w.intent
}

fn named(at: usize) -> String {
    format!("t.n{at:02}")
}

fn state(samples: &[Sample], strategy: SelectionStrategy) -> ToolSelectionContext {
    let mut context = context().with_intent("ANY").with_strategy(strategy);
    for (at, sample) in samples.iter().enumerate() {
        let name = || tool(&named(at));
        if let Some(load) = sample.load {
            context = context.with_load(name(), load);
        }
        if let Some(cached) = sample.cached {
            context = context.with_cached(name(), cached);
        }
        if let Some(millis) = sample.estimate {
            context = context.with_estimated_time(name(), Duration::from_millis(millis));
        }
    }
    context
}

/// Registers and lists the tools in the given order; returns names, scores, and the sums of what is explained.
fn ranked(samples: &[Sample], order: &[usize], strategy: SelectionStrategy) -> Vec<(String, f64, f64)> {
    let tools = catalog(order.iter().map(|at| spec(&named(*at), samples[*at].accuracy, samples[*at].millis)));
    let names: Vec<String> = order.iter().map(|at| named(*at)).collect();
    let candidates: Vec<(&str, f64)> =
        order.iter().zip(&names).map(|(at, name)| (name.as_str(), samples[*at].bonus)).collect();
    let selector = SmartToolSelector::new(IntentTable::new().intent("ANY", &candidates).unwrap());
    let selection = selector.select(&tools, &state(samples, strategy)).unwrap();
    let explained = |points: &tool_select::RankedTool| points.contributions.iter().map(|part| part.points).sum();
    selection.ranked.iter().map(|tool| (name_of(tool).to_owned(), tool.score, explained(tool))).collect()
}

fn shuffled(count: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|at| (*at as u64 + 1).wrapping_mul(seed | 1).rotate_left(17));
    order
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    #[test]
    fn order_is_the_plain_sort(samples in samples(), strategy in strategies(), seed in any::<u64>()) {
        let mut expected: Vec<(String, f64)> =
            samples.iter().enumerate().map(|(at, sample)| (named(at), score(sample, strategy))).collect();
        expected.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let found = ranked(&samples, &shuffled(samples.len(), seed), strategy);
        prop_assert_eq!(found.len(), expected.len());
        for ((name, score, explained), (wanted, by_formula)) in found.iter().zip(&expected) {
            prop_assert_eq!(name, wanted);
            prop_assert!((score - by_formula).abs() < 1e-12 && (0.0..=1.0).contains(score));
            prop_assert_eq!(score.to_bits(), explained.to_bits());
        }
    }

    #[test]
    fn better_in_one_thing_never_loses(sample in samples(), strategy in strategies(), thing in 0..3_u8) {
        let same = Sample { load: Some(0.5), estimate: None, cached: None, ..sample[0].clone() };
        let mut better = same.clone();
        match thing {
            0 => better.accuracy = (same.accuracy + 0.1).min(1.0),
            1 => better.estimate = Some(same.millis / 2),
            _ => better.load = Some(0.4),
        }
        // The better one has the later name, so that it gains nothing from a tie unless there is nothing to gain.
        let equal = (better.accuracy - same.accuracy).abs() < f64::EPSILON && thing == 0 || thing == 1 && same.millis == 0;
        let found = ranked(&[same, better], &[0, 1], strategy);
        prop_assert_eq!(&found[0].0, &named(usize::from(!equal)));
    }
}
