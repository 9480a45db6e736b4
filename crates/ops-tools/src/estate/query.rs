//! What can an estate be asked, and what does it answer?

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::estate::{CiColumn, CiField, CiFilter, MetricDef, WorkKind};
use crate::timerange::Window;

/// The part of an item that a hint or a graph node shows.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CiHint {
    /// The item's identity.
    pub ci_id: String,
    /// Its code.
    pub ci_code: String,
    /// Its name.
    pub ci_name: String,
}

/// A page of rows, and how many there are in all.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The rows of this page.
    pub rows: Vec<T>,
    /// How many rows match, on this page or not.
    pub total: u64,
}

/// Whether all keywords must fit or one is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Match {
    /// Every keyword.
    #[default]
    All,
    /// At least one keyword.
    Any,
}

/// Which way a list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Order {
    /// Smallest, or oldest, first.
    #[default]
    Ascending,
    /// Largest, or newest, first.
    Descending,
}

/// A search for items by substring, whatever its case, over code, name, type, subtype and category.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct CiSearch {
    /// The substrings; `%` and `_` mean themselves. None fits every item.
    pub keywords: Vec<String>,
    /// Whether all of them must fit.
    pub matching: Match,
    /// Conditions that must all hold.
    pub filters: Vec<CiFilter>,
    /// By what to sort; then by code. Unsorted means by code.
    pub sort: Option<(CiColumn, Order)>,
    /// How many rows to return.
    pub limit: u32,
    /// How many rows to skip.
    pub offset: u32,
}

/// What is counted in each group of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CiMeasure {
    /// Items.
    Count,
    /// Different values of a field; missing values do not count.
    CountDistinct(CiField),
}

/// A count of items by group.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct CiAggregate {
    /// By what to group; nothing makes one group.
    pub group_by: Vec<CiField>,
    /// What to count.
    pub measures: Vec<CiMeasure>,
    /// Conditions that must all hold.
    pub filters: Vec<CiFilter>,
    /// Only these items, if given.
    pub ci_ids: Option<Vec<String>>,
    /// How many groups to return, largest first measure first, then by group.
    pub top_n: u32,
}

/// What a text that a person typed refers to.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Resolution {
    /// Exactly one item has this id, code or name.
    Exact(CiHint),
    /// Several items have this name; all of them, by code.
    Ambiguous(Vec<CiHint>),
    /// None has; the nearest by spelling, best first, possibly none.
    Unknown(Vec<CiHint>),
}

/// One metric and how much of it there is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MetricInfo {
    /// What the metric means.
    #[serde(flatten)]
    pub def: MetricDef,
    /// How many items have values of it.
    pub items: u64,
    /// How many values there are.
    pub points: u64,
    /// Time of the first value, in Unix seconds.
    pub first: Option<i64>,
    /// Time of the last value, in Unix seconds.
    pub last: Option<i64>,
}

/// Which metrics to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct MetricList {
    /// Only metrics that this item has values of, if given.
    pub ci_id: Option<String>,
    /// Only metrics whose name contains this, whatever its case, if given.
    pub contains: Option<String>,
    /// How many to return, by name.
    pub limit: u32,
}

/// How values become one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Aggregation {
    /// How many values.
    Count,
    /// The largest.
    Max,
    /// The smallest.
    Min,
    /// The arithmetic mean.
    Avg,
    /// All values added.
    Sum,
    /// The smallest value that at least 95 in 100 do not exceed (nearest rank).
    P95,
}

/// One number over one metric of some items in a window.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MetricAggregate {
    /// The metric's name.
    pub metric: String,
    /// The items' ids.
    pub ci_ids: Vec<String>,
    /// When.
    pub window: Window,
    /// How values become one number.
    pub agg: Aggregation,
}

/// The answer to a [`MetricAggregate`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MetricValue {
    /// The number; `None` where there is no value, also for [`Aggregation::Count`].
    pub value: Option<f64>,
    /// How many values went into it.
    pub points: u64,
    /// How many of the items had at least one.
    pub items_with_data: u64,
}

/// The values of one metric of one item, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MetricSeries {
    /// The item's id.
    pub ci_id: String,
    /// The metric's name.
    pub metric: String,
    /// When.
    pub window: Window,
    /// How many values to return.
    pub limit: u32,
}

/// Many series at once, for statistics.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MetricRead {
    /// The items' ids.
    pub ci_ids: Vec<String>,
    /// Only these metrics, if given.
    pub metrics: Option<Vec<String>>,
    /// When.
    pub window: Window,
}

impl MetricRead {
    /// Asks for every metric of these items in `window`.
    #[must_use]
    pub fn new(ci_ids: Vec<String>, window: Window) -> Self {
        Self { ci_ids, metrics: None, window }
    }
}

/// Which events to list, newest first unless asked otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventQuery {
    /// Only events of these items, if given.
    pub ci_ids: Option<Vec<String>>,
    /// Only these types, if given.
    pub event_types: Option<Vec<String>>,
    /// Only this severity (1 to 5) or a higher one.
    pub min_severity: u8,
    /// When.
    pub window: Window,
    /// By time.
    pub order: Order,
    /// How many to return.
    pub limit: u32,
}

impl EventQuery {
    /// Asks for the newest `limit` events in `window`, of all items, types and severities.
    #[must_use]
    pub fn new(window: Window, limit: u32) -> Self {
        Self { ci_ids: None, event_types: None, min_severity: 1, window, order: Order::Descending, limit }
    }
}

/// Which work and maintenance entries to list, newest start first: those that overlap the window.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkQuery {
    /// Only entries of these items, if given.
    pub ci_ids: Option<Vec<String>>,
    /// Only this history, if given.
    pub kind: Option<WorkKind>,
    /// When: an entry counts if it was under way at any time in the window.
    pub window: Window,
    /// How many to return.
    pub limit: u32,
}

impl WorkQuery {
    /// Asks for the newest `limit` entries that overlap `window`, of all items and both histories.
    #[must_use]
    pub fn new(window: Window, limit: u32) -> Self {
        Self { ci_ids: None, kind: None, window, limit }
    }
}

/// What an estate holds for one tenant.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct EstateSummary {
    /// The tenant.
    pub tenant: String,
    /// Where the data comes from, as in `demo:7` or `petshop`.
    pub origin: String,
    /// The period known to be normal, half-open, where the source declares one.
    pub normal: Option<Window>,
    /// From the first metric value, event or work entry to [`EstateSummary::now`]; `None` where there is none of them.
    pub data: Option<Window>,
    /// How many items there are, deleted ones not counted.
    pub items: u64,
    /// How many relations there are between them.
    pub relations: u64,
    /// How many metrics are defined.
    pub metrics: u64,
    /// How many series (one metric of one item) there are.
    pub series: u64,
    /// How many metric values there are.
    pub points: u64,
    /// How many events there are.
    pub events: u64,
    /// How many work and maintenance entries there are.
    pub work: u64,
    /// How many rules there are.
    pub rules: u64,
}

impl EstateSummary {
    /// Returns the instant that relative time ranges end at, in Unix seconds: the exclusive end of the data.
    ///
    /// That is the last metric value plus its series' step, or just after the last event if that is later; 0 in an
    /// estate without data. The wall clock plays no part, so the same question has the same answer tomorrow.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.data.map_or(0, |w| w.to)
    }
}

/// Rows of counts by group.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CiGroups {
    /// One row per group: its group values, then its measures.
    pub rows: Vec<Vec<Value>>,
    /// How many groups there are in all.
    pub total: u64,
}
