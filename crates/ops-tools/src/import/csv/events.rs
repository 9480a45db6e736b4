//! What does `events.csv` hold?

use std::path::Path;

use super::attributes::{prefixed, typed};
use super::index::Index;
use crate::Event;
use crate::import::error::ImportError;
use crate::import::sheet::{Columns, Row, Sheet};

const COLUMNS: Columns = Columns {
    required: &["time", "ci", "event_type", "severity", "title"],
    optional: &["source", "message"],
    prefixes: &["attributes."],
};

pub(super) fn read(file: &Path, index: &Index<'_>) -> Result<Vec<Event>, ImportError> {
    let mut sheet = Sheet::open(file, &COLUMNS)?;
    let (mut events, mut attributes) = (Vec::new(), Vec::new());
    while let Some(row) = sheet.next_row()? {
        events.push(event(&row, index)?);
        attributes.push(prefixed(&row, "attributes."));
    }
    for (event, attributes) in events.iter_mut().zip(typed(attributes)) {
        event.attributes = attributes;
    }
    events.sort_by_key(|event| event.time);
    Ok(events)
}

fn event(row: &Row<'_>, index: &Index<'_>) -> Result<Event, ImportError> {
    let text = |column: &str, default: &str| row.text(column).unwrap_or(default).to_owned();
    Ok(Event {
        time: row.required_time("time")?,
        ci_id: index.item(row, "ci")?.to_owned(),
        event_type: row.required("event_type")?.to_owned(),
        severity: severity(row)?,
        source: text("source", "system"),
        title: row.required("title")?.to_owned(),
        message: text("message", ""),
        attributes: std::collections::BTreeMap::new(),
    })
}

fn severity(row: &Row<'_>) -> Result<u8, ImportError> {
    let text = row.required("severity")?;
    let severity = text.parse::<u8>().ok().filter(|severity| (1..=5).contains(severity));
    severity.ok_or_else(|| row.wrong("severity", text, "a whole number from 1 (information) to 5 (critical)"))
}
