//! What was done to an item?

use rusqlite::{Row, params_from_iter};

use super::bind::Conditions;
use super::fault::damaged;
use super::pool::Reader;
use crate::estate::{EstateError, Page, Work, WorkKind, WorkQuery};

/// Lists work and maintenance of live items that overlaps a window, newest start first.
pub(super) fn list(reader: &Reader<'_>, tenant: &str, query: &WorkQuery) -> Result<Page<Work>, EstateError> {
    let mut conditions = Conditions::of_tenant(tenant);
    conditions.and_in("ci_id", query.ci_ids.as_deref());
    if let Some(kind) = query.kind {
        conditions.and("kind = ?", [kind_name(kind).to_owned().into()]);
    }
    // An entry that began and ended in the same second was still under way in it.
    let overlaps = "start < ? AND (\"end\" IS NULL OR \"end\" > ? OR start >= ?)";
    let window = query.window;
    conditions.and(overlaps, [window.to.into(), window.from.into(), window.from.into()]);
    conditions.and(super::LIVE, []);
    let count = format!("SELECT count(*) FROM work_history e WHERE {}", conditions.text());
    let total = reader.db.prepare_cached(&count)?.query_row(params_from_iter(conditions.values()), |row| row.get(0))?;
    let sql = format!(
        "SELECT kind, ci_id, work_type, summary, detail, performer, start, \"end\", result FROM work_history e
         WHERE {} ORDER BY start DESC, seq DESC LIMIT {}",
        conditions.text(),
        query.limit
    );
    let mut statement = reader.db.prepare(&sql)?;
    let mut found = statement.query(params_from_iter(conditions.values()))?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        rows.push(record(row)?);
    }
    Ok(Page { rows, total })
}

/// Returns how a history is stored.
pub(super) fn kind_name(kind: WorkKind) -> &'static str {
    match kind {
        WorkKind::Maintenance => "maintenance",
        WorkKind::Work => "work",
    }
}

fn record(row: &Row<'_>) -> Result<Work, EstateError> {
    let kind = match row.get_ref(0)?.as_str() {
        Ok("maintenance") => WorkKind::Maintenance,
        Ok("work") => WorkKind::Work,
        _ => return Err(damaged("a history is neither maintenance nor work")),
    };
    Ok(Work {
        kind,
        ci_id: row.get(1)?,
        work_type: row.get(2)?,
        summary: row.get(3)?,
        detail: row.get(4)?,
        performer: row.get(5)?,
        start: row.get(6)?,
        end: row.get(7)?,
        result: row.get(8)?,
    })
}
