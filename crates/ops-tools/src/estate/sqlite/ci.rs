//! Which items does a query find?

use rusqlite::{OptionalExtension, Row, params_from_iter};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::bind::{Conditions, column_sql, field_sql};
use super::fault::damaged;
use super::pool::Reader;
use crate::estate::{Ci, CiAggregate, CiColumn, CiGroups, CiMeasure, CiSearch, EstateError, Match, Order, Page};

const COLUMNS: &str = "ci_id, ci_code, ci_name, ci_type, ci_subtype, ci_category, status, location, owner, tags, \
                       attributes, created_at, deleted_at";

/// Finds items by keyword and filter.
pub(super) fn search(reader: &Reader<'_>, tenant: &str, query: &CiSearch) -> Result<Page<Ci>, EstateError> {
    let mut conditions = live(tenant);
    let joint = match query.matching {
        Match::All => " AND ",
        Match::Any => " OR ",
    };
    if !query.keywords.is_empty() {
        let text = vec!["instr(search, ?) > 0"; query.keywords.len()].join(joint);
        conditions.and(&text, query.keywords.iter().map(|k| k.to_lowercase().into()));
    }
    conditions.and_filters(&query.filters);
    let order = match query.sort {
        None => "ci_code".to_owned(),
        Some((column, direction)) => format!("{} {}, ci_code", column_sql(column), order_sql(direction)),
    };
    page(reader, tenant, &conditions, &order, query)
}

/// Lists items, newest first.
pub(super) fn list(reader: &Reader<'_>, tenant: &str, query: &CiSearch) -> Result<Page<Ci>, EstateError> {
    let mut conditions = live(tenant);
    conditions.and_filters(&query.filters);
    let order = format!("{} DESC, ci_code", column_sql(CiColumn::CreatedAt));
    page(reader, tenant, &conditions, &order, query)
}

/// Counts items by group.
pub(super) fn aggregate(reader: &Reader<'_>, tenant: &str, query: &CiAggregate) -> Result<CiGroups, EstateError> {
    let mut conditions = live(tenant);
    conditions.and_filters(&query.filters);
    conditions.and_in("ci_id", query.ci_ids.as_deref());
    let groups: Vec<String> = query.group_by.iter().map(|f| field_sql(*f)).collect();
    let measures = query.measures.iter().map(|m| match m {
        CiMeasure::Count => "count(*)".to_owned(),
        CiMeasure::CountDistinct(field) => format!("count(DISTINCT nullif({}, ''))", field_sql(*field)),
    });
    let columns: Vec<String> = groups.iter().cloned().chain(measures).collect();
    // By the first measure, then by the groups, all by their place.
    let mut order: Vec<String> = (1..=groups.len()).map(|i| i.to_string()).collect();
    if !query.measures.is_empty() {
        order.insert(0, format!("{} DESC", groups.len() + 1));
    }
    let clause = |name: &str, list: &[String]| match list {
        [] => String::new(),
        list => format!(" {name} {}", list.join(", ")),
    };
    let (group, order) = (clause("GROUP BY", &groups), clause("ORDER BY", &order));
    let sql = format!("SELECT {} FROM ci WHERE {}{group}{order}", columns.join(", "), conditions.text());
    let mut statement = reader.db.prepare_cached(&sql)?;
    let mut found = statement.query(params_from_iter(conditions.values()))?;
    let mut answer = CiGroups { rows: Vec::new(), total: 0 };
    while let Some(row) = found.next()? {
        answer.total += 1;
        if answer.rows.len() < query.top_n as usize {
            answer.rows.push((0..columns.len()).map(|i| cell(row, i)).collect::<Result<_, _>>()?);
        }
    }
    Ok(answer)
}

/// Returns the item with an id.
pub(super) fn by_id(reader: &Reader<'_>, tenant: &str, ci_id: &str) -> Result<Option<Ci>, EstateError> {
    one(reader, tenant, "ci_id", ci_id)
}

/// Returns the item with a code.
pub(super) fn by_code(reader: &Reader<'_>, tenant: &str, ci_code: &str) -> Result<Option<Ci>, EstateError> {
    one(reader, tenant, "ci_code", ci_code)
}

fn one(reader: &Reader<'_>, tenant: &str, column: &str, value: &str) -> Result<Option<Ci>, EstateError> {
    let sql = format!("SELECT {COLUMNS} FROM ci WHERE tenant = ?1 AND {column} = ?2 AND deleted_at IS NULL");
    let mut statement = reader.db.prepare_cached(&sql)?;
    let found = statement.query_row([tenant, value], |row| Ok(record(row))).optional()?;
    found.transpose()
}

fn live(tenant: &str) -> Conditions {
    let mut conditions = Conditions::of_tenant(tenant);
    conditions.and("deleted_at IS NULL", []);
    conditions
}

/// Walks over every match once, for the total, and reads the records of the page only.
fn page(
    reader: &Reader<'_>,
    tenant: &str,
    conditions: &Conditions,
    order: &str,
    query: &CiSearch,
) -> Result<Page<Ci>, EstateError> {
    let sql = format!("SELECT ci_id FROM ci WHERE {} ORDER BY {order}", conditions.text());
    let mut statement = reader.db.prepare_cached(&sql)?;
    let mut found = statement.query(params_from_iter(conditions.values()))?;
    let wanted = u64::from(query.offset)..u64::from(query.offset) + u64::from(query.limit);
    let (mut ids, mut total) = (Vec::new(), 0);
    while let Some(row) = found.next()? {
        if wanted.contains(&total) {
            ids.push(row.get::<_, String>(0)?);
        }
        total += 1;
    }
    let records = ids.iter().filter_map(|id| by_id(reader, tenant, id).transpose());
    Ok(Page { rows: records.collect::<Result<_, _>>()?, total })
}

fn order_sql(order: Order) -> &'static str {
    match order {
        Order::Ascending => "ASC",
        Order::Descending => "DESC",
    }
}

fn record(row: &Row<'_>) -> Result<Ci, EstateError> {
    Ok(Ci {
        ci_id: row.get(0)?,
        ci_code: row.get(1)?,
        ci_name: row.get(2)?,
        ci_type: row.get(3)?,
        ci_subtype: row.get(4)?,
        ci_category: row.get(5)?,
        status: row.get(6)?,
        location: row.get(7)?,
        owner: row.get(8)?,
        tags: json(row, 9)?,
        attributes: json(row, 10)?,
        created_at: row.get(11)?,
        deleted_at: row.get(12)?,
    })
}

/// Reads a column that holds JSON.
pub(super) fn json<T: DeserializeOwned>(row: &Row<'_>, index: usize) -> Result<T, EstateError> {
    let text = row.get_ref(index)?.as_str().map_err(|_| damaged("a value is not text"))?;
    serde_json::from_str(text).map_err(|e| damaged("a value is not JSON").with_source(e))
}

fn cell(row: &Row<'_>, index: usize) -> Result<Value, EstateError> {
    use rusqlite::types::ValueRef;
    Ok(match row.get_ref(index)? {
        ValueRef::Null | ValueRef::Blob(_) => Value::Null,
        ValueRef::Integer(n) => n.into(),
        ValueRef::Real(x) => x.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
    })
}
