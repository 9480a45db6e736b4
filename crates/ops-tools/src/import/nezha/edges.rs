//! What do `source_50.csv` and `destination_50.csv` hold?

use std::path::Path;

use super::gather::{Gathered, minute, value};
use crate::import::error::ImportError;
use crate::import::sheet::Sheet;
use crate::{MetricDef, MetricRole};

/// Who measured the latency of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// `source_50.csv`: becomes `latency_seen_by:<caller>` of the callee.
    ByCaller,
    /// `destination_50.csv`: becomes `latency_from:<caller>` of the callee.
    ByCallee,
}

/// A column `<caller>_<callee>`, and the item and metric it becomes.
#[derive(Debug)]
struct Edge {
    column: String,
    ci: String,
    def: MetricDef,
}

impl Edge {
    fn new(caller: &str, callee: &str, seen: Seen, column: &str) -> Self {
        // Both are the callee's doing: how long it takes, and how long that is on the caller's side of the network.
        let (name, role, description) = match seen {
            Seen::ByCaller => ("seen_by", MetricRole::LatencySeen, "Time waited for the answer by"),
            Seen::ByCallee => ("from", MetricRole::LatencyTail, "Time to answer calls of"),
        };
        let mut def = MetricDef::new(format!("latency_{name}:{caller}"), "s", role);
        def.description = format!("{description} {caller}, median");
        Self { column: column.to_owned(), ci: callee.to_owned(), def }
    }
}

/// Reads the median latency of every call edge.
pub(super) fn read(file: &Path, seen: Seen, gathered: &mut Gathered) -> Result<(), ImportError> {
    let mut sheet = Sheet::open_any(file)?;
    let edges = edges(&sheet, seen)?;
    for edge in &edges {
        gathered.service(&edge.ci);
        gathered.values.define(edge.def.clone());
    }
    while let Some(row) = sheet.next_row()? {
        let time = minute(&row, "timestamp")?;
        for edge in &edges {
            if let Some(value) = value(&row, &edge.column)? {
                gathered.values.insert(&edge.ci, &edge.def.name, time, value);
            }
        }
    }
    Ok(())
}

fn edges(sheet: &Sheet, seen: Seen) -> Result<Vec<Edge>, ImportError> {
    if !sheet.header().iter().any(|name| name == "timestamp") {
        return Err(sheet.header_error("timestamp", "missing from the header"));
    }
    let columns = sheet.header().iter().filter(|name| !matches!(name.as_str(), "time" | "timestamp"));
    let edge = |column: &String| match column.split_once('_') {
        Some((caller, callee)) if !caller.is_empty() && !callee.is_empty() => {
            Ok(Edge::new(caller, callee, seen, column))
        }
        _ => Err(sheet.header_error(column, "not a call edge; expected <caller>_<callee>")),
    };
    columns.map(edge).collect()
}
