//! Which metric of which items does a call mean?

use tool_core::{ErrorKind, Limit, ToolError, nearest};

use crate::estate::{Estate, MetricDef};
use crate::timerange::Window;
use crate::tools::context::{MAX_ITEMS, Problems, resolve_items};
use crate::tools::items::{outside_data, unknown_warnings};

/// How many metric names a message suggests at most.
const MAX_NAMES: usize = 5;

/// Returns the metric called `name`.
///
/// # Errors
///
/// `NotFound` with the nearest names, and those of reading the estate.
pub(super) async fn known_metric(estate: &dyn Estate, tenant: &str, name: &str) -> Result<MetricDef, ToolError> {
    let defs = estate.metric_defs(tenant).await?;
    defs.iter().find(|d| d.name == name).cloned().ok_or_else(|| {
        ToolError::new(ErrorKind::NotFound, format!("no metric is called `{name}`")).with_suggestions(nearest(
            name,
            defs.iter().map(|d| d.name.as_str()),
            MAX_NAMES,
        ))
    })
}

/// Reads `ci_id` and `ci_ids`, exactly one of which a call must give.
pub(super) fn named_items(problems: &mut Problems, one: Option<String>, many: Option<Vec<String>>) -> Vec<String> {
    match (one, many) {
        (Some(id), None) => vec![id],
        (None, Some(ids)) => ids,
        (Some(_), Some(_)) => {
            problems.add("/ci_ids", "nothing beside `ci_id`", None);
            Vec::new()
        }
        (None, None) => {
            problems.add("/ci_ids", "`ci_id` or `ci_ids`", None);
            Vec::new()
        }
    }
}

/// The items of a batch, at most [`MAX_ITEMS`].
pub(super) struct Batch {
    /// How many were named.
    pub(super) requested: usize,
    /// How many of them exist, each counted once.
    pub(super) found: usize,
    /// The ids used.
    pub(super) ids: Vec<String>,
    /// What names no item.
    pub(super) unknown: Vec<String>,
    /// The limit, if it left some out.
    pub(super) limit: Option<Limit>,
}

/// Finds the items of a batch; those beyond [`MAX_ITEMS`] are left out, and the limit says so.
///
/// # Errors
///
/// `NotFound` with the nearest items if none of them exists, and those of reading the estate.
pub(super) async fn batch(estate: &dyn Estate, tenant: &str, named: &[String]) -> Result<Batch, ToolError> {
    let items = resolve_items(estate, tenant, named).await?;
    let found = items.ids.len();
    let limit = (found > MAX_ITEMS).then(|| Limit::new("ci_ids", Some(found as u64), MAX_ITEMS as u64));
    let ids = items.ids.into_iter().take(MAX_ITEMS).collect();
    Ok(Batch { requested: named.len(), found, ids, unknown: items.unknown, limit })
}

/// Returns what to tell about items that do not exist and a window without any data.
///
/// # Errors
///
/// Those of reading the estate.
pub(super) async fn warnings(
    estate: &dyn Estate,
    tenant: &str,
    unknown: &[String],
    window: Window,
) -> Result<Vec<String>, ToolError> {
    let outside = outside_data(&*estate.summary(tenant).await?, window);
    Ok(unknown_warnings(unknown).into_iter().chain(outside).collect())
}
