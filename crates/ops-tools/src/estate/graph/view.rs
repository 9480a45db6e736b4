//! Which relations does a view of the graph follow, and how far?

use serde::{Deserialize, Serialize};

/// The relation types that an estate knows; others are kept and never followed.
pub const KNOWN_RELATIONS: [&str; 7] =
    ["COMPOSED_OF", "CONNECTED_TO", "DEPENDS_ON", "DEPLOYED_ON", "PROTECTED_BY", "RUNS_ON", "USES"];

/// What can take an item down with it, had from its dependents: a firewall or a cable only cuts off.
const CARRIES_IMPACT: [&str; 5] = ["COMPOSED_OF", "DEPENDS_ON", "DEPLOYED_ON", "RUNS_ON", "USES"];

/// Everything but being part of something.
const DEPENDENCY: [&str; 6] = ["CONNECTED_TO", "DEPENDS_ON", "DEPLOYED_ON", "PROTECTED_BY", "RUNS_ON", "USES"];

/// Which way a view follows relations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Direction {
    /// From source to target: what the item has, or needs.
    Out,
    /// From target to source: what has, or needs, the item.
    In,
    /// Both.
    Both,
}

/// A question to the graph.
///
/// `X DEPENDS_ON Y` means that X needs Y: [`View::Dependencies`] of X holds Y, [`View::Impact`] of Y holds X.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum View {
    /// Everything one hop around.
    Summary,
    /// What it is made of.
    #[default]
    Composition,
    /// What it depends on and what depends on it, mixed.
    Dependency,
    /// What it needs to work.
    Dependencies,
    /// Who breaks when it breaks.
    Impact,
    /// What a path may use.
    Path,
    /// Everything around.
    Neighbors,
}

impl View {
    /// Every view.
    pub const ALL: [Self; 7] = [
        Self::Summary,
        Self::Composition,
        Self::Dependency,
        Self::Dependencies,
        Self::Impact,
        Self::Path,
        Self::Neighbors,
    ];

    /// Returns the view's name, as in `IMPACT`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Summary => "SUMMARY",
            Self::Composition => "COMPOSITION",
            Self::Dependency => "DEPENDENCY",
            Self::Dependencies => "DEPENDENCIES",
            Self::Impact => "IMPACT",
            Self::Path => "PATH",
            Self::Neighbors => "NEIGHBORS",
        }
    }

    /// Returns the view called `name`, whatever its case, or `None`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.name().eq_ignore_ascii_case(name))
    }

    /// Returns which way relations are followed.
    #[must_use]
    pub fn direction(self) -> Direction {
        match self {
            Self::Composition | Self::Dependencies => Direction::Out,
            Self::Impact => Direction::In,
            Self::Summary | Self::Dependency | Self::Path | Self::Neighbors => Direction::Both,
        }
    }

    /// Returns which relation types are followed, by name.
    #[must_use]
    pub fn relations(self) -> &'static [&'static str] {
        match self {
            Self::Composition => &["COMPOSED_OF"],
            Self::Dependency | Self::Path => &DEPENDENCY,
            Self::Impact => &CARRIES_IMPACT,
            Self::Dependencies | Self::Summary | Self::Neighbors => &KNOWN_RELATIONS,
        }
    }

    /// Returns how many hops are followed if none are asked for.
    #[must_use]
    pub fn default_depth(self) -> u32 {
        match self {
            Self::Summary | Self::Neighbors => 1,
            Self::Composition | Self::Dependency | Self::Impact => 2,
            Self::Path => 3,
            Self::Dependencies => 4,
        }
    }

    /// Returns how many hops may be followed at most.
    ///
    /// Six where causes and effects travel: at three, the true cause of a quarter of real incidents is out of sight.
    #[must_use]
    pub fn max_depth(self) -> u32 {
        match self {
            Self::Summary => 1,
            Self::Neighbors => 2,
            Self::Composition => 3,
            Self::Dependency | Self::Dependencies | Self::Impact | Self::Path => 6,
        }
    }
}
