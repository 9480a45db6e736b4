//! What does ranking need to know?

use serde::{Deserialize, Serialize};

use super::{comparison::ItemComparison, plan::Period};

/// Everything ranking looks at: the results of the calls made before it, and nothing else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct RankRequest {
    /// The id of the item that is in trouble.
    pub(crate) subject: String,
    /// The metric that alerted, if known.
    #[serde(default)]
    pub(crate) metric: Option<String>,
    /// The window that was compared.
    pub(crate) window: Period,
    /// The step of the series, in seconds.
    pub(crate) step: i64,
    /// The items reached, the subject among them.
    #[serde(default)]
    pub(crate) items: Vec<RankItem>,
    /// The relations between them, as `graph.expand` returns them.
    #[serde(default)]
    pub(crate) edges: Vec<RankEdge>,
    /// One comparison per item, as `metric.compare` returns them.
    #[serde(default)]
    pub(crate) comparisons: Vec<ItemComparison>,
    /// Deployments, configuration changes, work and maintenance before and in the window.
    #[serde(default)]
    pub(crate) changes: Vec<Change>,
    /// How many suspects to name at most.
    #[serde(default = "default_limit")]
    pub(crate) limit: usize,
}

/// Returns how many suspects are named unless asked otherwise.
const fn default_limit() -> usize {
    10
}

/// One item, for names in explanations and for ties.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RankItem {
    /// The item's id.
    #[serde(alias = "ci_id", alias = "ci")]
    pub(crate) id: String,
    /// The code people know it by.
    #[serde(default, alias = "ci_code")]
    pub(crate) code: String,
}

/// One typed relation: `source` *type* `target`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RankEdge {
    /// The item that needs.
    pub(crate) source: String,
    /// The item that is needed.
    pub(crate) target: String,
    /// `DEPENDS_ON`, `USES`, `RUNS_ON`, `DEPLOYED_ON`, `COMPOSED_OF`, `CONNECTED_TO` or `PROTECTED_BY`.
    #[serde(rename = "type")]
    pub(crate) rel_type: String,
}

/// One change: something a person or a tool did to an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Change {
    /// The item it was done to.
    pub(crate) ci: String,
    /// When, in Unix seconds.
    pub(crate) time: i64,
    /// As in `deployment`, `config_change`, `maintenance`.
    pub(crate) kind: String,
    /// One line.
    #[serde(default)]
    pub(crate) summary: String,
}
