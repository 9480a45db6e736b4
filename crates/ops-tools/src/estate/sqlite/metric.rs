//! What were the values of a metric?

use rusqlite::Row;

use super::bind::{Conditions, json_list};
use super::block::Block;
use super::ci::json;
use super::fault::damaged;
use super::pool::Reader;
use crate::estate::{
    Aggregation, EstateError, EstateErrorKind, MAX_POINTS_READ, MetricAggregate, MetricDef, MetricInfo, MetricList,
    MetricRead, MetricSeries, MetricValue, Page, Series,
};
use crate::timerange::Window;

/// The series of a live item.
pub(super) const SERIES_OF: &str = "SELECT series_id, metric, points FROM series s
    WHERE tenant = ?1 AND ci_id = ?2
      AND EXISTS (SELECT 1 FROM ci WHERE tenant = ?1 AND ci_id = ?2 AND deleted_at IS NULL)";

/// The blocks of a series that may hold values of a window: from the last that begins before it.
pub(super) const BLOCKS: &str = "SELECT start, points FROM metric_block
    WHERE series_id = ?1 AND start < ?3
      AND start >= coalesce((SELECT max(start) FROM metric_block WHERE series_id = ?1 AND start <= ?2), ?2)
    ORDER BY start";

/// Reads every definition, by name.
pub(super) fn defs(reader: &Reader<'_>, tenant: &str) -> Result<Vec<MetricDef>, EstateError> {
    let mut query = reader
        .db
        .prepare_cached("SELECT name, unit, description, role FROM metric_def WHERE tenant = ?1 ORDER BY name")?;
    let mut rows = query.query([tenant])?;
    let mut defs = Vec::new();
    while let Some(row) = rows.next()? {
        defs.push(def(row)?);
    }
    Ok(defs)
}

/// Lists metrics and how much of each there is.
pub(super) fn list(reader: &Reader<'_>, tenant: &str, query: &MetricList) -> Result<Page<MetricInfo>, EstateError> {
    let mut conditions = Conditions::default();
    conditions.and("d.tenant = ?", [tenant.to_owned().into()]);
    if let Some(part) = &query.contains {
        conditions.and("instr(lower(d.name), ?) > 0", [part.to_lowercase().into()]);
    }
    if let Some(id) = &query.ci_id {
        let has_it = "EXISTS (SELECT 1 FROM series x JOIN ci USING (tenant, ci_id)
            WHERE x.tenant = d.tenant AND x.metric = d.name AND x.ci_id = ? AND x.points > 0 AND deleted_at IS NULL)";
        conditions.and(has_it, [id.clone().into()]);
    }
    let sql = format!(
        "SELECT d.name, d.unit, d.description, d.role, count(CASE WHEN s.points > 0 THEN 1 END),
           coalesce(sum(s.points), 0), min(s.first), max(s.last)
         FROM metric_def d
         LEFT JOIN (SELECT s.* FROM series s JOIN ci USING (tenant, ci_id) WHERE deleted_at IS NULL) s
           ON s.tenant = d.tenant AND s.metric = d.name
         WHERE {} GROUP BY d.name ORDER BY d.name",
        conditions.text()
    );
    let mut statement = reader.db.prepare_cached(&sql)?;
    let mut rows = statement.query(rusqlite::params_from_iter(conditions.values()))?;
    let mut page = Page { rows: Vec::new(), total: 0 };
    while let Some(row) = rows.next()? {
        page.total += 1;
        if page.rows.len() < query.limit as usize {
            page.rows.push(MetricInfo {
                def: def(row)?,
                items: row.get(4)?,
                points: row.get(5)?,
                first: row.get(6)?,
                last: row.get(7)?,
            });
        }
    }
    Ok(page)
}

/// Computes one number; values are added in the order of the items asked for, then of time.
pub(super) fn aggregate(
    reader: &Reader<'_>,
    tenant: &str,
    query: &MetricAggregate,
) -> Result<MetricValue, EstateError> {
    let (mut tally, mut items) = (Tally::default(), 0);
    for ci_id in &query.ci_ids {
        let before = tally.points;
        if let Some((series, _)) = series_id(reader, tenant, ci_id, &query.metric)? {
            each_block(reader, series, query.window, |block| tally.add(query.agg, &block))?;
        }
        if tally.kept.len() as u64 > MAX_POINTS_READ {
            return Err(too_large());
        }
        items += u64::from(tally.points > before);
    }
    let points = tally.points;
    Ok(MetricValue { value: tally.value(query.agg), points, items_with_data: items })
}

/// What has been seen of the values.
struct Tally {
    points: u64,
    sum: f64,
    min: f64,
    max: f64,
    /// Every value, where the number needs them all.
    kept: Vec<f64>,
}

impl Default for Tally {
    fn default() -> Self {
        Self { points: 0, sum: 0.0, min: f64::INFINITY, max: f64::NEG_INFINITY, kept: Vec::new() }
    }
}

impl Tally {
    fn add(&mut self, agg: Aggregation, block: &Block<'_>) {
        self.points += block.len() as u64;
        if agg == Aggregation::P95 {
            self.kept.extend(block.values());
            return;
        }
        for value in block.values() {
            self.sum += value;
            self.min = self.min.min(value);
            self.max = self.max.max(value);
        }
    }

