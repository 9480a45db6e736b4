//! How good is a ranked list?

/// The places that count.
pub(super) const DEPTH: usize = 10;

/// How good one list is, or many are on average: each 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Quality {
    /// Whether the first is right.
    pub(super) top1: f64,
    /// The share of the right ones among the first five.
    pub(super) recall5: f64,
    /// The share of the right ones among the first ten.
    pub(super) recall10: f64,
    /// What the right ones gain by their places, of what they could.
    pub(super) ndcg10: f64,
}

impl Quality {
    /// Judges a list that has no tool twice; a request without right tools is worth nothing.
    ///
    /// Source: Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques" (2002), with gain 1 for every
    /// right tool and the logarithm to base 2.
    pub(super) fn of(ranked: &[&str], right: &[String]) -> Self {
        let wanted = right.len();
        if wanted == 0 {
            return Self::default();
        }
        let is_right = |place: usize| ranked.get(place).is_some_and(|id| right.iter().any(|right| right == id));
        let among = |first: usize| (0..first).filter(|place| is_right(*place)).count() as f64 / wanted as f64;
        let gained: f64 = (0..DEPTH).filter(|place| is_right(*place)).map(gain).sum();
        let possible: f64 = (0..DEPTH.min(wanted)).map(gain).sum();
        Self {
            top1: f64::from(u8::from(is_right(0))),
            recall5: among(5),
            recall10: among(DEPTH),
            ndcg10: gained / possible,
        }
    }

    /// Averages.
    pub(super) fn mean(all: &[Self]) -> Self {
        let mean = |of: fn(&Self) -> f64| all.iter().map(of).sum::<f64>() / all.len().max(1) as f64;
        Self {
            top1: mean(|one| one.top1),
            recall5: mean(|one| one.recall5),
            recall10: mean(|one| one.recall10),
            ndcg10: mean(|one| one.ndcg10),
        }
    }
}

fn gain(place: usize) -> f64 {
    1.0 / (place as f64 + 2.0).log2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ranked: &[&str], right: &[&str], top1: f64, recall5: f64, recall10: f64, ndcg10: f64) {
        let right: Vec<String> = right.iter().map(|id| (*id).to_owned()).collect();
        let found = Quality::of(ranked, &right);
        let pairs = [(found.top1, top1), (found.recall5, recall5), (found.recall10, recall10), (found.ndcg10, ndcg10)];
        assert!(pairs.iter().all(|(found, wanted)| (found - wanted).abs() < 1e-9), "{found:?}");
    }

    #[test]
    fn one_right_tool_by_place() {
        check(&["a", "b"], &["a"], 1.0, 1.0, 1.0, 1.0);
        // Second place: 1 / log2(3).
        check(&["b", "a"], &["a"], 0.0, 1.0, 1.0, 0.630_929_753_571_457);
        // Sixth place: 1 / log2(7).
        check(&["b", "c", "d", "e", "f", "a"], &["a"], 0.0, 0.0, 1.0, 0.356_207_187_108_022);
        check(&["b"], &["a"], 0.0, 0.0, 0.0, 0.0);
        check(&[], &["a"], 0.0, 0.0, 0.0, 0.0);
    }

    #[test]
    fn several_right_tools_share() {
        // Found at 1 and 3 of three wanted: (1 + 1/2) / (1 + 1/log2(3) + 1/2).
        check(&["a", "x", "b"], &["a", "b", "c"], 1.0, 2.0 / 3.0, 2.0 / 3.0, 1.5 / 2.130_929_753_571_457);
    }

    #[test]
    fn eleventh_place_is_too_late() {
        let ranked = ["b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "a"];
        check(&ranked, &["a"], 0.0, 0.0, 0.0, 0.0);
    }

    #[test]
    fn mean_is_over_all() {
        let right = ["a".to_owned()];
        let mean = Quality::mean(&[Quality::of(&["a"], &right), Quality::of(&["b"], &right)]);
        assert!((mean.top1 - 0.5).abs() < 1e-12 && (mean.ndcg10 - 0.5).abs() < 1e-12);
    }
}
