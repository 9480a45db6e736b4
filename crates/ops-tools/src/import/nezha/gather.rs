//! How are items, relations and values of several files brought together?

use std::collections::{BTreeMap, BTreeSet};

use super::columns::Column;
use crate::import::cell;
use crate::import::error::ImportError;
use crate::import::series::SeriesSet;
use crate::import::sheet::Row;
use crate::{Ci, EstateData, Relation};

/// What has been read so far; an item or relation that is met again is the same one.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    items: BTreeMap<String, Ci>,
    relations: BTreeSet<Relation>,
    pub(super) values: SeriesSet,
}

impl Gathered {
    /// Adds a service, unless it is known.
    pub(super) fn service(&mut self, name: &str) {
        self.item(name, "SW", "app", "service");
    }

    /// Adds a pod, unless it is known.
    pub(super) fn pod(&mut self, name: &str) {
        self.item(name, "SW", "app", "pod");
    }

    /// Adds a host, unless it is known.
    pub(super) fn host(&mut self, name: &str) {
        self.item(name, "HW", "server", "host");
    }

    fn item(&mut self, name: &str, ci_type: &str, subtype: &str, category: &str) {
        let new = || {
            let mut ci = Ci::new(name, name);
            ci_type.clone_into(&mut ci.ci_type);
            subtype.clone_into(&mut ci.ci_subtype);
            category.clone_into(&mut ci.ci_category);
            ci
        };
        self.items.entry(name.to_owned()).or_insert_with(new);
    }

    /// Adds a relation, unless it is known.
    pub(super) fn relate(&mut self, source: &str, rel_type: &str, target: &str) {
        self.relations.insert(Relation::new(source, rel_type, target));
    }

    /// Returns the only host the service runs on, if there is only one.
    pub(super) fn host_of(&self, service: &str) -> Option<String> {
        let runs = |relation: &&Relation| relation.source == service && relation.rel_type == "RUNS_ON";
        let mut hosts = self.relations.iter().filter(runs).map(|relation| relation.target.clone());
        hosts.next().filter(|_| hosts.next().is_none())
    }

    /// Adds the cells of one row to an item.
    pub(super) fn row(&mut self, row: &Row<'_>, time: i64, ci: &str, columns: &[Column]) -> Result<(), ImportError> {
        for column in columns {
            if let Some(value) = value(row, column.published)? {
                self.values.insert(ci, column.name, time, value);
            }
        }
        Ok(())
    }

    /// Makes an estate of it.
    pub(super) fn into_estate(self, tenant: &str) -> EstateData {
        let (metrics, series) = self.values.into_parts();
        EstateData {
            tenant: tenant.to_owned(),
            origin: "nezha".to_owned(),
            cis: self.items.into_values().collect(),
            relations: self.relations.into_iter().collect(),
            metrics,
            series,
            ..EstateData::default()
        }
    }
}

/// Returns a row's time: files are written a second or two apart, so times are cut to the minute, the data's step.
pub(super) fn minute(row: &Row<'_>, column: &str) -> Result<i64, ImportError> {
    Ok(row.required_time(column)?.div_euclid(60) * 60)
}

/// Returns a value; an empty cell and the exporter's `NaN` are missing.
pub(super) fn value(row: &Row<'_>, column: &str) -> Result<Option<f64>, ImportError> {
    match row.text(column) {
        Some(text) if text.eq_ignore_ascii_case("nan") => Ok(None),
        Some(text) if cell::number(text).is_none() => Err(row.wrong(column, text, "a finite number")),
        _ => row.number(column),
    }
}
