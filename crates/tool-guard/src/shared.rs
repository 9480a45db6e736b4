//! What do a guard and its readers share?

use std::sync::Arc;

use tool_core::{Clock, ToolId, ToolSpec};

use crate::{GuardPolicy, GuardStats, breaker::Groups, handle::Handle, limit::Limiter, random::Random, table::Table};

/// What all calls of one guard share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) policy: GuardPolicy,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Random,
    pub(crate) tools: Table<Handle>,
    /// The limit of all tools together.
    pub(crate) total: Option<Limiter>,
    groups: Groups,
}

impl Shared {
    pub(crate) fn new(policy: GuardPolicy, clock: Arc<dyn Clock>, random: Random) -> Self {
        let total = Limiter::new(policy.total());
        Self { policy, clock, random, tools: Table::new(), total, groups: Groups::default() }
    }

    /// Returns what is kept for a tool, made at its first call.
    pub(crate) fn tool(&self, id: ToolId, spec: &Arc<ToolSpec>) -> &Handle {
        self.tools.get_or_make(id, || Handle::new(spec, &self.policy, &self.groups, &self.random, self.clock.now()))
    }

    pub(crate) fn stats(&self) -> GuardStats {
        GuardStats::of(self.tools.iter().map(|tool| tool.stats(&*self.clock)).collect())
    }
}
