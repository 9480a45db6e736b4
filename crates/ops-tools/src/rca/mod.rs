//! Root cause analysis: pure functions from observations to ranked suspects.

mod baseline;
mod case;
mod changes;
mod compare;
mod comparison;
mod excess;
mod explain;
mod figures;
mod flow;
mod graph;
mod load;
mod plan;
mod rank;
mod ranking;
mod request;
mod resource;
mod role;
mod seen;
mod stats;
mod surge;
mod trouble;

pub(crate) use compare::{MetricRows, compare_item};
pub(crate) use comparison::{ItemComparison, Status};
pub(crate) use plan::{ComparePlan, Period, infer_step};
pub(crate) use rank::rank;
pub(crate) use ranking::{Evidence, Ranking, Suspect, Verdict};
pub(crate) use request::{Change, RankEdge, RankItem, RankRequest};
pub use role::MetricRole;

#[cfg(test)]
mod tests;
