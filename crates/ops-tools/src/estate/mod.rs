//! The estate: its records, its store and its graph.

mod api;
mod error;
mod filter;
mod graph;
mod model;
mod query;
mod sqlite;

pub use api::{Estate, MAX_POINTS_READ};
pub use error::{EstateError, EstateErrorKind};
pub use filter::{CiColumn, CiField, CiFilter, FILTER_ATTRIBUTES, FILTER_TAGS, FilterFault, FilterOp};
pub use graph::{
    Direction, Expand, Expansion, Graph, GraphEdge, GraphNode, GraphPath, KNOWN_RELATIONS, NodeId, Reached, View,
    WalkLimit,
};
pub use model::{Ci, EstateData, Event, MetricDef, Relation, Rule, Series, Work, WorkKind};
pub use query::{
    Aggregation, CiAggregate, CiGroups, CiHint, CiMeasure, CiSearch, EstateSummary, EventQuery, Match, MetricAggregate,
    MetricInfo, MetricList, MetricRead, MetricSeries, MetricValue, Order, Page, Resolution, WorkQuery,
};
pub use sqlite::{SqliteEstate, write_estate};
