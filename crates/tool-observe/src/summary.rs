//! What do the counts of several tenants, tools and runs add up to?

use std::collections::BTreeMap;

use tool_core::ToolName;

use crate::{ToolStats, tenants::Tenant};

/// Counts that are being added up, by tool.
#[derive(Default)]
pub(crate) struct Summary(BTreeMap<ToolName, ToolStats>);

impl Summary {
    fn of(&mut self, tool: &ToolName) -> &mut ToolStats {
        self.0.entry(tool.clone()).or_insert_with(|| ToolStats::new(tool.clone()))
    }

    pub(crate) fn add(&mut self, tenant: &Tenant, names: &[ToolName]) {
        for (series, name) in names.iter().enumerate() {
            if let Some(cell) = tenant.stats.peek(series) {
                cell.add_to(self.of(name));
            }
        }
    }

    pub(crate) fn merge(&mut self, stats: &[ToolStats]) {
        for stats in stats {
            self.of(&stats.tool).merge(stats);
        }
    }

    /// Returns the counts by name, without the tools that were not called.
    pub(crate) fn finish(self) -> Vec<ToolStats> {
        self.0.into_values().map(ToolStats::finish).filter(|stats| stats.calls > 0).collect()
    }
}
