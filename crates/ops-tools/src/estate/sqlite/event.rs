//! What happened?

use rusqlite::{Row, params_from_iter};

use super::bind::Conditions;
use super::ci::json;
use super::pool::Reader;
use crate::estate::{EstateError, Event, EventQuery, Order, Page};

/// Lists events of live items.
pub(super) fn list(reader: &Reader<'_>, tenant: &str, query: &EventQuery) -> Result<Page<Event>, EstateError> {
    let mut conditions = Conditions::of_tenant(tenant);
    conditions.and_in("ci_id", query.ci_ids.as_deref());
    conditions.and_in("event_type", query.event_types.as_deref());
    conditions.and("severity >= ?", [i64::from(query.min_severity).into()]);
    conditions.and("time >= ? AND time < ?", [query.window.from.into(), query.window.to.into()]);
    conditions.and(super::LIVE, []);
    let direction = match query.order {
        Order::Ascending => "ASC",
        Order::Descending => "DESC",
    };
    let count = format!("SELECT count(*) FROM event_log e WHERE {}", conditions.text());
    let total = reader.db.prepare_cached(&count)?.query_row(params_from_iter(conditions.values()), |row| row.get(0))?;
    let sql = format!(
        "SELECT time, ci_id, event_type, severity, source, title, message, attributes FROM event_log e
         WHERE {} ORDER BY time {direction}, seq {direction} LIMIT {}",
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

fn record(row: &Row<'_>) -> Result<Event, EstateError> {
    Ok(Event {
        time: row.get(0)?,
        ci_id: row.get(1)?,
        event_type: row.get(2)?,
        severity: row.get(3)?,
        source: row.get(4)?,
        title: row.get(5)?,
        message: row.get(6)?,
        attributes: json(row, 7)?,
    })
}
