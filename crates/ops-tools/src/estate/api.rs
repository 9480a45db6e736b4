//! What does every store of an estate offer?

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use tool_core::Source;

use crate::estate::{
    Ci, CiAggregate, CiGroups, CiSearch, EstateError, EstateSummary, Event, EventQuery, Graph, MetricAggregate,
    MetricDef, MetricInfo, MetricList, MetricRead, MetricSeries, MetricValue, Page, Resolution, Rule, Series, Work,
    WorkQuery,
};

/// A store of items, relations, metrics, events, work and rules, by tenant.
///
/// Every read names its tenant and sees nothing of another; a tenant that does not exist is
/// [`EstateErrorKind::NotFound`](crate::EstateErrorKind::NotFound). Deleted items are hidden from every read, their
/// relations, series, events and work included. Dropping the future of a read stops the read.
///
/// Ids (`ci_id`) are exact. Ids that do not exist contribute no rows to a batch; use [`Estate::graph`] (in memory) to
/// tell unknown ids from items without data.
#[async_trait]
pub trait Estate: fmt::Debug + Send + Sync {
    /// Returns which data this is, for cache keys: an id that is the same for the same content on any machine and in any
    /// process, and a generation that moves when a read or [`Estate::refresh`] finds that the stored data has moved.
    fn source(&self) -> Source;

    /// Looks whether the stored data has moved, and moves to it.
    ///
    /// # Errors
    ///
    /// Those of opening the store.
    async fn refresh(&self) -> Result<(), EstateError>;

    /// Returns the tenants, by name.
    ///
    /// # Errors
    ///
    /// Those of reading the store.
    async fn tenants(&self) -> Result<Vec<String>, EstateError>;

    /// Returns what the estate holds for `tenant`, and when its data begins and ends.
    ///
    /// # Errors
    ///
    /// Those of reading the store.
    async fn summary(&self, tenant: &str) -> Result<Arc<EstateSummary>, EstateError>;

    /// Returns the relation graph of `tenant`, held in memory; it knows every item by id and code.
    ///
    /// # Errors
    ///
    /// Those of reading the store.
    async fn graph(&self, tenant: &str) -> Result<Arc<Graph>, EstateError>;

    /// Returns the items that fit a search.
    ///
    /// # Errors
    ///
    /// Those of reading the store.
    async fn search_cis(&self, tenant: &str, query: CiSearch) -> Result<Page<Ci>, EstateError>;

    /// Counts items by group.
    ///
    /// # Errors
    ///
    /// Those of reading the store.
    async fn aggregate_cis(&self, tenant: &str, query: CiAggregate) -> Result<CiGroups, EstateError>;

    /// Returns items in the order they were created, newest first, then by code. Keywords and sort are not looked at.
    ///
    /// # Errors
    ///
    /// Those of reading the store.
    async fn list_cis(&self, tenant: &str, query: CiSearch) -> Result<Page<Ci>, EstateError>;

    /// Returns the item with this id.
    ///
    /// # Errors
    ///
    /// [`EstateErrorKind::NotFound`](crate::EstateErrorKind::NotFound) with the nearest items.
    async fn ci(&self, tenant: &str, ci_id: &str) -> Result<Ci, EstateError>;

    /// Returns the item with this code.
    ///
    /// # Errors
    ///
    /// [`EstateErrorKind::NotFound`](crate::EstateErrorKind::NotFound) with the nearest items.
    async fn ci_by_code(&self, tenant: &str, ci_code: &str) -> Result<Ci, EstateError>;

    /// Finds what a typed text refers to: an id, else a code, else a name, each whatever its case.
    ///
    /// # Errors
    ///
    /// Those of reading the store.
    async fn resolve(&self, tenant: &str, text: &str) -> Result<Resolution, EstateError>;

    /// Returns every metric's definition, by name.
    ///
    /// # Errors
    ///
    /// Those of reading the store.
    async fn metric_defs(&self, tenant: &str) -> Result<Arc<[MetricDef]>, EstateError>;

    /// Returns metrics and how much of each there is, by name.
    ///
    /// # Errors
    ///
    /// Those of reading the store.
    async fn list_metrics(&self, tenant: &str, query: MetricList) -> Result<Page<MetricInfo>, EstateError>;

    /// Computes one number over a metric of some items in a window.
    ///
    /// # Errors
    ///
    /// Those of reading the store.
    async fn aggregate_metric(&self, tenant: &str, query: MetricAggregate) -> Result<MetricValue, EstateError>;

    /// Returns the newest values of one series in a window, newest first; `total` counts the whole window.
    ///
    /// # Errors
    ///
    /// Those of reading the store.
    async fn metric_series(&self, tenant: &str, query: MetricSeries) -> Result<Page<(i64, f64)>, EstateError>;

    /// Reads many series, each oldest first, ordered by item as asked, then by metric name; empty series are left out.
    ///
    /// # Errors
    ///
    /// [`EstateErrorKind::TooLarge`](crate::EstateErrorKind::TooLarge) beyond [`MAX_POINTS_READ`] values.
    async fn read_metrics(&self, tenant: &str, query: MetricRead) -> Result<Vec<Series>, EstateError>;

    /// Returns events, ordered by time as asked, then in the order they were stored.
    ///
    /// # Errors
    ///
    /// Those of reading the store.
    async fn events(&self, tenant: &str, query: EventQuery) -> Result<Page<Event>, EstateError>;

    /// Returns work and maintenance entries that overlap a window, newest start first.
    ///
    /// # Errors
    ///
    /// Those of reading the store.
    async fn work(&self, tenant: &str, query: WorkQuery) -> Result<Page<Work>, EstateError>;

    /// Returns every rule, by id.
    ///
    /// # Errors
    ///
    /// Those of reading the store.
    async fn rules(&self, tenant: &str) -> Result<Vec<Rule>, EstateError>;

    /// Returns the rule with this id, or `None`.
    ///
    /// # Errors
    ///
    /// Those of reading the store.
    async fn rule(&self, tenant: &str, rule_id: &str) -> Result<Option<Rule>, EstateError>;
}

/// The most metric values that one [`Estate::read_metrics`] returns.
pub const MAX_POINTS_READ: u64 = 8_000_000;
