//! What do earlier outcomes add to what a text found?

use std::{borrow::Cow, collections::BTreeSet};

use tool_core::Signals;

use crate::{Basis, Catalog, Contribution, Fit, Learned, RankedTool, Selection};

/// The least that was learned for a tool, as a share of the most that can be, from which on it fits by that alone.
const FITS_FROM: f64 = 0.25;

impl Selection {
    /// Adds what was learned to each tool's score, ranks the tools that a text alone does not find, and puts open breakers
    /// last.
    pub(crate) fn with_learned(
        mut self,
        learned: &Learned,
        catalog: &Catalog,
        hidden: &BTreeSet<&str>,
        signals: &dyn Signals,
    ) -> Self {
        self.ranked.iter_mut().for_each(|tool| add(tool, learned));
        self.ranked.extend(beyond_the_text(&self.ranked, learned, catalog, hidden));
        for tool in &mut self.ranked {
            tool.breaker = signals.read(tool.tool.id()).breaker;
        }
        self.ranked.sort_by(RankedTool::before);
        let is_sure = |tool: &RankedTool| learned.share(tool.tool.spec().name()) >= FITS_FROM;
        if self.ranked.first().is_some_and(is_sure) {
            self.fit = Fit::Fits;
        }
        self
    }
}

fn add(tool: &mut RankedTool, learned: &Learned) {
    let points = learned.points(tool.tool.spec().name());
    if points != 0.0 {
        tool.contributions.push(contribution(points));
        tool.score = tool.contributions.iter().map(|part| part.points).sum();
    }
}

/// Returns the tools that served such questions though their own text says nothing of it.
fn beyond_the_text(
    ranked: &[RankedTool],
    learned: &Learned,
    catalog: &Catalog,
    hidden: &BTreeSet<&str>,
) -> Vec<RankedTool> {
    let known: BTreeSet<&str> = ranked.iter().map(|tool| tool.tool.spec().name().as_str()).collect();
    let new = learned.tools().filter(|name| !known.contains(name.as_str()) && !hidden.contains(name.as_str()));
    let served = new.filter_map(|name| {
        let points = learned.points(name);
        let entry = (points > 0.0).then(|| catalog.entry(name)).flatten()?;
        Some(RankedTool {
            tool: entry.tool.clone(),
            score: points,
            exact_name: false,
            pinned: false,
            breaker: None,
            contributions: vec![contribution(points)],
        })
    });
    served.collect()
}

fn contribution(points: f64) -> Contribution {
    Contribution {
        name: Cow::Borrowed("learned"),
        value: points,
        weight: 1.0,
        points,
        fields: Vec::new(),
        basis: Basis::Learned,
    }
}
