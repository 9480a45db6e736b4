//! What does `metrics.csv` hold?

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::StrDeserializer;

use super::index::Index;
use crate::import::error::{ImportError, ImportErrorKind};
use crate::import::series::SeriesSet;
use crate::import::sheet::{Columns, Row, Sheet};
use crate::{MetricDef, MetricRole, Series};

const COLUMNS: Columns =
    Columns { required: &["time", "ci", "metric", "value"], optional: &["unit", "role", "description"], prefixes: &[] };

const ROLES: [&str; 10] = [
    "latency",
    "latency_tail",
    "latency_seen",
    "requests",
    "availability",
    "errors",
    "saturation",
    "backlog",
    "throughput",
    "other",
];

/// What the rows have said about one metric so far.
#[derive(Debug, Default)]
struct Described {
    unit: Option<String>,
    description: Option<String>,
    role: Option<MetricRole>,
}

pub(super) fn read(file: &Path, index: &Index<'_>) -> Result<(Vec<MetricDef>, Vec<Series>), ImportError> {
    let mut sheet = Sheet::open(file, &COLUMNS)?;
    let mut set = SeriesSet::default();
    let mut described: BTreeMap<String, Described> = BTreeMap::new();
    while let Some(row) = sheet.next_row()? {
        let (ci, metric) = (index.item(&row, "ci")?, row.required("metric")?);
        describe(&row, described.entry(metric.to_owned()).or_default())?;
        let time = row.required_time("time")?;
        let Some(value) = row.number("value")? else { continue };
        if set.insert(ci, metric, time, value).is_some() {
            let message = format!("{metric} of {ci} has two values at this time");
            return Err(row.error(ImportErrorKind::Duplicate, "time", &message));
        }
    }
    for (name, described) in described {
        set.define(definition(name, described));
    }
    Ok(set.into_parts())
}

fn definition(name: String, described: Described) -> MetricDef {
    let unit = described.unit.unwrap_or_default();
    let role = described.role.unwrap_or_else(|| MetricRole::from_name(&name, &unit));
    MetricDef { name, unit, description: described.description.unwrap_or_default(), role }
}

/// A metric may be described on any of its rows, but only in one way.
fn describe(row: &Row<'_>, said: &mut Described) -> Result<(), ImportError> {
    agree(row, "unit", &mut said.unit, row.text("unit").map(str::to_owned))?;
    agree(row, "description", &mut said.description, row.text("description").map(str::to_owned))?;
    agree(row, "role", &mut said.role, role(row)?)
}

fn agree<T: PartialEq>(row: &Row<'_>, column: &str, said: &mut Option<T>, now: Option<T>) -> Result<(), ImportError> {
    if said.is_some() && now.is_some() && *said != now {
        return Err(contradiction(row, column));
    }
    if now.is_some() {
        *said = now;
    }
    Ok(())
}

fn contradiction(row: &Row<'_>, column: &str) -> ImportError {
    let said = format!("an earlier row says otherwise about this metric's {column}");
    row.error(ImportErrorKind::Duplicate, column, &said)
}

fn role(row: &Row<'_>) -> Result<Option<MetricRole>, ImportError> {
    let Some(text) = row.text("role") else { return Ok(None) };
    let name: StrDeserializer<'_, serde::de::value::Error> = text.into_deserializer();
    MetricRole::deserialize(name).map(Some).map_err(|_| row.unknown("role", text, &ROLES))
}