    fn value(mut self, agg: Aggregation) -> Option<f64> {
        (self.points > 0).then(|| match agg {
            Aggregation::Count => as_f64(self.points),
            Aggregation::Max => self.max,
            Aggregation::Min => self.min,
            Aggregation::Avg => self.sum / as_f64(self.points),
            Aggregation::Sum => self.sum,
            Aggregation::P95 => nearest_rank(&mut self.kept, 95),
        })
    }
}

/// Returns the smallest value that at least `percent` in 100 of them do not exceed.
fn nearest_rank(values: &mut [f64], percent: usize) -> f64 {
    let place = (values.len() * percent).div_ceil(100).max(1) - 1;
    *values.select_nth_unstable_by(place, f64::total_cmp).1
}

/// Returns the newest values of one series, newest first.
pub(super) fn newest(reader: &Reader<'_>, tenant: &str, query: &MetricSeries) -> Result<Page<(i64, f64)>, EstateError> {
    let mut points = Vec::new();
    if let Some((series, _)) = series_id(reader, tenant, &query.ci_id, &query.metric)? {
        each_block(reader, series, query.window, |block| points.extend(block.points()))?;
    }
    let total = points.len() as u64;
    let rows = points.into_iter().rev().take(query.limit as usize).collect();
    Ok(Page { rows, total })
}

/// Reads many series.
pub(super) fn read(reader: &Reader<'_>, tenant: &str, query: &MetricRead) -> Result<Vec<Series>, EstateError> {
    let mut found = Vec::new();
    let mut left = MAX_POINTS_READ;
    for ci_id in &query.ci_ids {
        for (id, metric, stored) in series_of(reader, tenant, ci_id, query.metrics.as_deref())? {
            let mut points = Vec::new();
            each_block(reader, id, query.window, |block| {
                if points.is_empty() {
                    points.reserve(capacity(stored, query.window));
                }
                points.extend(block.points());
            })?;
            left = left.checked_sub(points.len() as u64).ok_or_else(too_large)?;
            if !points.is_empty() {
                found.push(Series { ci_id: ci_id.clone(), metric, points });
            }
        }
    }
    Ok(found)
}

/// Calls `visit` with the values in a window, block by block, oldest first.
fn each_block(
    reader: &Reader<'_>,
    series: i64,
    window: Window,
    mut visit: impl FnMut(Block<'_>),
) -> Result<(), EstateError> {
    reader.alive()?;
    let mut statement = reader.db.prepare_cached(BLOCKS)?;
    let mut rows = statement.query([series, window.from, window.to])?;
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(1)?.as_blob().map_err(|_| damaged("a block of metric values is not binary"))?;
        visit(Block::decode(row.get(0)?, bytes, window)?);
    }
    Ok(())
}

/// Returns the number of a series and how many values it has, if the item is there and has it.
fn series_id(reader: &Reader<'_>, tenant: &str, ci_id: &str, metric: &str) -> Result<Option<(i64, u64)>, EstateError> {
    let sql = format!("{SERIES_OF} AND metric = ?3");
    let mut statement = reader.db.prepare_cached(&sql)?;
    let mut rows = statement.query([tenant, ci_id, metric])?;
    Ok(match rows.next()? {
        Some(row) => Some((row.get(0)?, row.get(2)?)),
        None => None,
    })
}

/// Returns the series of an item, by metric: number, metric, how many values.
fn series_of(
    reader: &Reader<'_>,
    tenant: &str,
    ci_id: &str,
    metrics: Option<&[String]>,
) -> Result<Vec<(i64, String, u64)>, EstateError> {
    let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let found = if let Some(metrics) = metrics {
        let sql = format!("{SERIES_OF} AND metric IN (SELECT value FROM json_each(?3)) ORDER BY metric");
        let mut statement = reader.db.prepare_cached(&sql)?;
        statement.query_map(rusqlite::params![tenant, ci_id, json_list(metrics)], row)?.collect()
    } else {
        let sql = format!("{SERIES_OF} ORDER BY metric");
        let mut statement = reader.db.prepare_cached(&sql)?;
        statement.query_map([tenant, ci_id], row)?.collect::<Result<_, _>>()
    };
    Ok(found?)
}

/// Returns how many values to make room for: all, unless the window is so short that a second apart gives fewer.
fn capacity(stored: u64, window: Window) -> usize {
    let seconds = u64::try_from(window.to.saturating_sub(window.from)).unwrap_or(0);
    usize::try_from(stored.min(seconds)).unwrap_or(0)
}

fn def(row: &Row<'_>) -> Result<MetricDef, EstateError> {
    Ok(MetricDef { name: row.get(0)?, unit: row.get(1)?, description: row.get(2)?, role: json(row, 3)? })
}

fn too_large() -> EstateError {
    EstateError::new(
        EstateErrorKind::TooLarge,
        format!("more than {MAX_POINTS_READ} metric values: ask for fewer items, fewer metrics or a shorter window"),
    )
}

#[expect(clippy::cast_precision_loss, reason = "a count of values is far below 2^53")]
fn as_f64(n: u64) -> f64 {
    n as f64
}
