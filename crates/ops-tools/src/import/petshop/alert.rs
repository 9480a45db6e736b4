//! Which alert does an incident's `target.json` name?

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::metric;
use crate::Event;
use crate::import::error::{ImportError, ImportErrorKind};

/// The alert of an incident: which metric of which node fired, and when.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PetShopAlert {
    /// The node, as the call graph names it.
    pub node: String,
    /// As in `latency`.
    pub metric: String,
    /// The statistic, as in `Average` or `p90`.
    pub agg: String,
    /// When it fired, in Unix seconds.
    pub timestamp: i64,
}

/// All that is read of the file: what stands beside `target` is the answer, and an answer is never an input.
#[derive(Debug, Deserialize)]
struct TargetFile {
    target: PetShopAlert,
}

impl PetShopAlert {
    /// Reads `target` of a `target.json`, and nothing else of it.
    ///
    /// # Errors
    ///
    /// An [`ImportError`] that names the line if the file cannot be read or holds no such alert.
    pub fn read(file: &Path) -> Result<Self, ImportError> {
        let text = std::fs::read(file).map_err(|cause| ImportError::unreadable(file, cause))?;
        let parsed: Result<TargetFile, _> = serde_json::from_slice(&text);
        let malformed = |cause: serde_json::Error| {
            let line = u64::try_from(cause.line()).unwrap_or(u64::MAX);
            let message = format!("not an alert {{\"target\": {{node, metric, agg, timestamp}}}}: {cause}");
            ImportError::new(ImportErrorKind::Malformed, file, message).at_line(line)
        };
        parsed.map(|file| file.target).map_err(malformed)
    }

    /// Returns the name its metric bears in the estate, as in `latency` or `latency_p90`.
    #[must_use]
    pub fn metric_name(&self) -> String {
        metric::name(&self.metric, &self.agg)
    }

    pub(super) fn event(&self) -> Event {
        let metric = self.metric_name();
        Event {
            time: self.timestamp,
            ci_id: self.node.clone(),
            event_type: "threshold_alarm".to_owned(),
            severity: 4,
            source: "system".to_owned(),
            title: format!("{metric} of {} is out of bounds", self.node),
            message: String::new(),
            attributes: BTreeMap::from([("metric".to_owned(), Value::String(metric))]),
        }
    }
}
