use super::*;
use crate::CandidateScore;

const TOOLS: [&str; 3] = ["t.a", "t.b", "t.c"];
/// The chance of success of each tool, and of being chosen in the log.
const TRUTH: [f64; 3] = [0.2, 0.5, 0.8];
const LOGGING: [f64; 3] = [0.6, 0.3, 0.1];

/// A small generator with the quality that a test needs. Source: S. Vigna, `splitmix64`.
struct Dice(u64);

impl Dice {
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        f64::from(u32::try_from((z ^ (z >> 31)) >> 32).unwrap()) / 4_294_967_296.0
    }

    fn choose(&mut self, chances: &[f64; 3]) -> usize {
        let share = self.share();
        if share < chances[0] { 0 } else { 1 + usize::from(share >= chances[0] + chances[1]) }
    }
}

/// A log of a policy whose propensities are known; `stated` is what it says they were.
fn log(count: usize, stated: [f64; 3]) -> Vec<Decision> {
    let mut dice = Dice(7);
    let tools: Vec<ToolName> = TOOLS.iter().map(|tool| tool.parse().unwrap()).collect();
    let candidates: Vec<CandidateScore> = tools.iter().map(|tool| CandidateScore::new(tool.clone(), 0.0)).collect();
    (0..count)
        .map(|_| {
            let chosen = dice.choose(&LOGGING);
            let reward = f64::from(u8::from(dice.share() < TRUTH[chosen]));
            Decision::new(candidates.clone(), tools[chosen].clone(), stated[chosen], reward)
        })
        .collect()
}

#[track_caller]
fn check(policy: [f64; 3], verdict: Verdict) {
    let truth: f64 = policy.iter().zip(TRUTH).map(|(share, reward)| share * reward).sum();
    let found = Evaluator::new().evaluate(&log(40_000, LOGGING), |_| policy.to_vec()).unwrap();
    for (name, estimate) in [("ips", found.ips), ("snips", found.snips), ("dr", found.dr)] {
        let off = (estimate.mean - truth).abs();
        assert!(off < 4.0 * estimate.standard_error.max(1e-3), "{name}: {estimate:?} and not {truth}");
        assert!(estimate.standard_error < 0.03, "{name}: {estimate:?}");
    }
    assert!((found.mean_weight - 1.0).abs() < 0.1, "{}", found.mean_weight);
    assert_eq!(found.verdict, verdict);
}

#[test]
fn estimators_find_the_known_truth() {
    check([0.0, 0.0, 1.0], Verdict::Better);
    check([1.0, 0.0, 0.0], Verdict::Worse);
    check([0.2, 0.6, 0.2], Verdict::Better);
    check(LOGGING, Verdict::NoDifference);
}

#[test]
fn wrong_propensities_show_in_the_mean_weight() {
    let found = Evaluator::new().evaluate(&log(5000, [0.2, 0.4, 0.4]), |_| LOGGING.to_vec()).unwrap();
    assert!((found.mean_weight - 1.0).abs() > 0.2, "{}", found.mean_weight);
}

#[test]
fn doubly_robust_survives_wrong_propensities() {
    // Every propensity is stated 1.5 times too small: inverse propensity is off, the model's part holds.
    let stated = LOGGING.map(|share| share / 1.5);
    let found = Evaluator::new().evaluate(&log(40_000, stated), |_| vec![0.0, 0.0, 1.0]).unwrap();
    assert!((found.ips.mean - 0.8).abs() > 0.3, "{:?}", found.ips);
    assert!((found.dr.mean - 0.8).abs() < 0.05, "{:?}", found.dr);
}

#[test]
fn few_decisions_give_no_verdict() {
    let found = Evaluator::new().evaluate(&log(50, LOGGING), |_| vec![0.0, 0.0, 1.0]).unwrap();
    assert_eq!(found.verdict, Verdict::TooFewData);
    assert!(found.effective < 20.0);
}

#[test]
fn policy_that_the_log_never_shows_gives_no_verdict() {
    let tools: Vec<CandidateScore> = TOOLS.iter().map(|tool| CandidateScore::new(tool.parse().unwrap(), 0.0)).collect();
    let log = vec![Decision::new(tools, "t.a".parse().unwrap(), 1.0, 1.0); 1000];
    let found = Evaluator::new().evaluate(&log, |_| vec![0.0, 0.0, 1.0]).unwrap();
    assert_eq!((found.verdict, found.effective.to_bits()), (Verdict::TooFewData, 0.0_f64.to_bits()));
}

#[test]
fn large_weights_are_clipped_and_told() {
    let found = Evaluator::new().max_weight(2.0).evaluate(&log(5000, LOGGING), |_| vec![0.0, 0.0, 1.0]).unwrap();
    assert!((found.clipped_share - 0.1).abs() < 0.02, "{}", found.clipped_share);
}

#[test]
fn impossible_probabilities_are_refused() {
    let log = log(1, LOGGING);
    for policy in [vec![0.5, 0.5], vec![0.5, 0.5, 0.5], vec![f64::NAN, 0.5, 0.5], vec![2.0, -1.0, 0.0]] {
        let error = Evaluator::new().evaluate(&log, |_| policy.clone()).unwrap_err();
        assert!(error.to_string().starts_with("decision 1: the policy gives"), "{error}");
    }
    assert_eq!(Evaluator::new().evaluate(&[], |_| vec![]).unwrap_err().to_string(), "the log is empty");
}
