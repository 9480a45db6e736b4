//! How are values that arrive in any order gathered into series?

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::{MetricDef, Series};

/// Values by item and metric, and what the metrics mean.
#[derive(Debug, Default)]
pub(super) struct SeriesSet {
    defs: BTreeMap<String, MetricDef>,
    points: BTreeMap<String, BTreeMap<String, BTreeMap<i64, f64>>>,
}

impl SeriesSet {
    /// Says what a metric means; the first word counts.
    pub(super) fn define(&mut self, def: MetricDef) {
        self.defs.entry(def.name.clone()).or_insert(def);
    }

    /// Sets a value; returns the one it replaces, if there was one at that time.
    pub(super) fn insert(&mut self, ci: &str, metric: &str, time: i64, value: f64) -> Option<f64> {
        match self.series(ci, metric).entry(time) {
            Entry::Vacant(slot) => {
                slot.insert(value);
                None
            }
            Entry::Occupied(mut slot) => Some(slot.insert(value)),
        }
    }

    fn series(&mut self, ci: &str, metric: &str) -> &mut BTreeMap<i64, f64> {
        let metrics = self.points.entry(ci.to_owned()).or_default();
        metrics.entry(metric.to_owned()).or_default()
    }

    /// Returns the metrics by name, and the series by item and metric.
    pub(super) fn into_parts(self) -> (Vec<MetricDef>, Vec<Series>) {
        let series = self.points.into_iter().flat_map(|(ci_id, metrics)| {
            metrics.into_iter().map(move |(metric, points)| Series {
                ci_id: ci_id.clone(),
                metric,
                points: points.into_iter().collect(),
            })
        });
        let series = series.collect();
        (self.defs.into_values().collect(), series)
    }
}
