#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod ask;
mod catalog;
mod cep;
mod compositions;
mod demo;
mod error;
mod estate;
mod import;
mod investigate;
mod nearest;
mod rca;
mod timerange;
mod tools;

pub use ask::{AskGiven, AskGrammar, MAX_QUESTION_BYTES};
pub use catalog::{INTENTS, Intent, intents, profile};
pub use compositions::compositions;
pub use demo::{DEMO_SEED, DemoEstate, Incident, IncidentAlert, IncidentKind, demo};
pub use estate::{
    Aggregation, Ci, CiAggregate, CiColumn, CiField, CiFilter, CiGroups, CiHint, CiMeasure, CiSearch, Direction,
    Estate, EstateData, EstateError, EstateErrorKind, EstateSummary, Event, EventQuery, Expand, Expansion,
    FILTER_ATTRIBUTES, FILTER_TAGS, FilterFault, FilterOp, Graph, GraphEdge, GraphNode, GraphPath, KNOWN_RELATIONS,
    MAX_POINTS_READ, Match, MetricAggregate, MetricDef, MetricInfo, MetricList, MetricRead, MetricSeries, MetricValue,
    NodeId, Order, Page, Reached, Relation, Resolution, Rule, Series, SqliteEstate, View, WalkLimit, Work, WorkKind,
    WorkQuery, write_estate,
};
pub use import::{
    ImportError, ImportErrorKind, PetShop, PetShopAlert, PetShopGraph, PetShopTable, import_csv, import_nezha,
};
pub use investigate::{
    AffectedLine, AlertSubject, CallCounts, ChangeLine, EvidenceLine, Investigation, MissingLine, Observation,
    SubjectLine, SuspectLine, TimelineLine,
};
pub use rca::MetricRole;
pub use timerange::{TimeRange, Window, format_instant, parse_instant};
pub use tools::tools;
