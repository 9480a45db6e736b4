//! How may a call name the items it is about?

use serde::Deserialize;
use serde_json::{Value, json};
use tool_core::{Limit, ToolError};

use crate::estate::{Estate, EstateSummary};
use crate::timerange::{Window, format_instant};
use crate::tools::context::{Items, MAX_ITEMS, resolve_items};

/// The parameters `ci` and `ci_ids`: one item, several, or, with neither, all.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Named {
    ci: Option<String>,
    ci_ids: Option<Vec<String>>,
}

/// Items that a call named, found in the estate.
#[derive(Debug)]
pub(crate) struct Asked {
    /// How many the call named.
    pub(crate) requested: usize,
    /// Those of them that are looked at; `None` for all items.
    pub(crate) items: Option<Items>,
    /// The limit that left some out.
    pub(crate) limit: Option<Limit>,
}

impl Asked {
    /// Returns the ids to look at; `None` for all items.
    pub(crate) fn ids(&self) -> Option<Vec<String>> {
        self.items.as_ref().map(|items| items.ids.clone())
    }

    /// Returns a warning for every name that is no item's.
    pub(crate) fn warnings(&self) -> Vec<String> {
        self.items.as_ref().map(|items| unknown_warnings(&items.unknown)).unwrap_or_default()
    }
}

impl Named {
    /// Finds the items.
    ///
    /// # Errors
    ///
    /// `NotFound` with the nearest items if none of those named exists.
    pub(crate) async fn find(self, estate: &dyn Estate, tenant: &str) -> Result<Asked, ToolError> {
        if self.ci.is_none() && self.ci_ids.is_none() {
            return Ok(Asked { requested: 0, items: None, limit: None });
        }
        let named: Vec<String> = self.ci.into_iter().chain(self.ci_ids.unwrap_or_default()).collect();
        let requested = named.len();
        let (named, limit) = cap_items(named);
        let items = resolve_items(estate, tenant, &named).await?;
        Ok(Asked { requested, items: Some(items), limit })
    }
}

/// Returns the schema of a list of items; more than the limit are cut, and the cut reported.
pub(crate) fn items_schema(what: &str) -> Value {
    json!({
        "type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1},
        "description": format!("{what}; at most {MAX_ITEMS}, more are left out and said"),
    })
}

/// Keeps the first items of a list that names too many.
pub(crate) fn cap_items(mut named: Vec<String>) -> (Vec<String>, Option<Limit>) {
    if named.len() <= MAX_ITEMS {
        return (named, None);
    }
    let limit = Limit::new("ci_ids", Some(named.len() as u64), MAX_ITEMS as u64);
    named.truncate(MAX_ITEMS);
    (named, Some(limit))
}

/// Returns a warning for every name that is no item's.
pub(crate) fn unknown_warnings(unknown: &[String]) -> Vec<String> {
    unknown.iter().map(|name| format!("no item has the id or code `{name}`")).collect()
}

/// Returns a warning if a window holds none of the estate's data: nothing found there means nothing is known.
pub(crate) fn outside_data(summary: &EstateSummary, window: Window) -> Option<String> {
    match summary.data {
        None => Some("the estate holds no data".to_owned()),
        Some(data) if window.to <= data.from || data.to <= window.from => Some(format!(
            "the window lies outside the data, which goes from {} to {}",
            format_instant(data.from),
            format_instant(data.to)
        )),
        Some(_) => None,
    }
}
