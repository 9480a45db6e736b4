//! How does data get into a database?

use std::io::Write;

use rusqlite::{Connection, Transaction, params};
use serde::Serialize;

use super::{block, schema, validate, work};
use crate::estate::{EstateData, EstateError, EstateErrorKind};

/// Fills an empty database with the data of one or more tenants. It has no journal meanwhile, for speed: on an error the
/// database must be thrown away.
pub(super) fn fill(db: &mut Connection, data: &[EstateData]) -> Result<(), EstateError> {
    validate::validate_all(data)?;
    db.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
    schema::migrate(db)?;
    let tx = db.transaction()?;
    for tenant in data {
        insert_items(&tx, tenant)?;
        insert_metrics(&tx, tenant)?;
        insert_series(&tx, tenant)?;
        insert_events(&tx, tenant)?;
        insert_work(&tx, tenant)?;
        insert_rules(&tx, tenant)?;
        insert_tenant(&tx, tenant)?;
    }
    let id = fingerprint(data)?;
    tx.execute("INSERT INTO meta (key, value) VALUES ('estate_id', ?1)", [id])?;
    tx.commit()?;
    Ok(())
}

fn insert_tenant(tx: &Transaction<'_>, data: &EstateData) -> Result<(), EstateError> {
    let (normal_from, normal_to) = data.normal.unzip();
    let (from, to) = data_period(data).unzip();
    tx.execute(
        "INSERT INTO tenant (tenant, origin, normal_from, normal_to, data_from, data_to) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![data.tenant, data.origin, normal_from, normal_to, from, to],
    )?;
    Ok(())
}

/// Returns `[first, end)` of everything that happened: values (each lasting one step of its series), events and work begun
/// before the last of them.
fn data_period(data: &EstateData) -> Option<(i64, i64)> {
    let values = data.series.iter().filter_map(|s| {
        let (first, last) = (s.points.first()?.0, s.points.last()?.0);
        Some((first, last.saturating_add(step(&s.points))))
    });
    let events = data.events.iter().map(|e| (e.time, e.time.saturating_add(1)));
    let mut periods = values.chain(events).peekable();
    let work = data.work.iter().map(|w| (w.start, w.start.saturating_add(1)));
    let join = |a: (i64, i64), b: (i64, i64)| (a.0.min(b.0), a.1.max(b.1));
    if periods.peek().is_some() { periods.reduce(join) } else { work.reduce(join) }
}

/// Returns the distance that most neighbours of a series have, in seconds; of equally common ones the smallest; 1 for a
/// single value.
fn step(points: &[(i64, f64)]) -> i64 {
    let mut gaps: Vec<i64> = points.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    gaps.sort_unstable();
    let mut best = (0, 1);
    for run in gaps.chunk_by(|a, b| a == b) {
        if run.len() > best.0 {
            best = (run.len(), run[0]);
        }
    }
    best.1
}

fn insert_items(tx: &Transaction<'_>, data: &EstateData) -> Result<(), EstateError> {
    let mut insert = tx.prepare(
        "INSERT INTO ci (tenant, ci_id, ci_code, ci_name, ci_type, ci_subtype, ci_category, status, location, owner,
         tags, attributes, created_at, deleted_at, search)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )?;
    for ci in &data.cis {
        // A separator that no keyword holds keeps a keyword from matching across two fields.
        let search = [&ci.ci_code, &ci.ci_name, &ci.ci_type, &ci.ci_subtype, &ci.ci_category];
        let search = search.map(|field| field.to_lowercase()).join("\u{1f}");
        insert.execute(params![
            data.tenant,
            ci.ci_id,
            ci.ci_code,
            ci.ci_name,
            ci.ci_type,
            ci.ci_subtype,
            ci.ci_category,
            ci.status,
            ci.location,
            ci.owner,
            json(&ci.tags)?,
            json(&ci.attributes)?,
            ci.created_at,
            ci.deleted_at,
            search,
        ])?;
    }
    let mut insert = tx.prepare("INSERT OR IGNORE INTO relation VALUES (?1, ?2, ?3, ?4)")?;
    for relation in &data.relations {
        insert.execute(params![data.tenant, relation.source, relation.rel_type, relation.target])?;
    }
    Ok(())
}

