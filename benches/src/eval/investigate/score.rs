//! How good is a list of suspects beside the right one?

use serde::Serialize;

/// One case: who was named, and who should have been.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Graded {
    /// What the case is called, within its set.
    pub(super) case: String,
    /// The code of the right cause.
    pub(super) wanted: String,
    /// The codes that were named, best first.
    pub(super) got: Vec<String>,
}

impl Graded {
    /// Returns the place of the right cause, from 1, if it was named.
    fn rank(&self) -> Option<usize> {
        self.got.iter().position(|code| *code == self.wanted).map(|place| place + 1)
    }

    fn is_within(&self, places: usize) -> bool {
        self.rank().is_some_and(|rank| rank <= places)
    }
}

/// How a set of cases went.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct SetScore {
    pub(super) name: String,
    /// How many cases there are.
    pub(super) cases: usize,
    /// In how many the right cause came first.
    pub(super) top1: usize,
    /// In how many it was among the first three.
    pub(super) top3: usize,
    /// The mean over cases of one by the right cause's place, in percent; a cause that was not named adds nothing.
    pub(super) mrr: f64,
    /// The cases whose right cause did not come first.
    pub(super) misses: Vec<Graded>,
}

impl SetScore {
    /// Adds up a set of cases.
    pub(super) fn of(name: impl Into<String>, graded: Vec<Graded>) -> Self {
        let within = |places| graded.iter().filter(|case| case.is_within(places)).count();
        // Not `sum`, which makes -0.0 of nothing.
        let reciprocal = graded.iter().filter_map(Graded::rank).fold(0.0, |sum, rank| sum + 1.0 / rank as f64);
        Self {
            name: name.into(),
            cases: graded.len(),
            top1: within(1),
            top3: within(3),
            mrr: 100.0 * reciprocal / graded.len().max(1) as f64,
            misses: graded.into_iter().filter(|case| !case.is_within(1)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes a case whose right cause is `x`.
    fn case(got: &str) -> Graded {
        Graded {
            case: got.to_owned(),
            wanted: "x".to_owned(),
            got: got.split_whitespace().map(str::to_owned).collect(),
        }
    }

    #[track_caller]
    fn check(lists: &[&str], (top1, top3, mrr): (usize, usize, f64)) {
        let score = SetScore::of("set", lists.iter().map(|list| case(list)).collect());
        assert_eq!((score.cases, score.top1, score.top3), (lists.len(), top1, top3));
        assert!((score.mrr - mrr).abs() < 1e-9 && score.mrr.is_sign_positive(), "{} instead of {mrr}", score.mrr);
        assert_eq!(score.misses.len(), lists.len() - top1);
    }

    #[test]
    fn places_count_from_one() {
        check(&["x"], (1, 1, 100.0));
        check(&["a x"], (0, 1, 50.0));
        check(&["a b x"], (0, 1, 100.0 / 3.0));
        check(&["a b c x"], (0, 0, 25.0));
    }

    #[test]
    fn unnamed_cause_adds_nothing() {
        check(&["a b c"], (0, 0, 0.0));
        check(&[""], (0, 0, 0.0));
        check(&[], (0, 0, 0.0));
    }

    #[test]
    fn figures_are_means_over_cases() {
        // (1 + 1 + 1/2 + 1/4 + 0) / 5
        check(&["x a", "x", "a x", "a b c x", "a"], (2, 3, 55.0));
    }

    #[test]
    fn misses_tell_who_was_named() {
        let score = SetScore::of("set", vec![case("x a"), case("a x")]);
        assert_eq!(score.misses, [case("a x")]);
    }
}
