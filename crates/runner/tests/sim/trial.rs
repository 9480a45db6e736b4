//! What came of one world?

use std::{collections::BTreeMap, fmt::Debug};

use runner::{
    tool_cache::CacheStats,
    tool_guard::{GuardStats, Refusals},
    tool_observe::ToolStats,
};

use crate::{
    fault::Tally,
    ledger::{Run, Stamp},
    record::{CallRecord, Upheaval},
    world::World,
};

/// Everything that is known of a world after it ran.
pub(crate) struct Trial {
    pub(crate) world: World,
    pub(crate) runs: Vec<Run>,
    pub(crate) fired: Tally,
    pub(crate) calls: Vec<CallRecord>,
    pub(crate) upheavals: Vec<Upheaval>,
    /// What was seen to be wrong while it ran.
    pub(crate) findings: Vec<Finding>,
    pub(crate) leftovers: Leftovers,
    pub(crate) books: Books,
}

/// What the layers counted.
#[derive(Debug)]
pub(crate) struct Books {
    /// How often the policy was asked about each tool.
    pub(crate) asked: BTreeMap<String, u64>,
    pub(crate) traced: Vec<ToolStats>,
    pub(crate) cached: CacheStats,
    pub(crate) guarded: GuardStats,
    pub(crate) refused: Refusals,
    /// How often the policy said no.
    pub(crate) denied: u64,
    /// When that was.
    pub(crate) at: Stamp,
}

/// What is still there after all ended.
#[derive(Debug, Clone, Copy, Hash, PartialEq, Eq)]
pub(crate) struct Leftovers {
    pub(crate) tasks: usize,
    pub(crate) runs: u64,
    pub(crate) in_flight: u64,
}

/// Something that must not be.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    pub(crate) invariant: &'static str,
    pub(crate) what: String,
    /// Which tool it is about.
    pub(crate) tool: Option<usize>,
}

impl Finding {
    pub(crate) fn new(invariant: &'static str, what: impl Into<String>) -> Self {
        Self { invariant, what: what.into(), tool: None }
    }

    pub(crate) fn about(self, tool: usize) -> Self {
        Self { tool: Some(tool), ..self }
    }
}

impl Trial {
    /// Returns where another run of the same seed went another way, if it did.
    pub(crate) fn first_difference(&self, other: &Self) -> Option<String> {
        fn first<T: Debug>(ours: &[T], theirs: &[T]) -> Option<String> {
            let text = |list: &[T], at: usize| list.get(at).map(|one| format!("{one:?}"));
            let most = ours.len().max(theirs.len());
            let at = (0..most).find(|at| text(ours, *at) != text(theirs, *at))?;
            Some(format!("first {:?}, then {:?}", text(ours, at), text(theirs, at)))
        }
        first(&self.runs, &other.runs)
            .or_else(|| first(&self.calls, &other.calls))
            .or_else(|| first(&self.upheavals, &other.upheavals))
            .or_else(|| first(&[self.leftovers], &[other.leftovers]))
    }
}
