//! Which tools of a catalogue does a text describe?

use std::{borrow::Cow, collections::BTreeSet};

use tool_core::ToolName;

use crate::{Basis, Catalog, Contribution, Fit, Hit, RankedTool, Search, View, WordPoints};

/// The most tools that a text ranks.
const MAX_RANKED: usize = 100;

/// A text search over what a caller may see of a catalogue.
pub(crate) struct Text<'c> {
    catalog: &'c Catalog,
    /// Everything, unless something is hidden.
    view: Option<View>,
    search: Search,
}

/// What was found.
pub(crate) struct TextFound {
    pub(crate) fit: Fit,
    pub(crate) coverage: f64,
    pub(crate) ranked: Vec<RankedTool>,
    pub(crate) unmatched: Vec<String>,
    pub(crate) ignored_words: usize,
}

impl<'c> Text<'c> {
    pub(crate) fn new(catalog: &'c Catalog, hidden: &BTreeSet<&str>, text: &str) -> Self {
        let view = (!hidden.is_empty()).then(|| View::new(catalog.index(), |name| !hidden.contains(name)));
        let all = Search::new(text).top(MAX_RANKED).explained();
        let search = catalog.pins().iter().fold(all, |search, pin| search.pin(pin.as_str()));
        Self { catalog, view, search }
    }

    pub(crate) fn found(&self) -> TextFound {
        let index = self.catalog.index();
        let found = match &self.view {
            None => index.search(&self.search),
            Some(view) => index.search_in(view, &self.search),
        };
        let ranked: Vec<RankedTool> = found.hits.into_iter().filter_map(|hit| self.ranked(hit)).collect();
        TextFound {
            fit: found.fit,
            coverage: found.coverage,
            ranked,
            unmatched: found.unmatched,
            ignored_words: self.search.ignored_words(),
        }
    }

    fn ranked(&self, hit: Hit) -> Option<RankedTool> {
        let name: ToolName = hit.id().parse().ok()?;
        let tool = self.catalog.entry(&name)?.tool.clone();
        let contributions = hit.words.into_iter().map(contribution).collect();
        Some(RankedTool {
            tool,
            score: hit.score,
            exact_name: hit.exact_name,
            pinned: hit.pinned,
            breaker: None,
            contributions,
        })
    }
}

fn contribution(word: WordPoints) -> Contribution {
    Contribution {
        name: Cow::Owned(word.word),
        value: word.value,
        weight: word.weight,
        points: word.points,
        basis: Basis::Text,
        fields: word.fields,
    }
}