fn insert_metrics(tx: &Transaction<'_>, data: &EstateData) -> Result<(), EstateError> {
    let mut insert = tx.prepare("INSERT INTO metric_def VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for def in &data.metrics {
        insert.execute(params![data.tenant, def.name, def.unit, def.description, json(&def.role)?])?;
    }
    Ok(())
}

fn insert_series(tx: &Transaction<'_>, data: &EstateData) -> Result<(), EstateError> {
    let mut series_row =
        tx.prepare("INSERT INTO series (tenant, ci_id, metric, points, first, last) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    let mut block_row = tx.prepare("INSERT INTO metric_block (series_id, start, points) VALUES (?1, ?2, ?3)")?;
    for series in &data.series {
        let (first, last) = (series.points.first().map(|p| p.0), series.points.last().map(|p| p.0));
        series_row.execute(params![data.tenant, series.ci_id, series.metric, series.points.len(), first, last])?;
        let id = tx.last_insert_rowid();
        for (start, bytes) in block::encode(&series.points) {
            block_row.execute(params![id, start, bytes])?;
        }
    }
    Ok(())
}

fn insert_events(tx: &Transaction<'_>, data: &EstateData) -> Result<(), EstateError> {
    let mut insert = tx.prepare(
        "INSERT INTO event_log (tenant, time, ci_id, event_type, severity, source, title, message, attributes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    for e in &data.events {
        insert.execute(params![
            data.tenant,
            e.time,
            e.ci_id,
            e.event_type,
            e.severity,
            e.source,
            e.title,
            e.message,
            json(&e.attributes)?,
        ])?;
    }
    Ok(())
}

fn insert_work(tx: &Transaction<'_>, data: &EstateData) -> Result<(), EstateError> {
    let mut insert = tx.prepare(
        "INSERT INTO work_history (tenant, kind, ci_id, work_type, summary, detail, performer, start, \"end\", result)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    for w in &data.work {
        insert.execute(params![
            data.tenant,
            work::kind_name(w.kind),
            w.ci_id,
            w.work_type,
            w.summary,
            w.detail,
            w.performer,
            w.start,
            w.end,
            w.result,
        ])?;
    }
    Ok(())
}

fn insert_rules(tx: &Transaction<'_>, data: &EstateData) -> Result<(), EstateError> {
    let mut insert = tx.prepare("INSERT INTO rule VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    for r in &data.rules {
        let (trigger, action) = (json(&r.trigger_spec)?, json(&r.action_spec)?);
        insert.execute(params![data.tenant, r.rule_id, r.rule_name, r.trigger_type, trigger, action, r.active])?;
    }
    Ok(())
}

fn json(value: &impl Serialize) -> Result<String, EstateError> {
    serde_json::to_string(value).map_err(unwritable)
}

fn unwritable(error: serde_json::Error) -> EstateError {
    EstateError::new(EstateErrorKind::InvalidData, "a value cannot be written as JSON").with_source(error)
}

/// Returns a hash of the content: the same data has the same identity wherever it is stored.
fn fingerprint(data: &[EstateData]) -> Result<String, EstateError> {
    let mut hash = blake3::Hasher::new();
    for d in data {
        let head = (&d.tenant, &d.origin, &d.normal, &d.cis, &d.relations, &d.metrics, &d.events, &d.work, &d.rules);
        serde_json::to_writer(&mut hash, &head).map_err(unwritable)?;
        let mut bytes = Vec::new();
        for series in &d.series {
            serde_json::to_writer(&mut bytes, &(&series.ci_id, &series.metric, series.points.len()))
                .map_err(unwritable)?;
            bytes.extend(series.points.iter().flat_map(|(t, _)| t.to_le_bytes()));
            bytes.extend(series.points.iter().flat_map(|(_, v)| v.to_le_bytes()));
            hash.write_all(&bytes)
                .map_err(|e| EstateError::new(EstateErrorKind::Io, "hashing the estate failed").with_source(e))?;
            bytes.clear();
        }
    }
    Ok(hash.finalize().to_hex()[..32].to_owned())
}
