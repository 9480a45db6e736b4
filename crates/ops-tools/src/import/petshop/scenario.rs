//! What do graph, baseline, incident and alert make together?

use std::collections::{BTreeMap, BTreeSet};

use super::kind::kind;
use super::{PetShopAlert, PetShopGraph, PetShopTable, metric};
use crate::import::error::{ImportError, ImportErrorKind};
use crate::{Ci, EstateData, MetricDef, Relation, Series};

/// A scenario of the PetShop data set, as much of it as there is; [`PetShop::to_estate`] makes it an estate.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PetShop {
    graph: Option<PetShopGraph>,
    baseline: Option<PetShopTable>,
    incident: Option<PetShopTable>,
    alert: Option<PetShopAlert>,
}

impl PetShop {
    /// Sets the call graph; without one the estate has no relations.
    #[must_use]
    pub fn with_graph(mut self, graph: PetShopGraph) -> Self {
        self.graph = Some(graph);
        self
    }

    /// Sets the normal period; without one the estate declares none.
    #[must_use]
    pub fn with_baseline(mut self, baseline: PetShopTable) -> Self {
        self.baseline = Some(baseline);
        self
    }

    /// Sets the rows around the incident; where they fall on times of the baseline, they count.
    #[must_use]
    pub fn with_incident(mut self, incident: PetShopTable) -> Self {
        self.incident = Some(incident);
        self
    }

    /// Sets the alert, which becomes the estate's only event.
    #[must_use]
    pub fn with_alert(mut self, alert: PetShopAlert) -> Self {
        self.alert = Some(alert);
        self
    }

    /// Returns the call graph.
    #[must_use]
    pub fn graph(&self) -> Option<&PetShopGraph> {
        self.graph.as_ref()
    }

    /// Returns the normal period.
    #[must_use]
    pub fn baseline(&self) -> Option<&PetShopTable> {
        self.baseline.as_ref()
    }

    /// Returns the rows around the incident.
    #[must_use]
    pub fn incident(&self) -> Option<&PetShopTable> {
        self.incident.as_ref()
    }

    /// Returns the alert.
    #[must_use]
    pub fn alert(&self) -> Option<&PetShopAlert> {
        self.alert.as_ref()
    }

    /// Makes an estate of it: nodes become items, "calls" becomes `DEPENDS_ON`, the baseline's period the normal one.
    ///
    /// An item's id, code and name are the node's name; its type follows from the AWS resource type in it.
    ///
    /// # Errors
    ///
    /// [`ImportErrorKind::Dangling`] if the alert is about a node that neither graph nor tables hold.
    pub fn to_estate(&self, tenant: &str) -> Result<EstateData, ImportError> {
        let nodes = self.nodes();
        let events = match &self.alert {
            Some(alert) if !nodes.contains(alert.node.as_str()) => return Err(unknown_node(alert)),
            alert => alert.iter().map(PetShopAlert::event).collect(),
        };
        let (metrics, series) = self.values();
        Ok(EstateData {
            tenant: tenant.to_owned(),
            origin: "petshop".to_owned(),
            normal: self.baseline.as_ref().and_then(PetShopTable::period),
            cis: nodes.into_iter().map(item).collect(),
            relations: self.relations(),
            metrics,
            series,
            events,
            ..EstateData::default()
        })
    }

    fn tables(&self) -> impl Iterator<Item = &PetShopTable> {
        self.baseline.iter().chain(&self.incident)
    }

    fn nodes(&self) -> BTreeSet<&str> {
        let of_graph = self.graph.iter().flat_map(|graph| graph.nodes().iter().map(String::as_str));
        of_graph.chain(self.tables().flat_map(PetShopTable::nodes)).collect()
    }

    fn relations(&self) -> Vec<Relation> {
        let calls = self.graph.iter().flat_map(|graph| graph.calls());
        let depends = calls.map(|(caller, callee)| Relation {
            source: caller.clone(),
            rel_type: "DEPENDS_ON".to_owned(),
            target: callee.clone(),
        });
        let unique: BTreeSet<Relation> = depends.collect();
        unique.into_iter().collect()
    }

    fn values(&self) -> (Vec<MetricDef>, Vec<Series>) {
        let mut defs: BTreeMap<String, MetricDef> = BTreeMap::new();
        let mut points: BTreeMap<(String, String), Vec<(i64, f64)>> = BTreeMap::new();
        for (column, values) in self.tables().flat_map(PetShopTable::series) {
            let name = metric::name(&column.metric, &column.statistic);
            defs.entry(name.clone()).or_insert_with(|| metric::definition(&column.metric, &column.statistic));
            let known = points.entry((column.node.clone(), name)).or_default();
            *known = merged(std::mem::take(known), values);
        }
        let filled = points.into_iter().filter(|(_, points)| !points.is_empty());
        let series = filled.map(|((ci_id, metric), points)| Series { ci_id, metric, points });
        (defs.into_values().collect(), series.collect())
    }
}

/// Joins two ascending series; of two values at one time the later series' counts.
fn merged(earlier: Vec<(i64, f64)>, mut later: Vec<(i64, f64)>) -> Vec<(i64, f64)> {
    later.extend(earlier);
    // Stable: at one time the later series' value stands first, and stays.
    later.sort_by_key(|(time, _)| *time);
    later.dedup_by_key(|(time, _)| *time);
    later
}

fn item(node: &str) -> Ci {
    let (ci_type, ci_subtype, ci_category) = kind(node);
    Ci {
        ci_id: node.to_owned(),
        ci_code: node.to_owned(),
        ci_name: node.to_owned(),
        ci_type: ci_type.to_owned(),
        ci_subtype: ci_subtype.to_owned(),
        ci_category: ci_category.to_owned(),
        status: "active".to_owned(),
        ..Ci::default()
    }
}

fn unknown_node(alert: &PetShopAlert) -> ImportError {
    let message = format!("the alert is about {:?}, which neither graph nor metrics hold", alert.node);
    ImportError::new(ImportErrorKind::Dangling, std::path::Path::new("target.json"), message)
}
