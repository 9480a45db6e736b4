//! What does `work.csv` hold?

use std::path::Path;

use super::index::Index;
use crate::import::error::ImportError;
use crate::import::sheet::{Columns, Row, Sheet};
use crate::{Work, WorkKind};

const COLUMNS: Columns = Columns {
    required: &["ci", "kind", "work_type", "summary", "start"],
    optional: &["detail", "performer", "end", "result"],
    prefixes: &[],
};

pub(super) fn read(file: &Path, index: &Index<'_>) -> Result<Vec<Work>, ImportError> {
    let mut sheet = Sheet::open(file, &COLUMNS)?;
    let mut work = Vec::new();
    while let Some(row) = sheet.next_row()? {
        work.push(entry(&row, index)?);
    }
    work.sort_by_key(|entry| entry.start);
    Ok(work)
}

fn entry(row: &Row<'_>, index: &Index<'_>) -> Result<Work, ImportError> {
    let text = |column: &str| row.text(column).unwrap_or_default().to_owned();
    let (start, end) = (row.required_time("start")?, row.time("end")?);
    if end.is_some_and(|end| end < start) {
        return Err(row.wrong("end", row.required("end")?, "at or after the start"));
    }
    Ok(Work {
        kind: kind(row)?,
        ci_id: index.item(row, "ci")?.to_owned(),
        work_type: row.required("work_type")?.to_owned(),
        summary: row.required("summary")?.to_owned(),
        detail: text("detail"),
        performer: text("performer"),
        start,
        end,
        result: text("result"),
    })
}

fn kind(row: &Row<'_>) -> Result<WorkKind, ImportError> {
    match row.required("kind")? {
        "maintenance" => Ok(WorkKind::Maintenance),
        "work" => Ok(WorkKind::Work),
        other => Err(row.unknown("kind", other, &["maintenance", "work"])),
    }
}
