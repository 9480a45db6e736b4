//! What does an evaluation report?

use serde::Serialize;

use super::score::SetScore;

/// The figures of an evaluation: each set, and all of them together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Document {
    pub(super) sets: Vec<SetScore>,
    /// How many cases there are in all.
    pub(super) cases: usize,
    /// In how many the right cause came first.
    pub(super) top1: usize,
    /// In how many it was among the first three.
    pub(super) top3: usize,
    /// How many windows of normal operation were asked about.
    pub(super) normal_windows: usize,
    /// In how many of those a suspect was found.
    pub(super) false_alarms: usize,
}

/// How windows of normal operation were answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Calm {
    pub(super) windows: usize,
    pub(super) alarms: usize,
}

impl Document {
    /// Adds up sets and windows.
    pub(super) fn of(sets: Vec<SetScore>, calm: Calm) -> Self {
        let sum = |count: fn(&SetScore) -> usize| sets.iter().map(count).sum();
        Self {
            cases: sum(|set| set.cases),
            top1: sum(|set| set.top1),
            top3: sum(|set| set.top3),
            normal_windows: calm.windows,
            false_alarms: calm.alarms,
            sets,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::investigate::score::Graded;

    #[test]
    fn json_is_as_documented() {
        let case = |wanted: &str| Graded {
            case: "train/issue_0".to_owned(),
            wanted: wanted.to_owned(),
            got: vec!["a".to_owned(), "b".to_owned()],
        };
        let sets = vec![SetScore::of("low", vec![case("a"), case("b")]), SetScore::of("high", vec![case("a")])];
        let document = Document::of(sets, Calm { windows: 200, alarms: 3 });
        let expected = json!({
            "sets": [
                {"name": "low", "cases": 2, "top1": 1, "top3": 2, "mrr": 75.0,
                 "misses": [{"case": "train/issue_0", "wanted": "b", "got": ["a", "b"]}]},
                {"name": "high", "cases": 1, "top1": 1, "top3": 1, "mrr": 100.0, "misses": []},
            ],
            "cases": 3, "top1": 2, "top3": 3, "normal_windows": 200, "false_alarms": 3,
        });
        assert_eq!(serde_json::to_value(document).unwrap(), expected);
    }
}
