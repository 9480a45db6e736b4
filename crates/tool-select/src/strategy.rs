//! What counts how much?

use serde::{Deserialize, Serialize};

/// What the caller cares for most; moves the weights of the score.
///
/// | strategy | accuracy | time | cached | load | intent | coverage |
/// |---|---|---|---|---|---|---|
/// | `Balanced` (the original formula) | 0.30 | 0.25 | 0.15 | 0.20 | 0.10 | 0 |
/// | `Fastest` | 0.15 | 0.45 | 0.20 | 0.10 | 0.10 | 0 |
/// | `MostAccurate` | 0.60 | 0.10 | 0.05 | 0.15 | 0.10 | 0 |
/// | `MostComplete` | 0.25 | 0.10 | 0.10 | 0.10 | 0.10 | 0.35 |
/// | `LeastLoad` | 0.20 | 0.15 | 0.15 | 0.40 | 0.10 | 0 |
///
/// Each row sums to 1 and every factor counts in its own direction only, so that with all else equal `Fastest` never
/// puts the slower tool first, `MostAccurate` never the less accurate, `LeastLoad` never the busier, and `MostComplete`
/// never the one that covers fewer of the asked fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SelectionStrategy {
    /// A bit of everything.
    #[default]
    Balanced,
    /// The answer that comes soonest.
    Fastest,
    /// The answer that is most likely right.
    MostAccurate,
    /// The answer that has most of what was asked for.
    MostComplete,
    /// The tool with most room.
    LeastLoad,
}

impl SelectionStrategy {
    /// Every strategy.
    pub const ALL: [Self; 5] = [Self::Balanced, Self::Fastest, Self::MostAccurate, Self::MostComplete, Self::LeastLoad];

    /// Returns the strategy's name in snake case, as configuration and JSON have it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Balanced => "balanced",
            Self::Fastest => "fastest",
            Self::MostAccurate => "most_accurate",
            Self::MostComplete => "most_complete",
            Self::LeastLoad => "least_load",
        }
    }

    /// Returns the strategy's row of the table.
    #[must_use]
    pub fn weights(self) -> Weights {
        let row =
            |accuracy, time, cached, load, intent, coverage| Weights { accuracy, time, cached, load, intent, coverage };
        match self {
            Self::Balanced => row(0.30, 0.25, 0.15, 0.20, 0.10, 0.0),
            Self::Fastest => row(0.15, 0.45, 0.20, 0.10, 0.10, 0.0),
            Self::MostAccurate => row(0.60, 0.10, 0.05, 0.15, 0.10, 0.0),
            Self::MostComplete => row(0.25, 0.10, 0.10, 0.10, 0.10, 0.35),
            Self::LeastLoad => row(0.20, 0.15, 0.15, 0.40, 0.10, 0.0),
        }
    }

    pub(crate) fn index(self) -> usize {
        Self::ALL.iter().position(|strategy| *strategy == self).unwrap_or_default()
    }
}

/// How much each factor counts; each weight is finite and at least 0. Missing fields are those of `Balanced`.
///
/// # Examples
///
/// ```
/// use tool_select::{SelectionStrategy, Weights};
///
/// let weights: Weights = serde_json::from_str(r#"{"time": 0.5}"#)?;
/// assert_eq!(weights.accuracy, SelectionStrategy::Balanced.weights().accuracy);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Weights {
    /// How often the tool's answer is the right one.
    pub accuracy: f64,
    /// How soon it answers.
    pub time: f64,
    /// Whether the answer is already cached.
    pub cached: f64,
    /// How much room it has.
    pub load: f64,
    /// How well it fits the intent.
    pub intent: f64,
    /// How many of the asked fields its result has.
    pub coverage: f64,
}

impl Weights {
    /// Checks that every weight is finite and at least 0.
    pub(crate) fn check(self) -> Result<Self, InvalidWeights> {
        let all = [
            ("accuracy", self.accuracy),
            ("time", self.time),
            ("cached", self.cached),
            ("load", self.load),
            ("intent", self.intent),
            ("coverage", self.coverage),
        ];
        match all.into_iter().find(|(_, weight)| !weight.is_finite() || *weight < 0.0) {
            Some((field, weight)) => Err(InvalidWeights { field, weight }),
            None => Ok(self),
        }
    }
}

impl Default for Weights {
    fn default() -> Self {
        SelectionStrategy::Balanced.weights()
    }
}

/// Says which weight cannot be one.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("weight `{field}` is {weight}: expected a finite number of at least 0")]
pub struct InvalidWeights {
    field: &'static str,
    weight: f64,
}

impl InvalidWeights {
    /// Returns the weight that is wrong.
    #[must_use]
    pub fn field(&self) -> &str {
        self.field
    }
}
