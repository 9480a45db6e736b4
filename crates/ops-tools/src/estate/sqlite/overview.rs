//! What is in a database as a whole?

use rusqlite::{Connection, OptionalExtension};

use super::fault::damaged;
use super::pool::Reader;
use crate::estate::{EstateError, EstateSummary, Graph, GraphNode, Relation};
use crate::timerange::Window;

/// Reads the hash of what was stored.
pub(super) fn content_id(db: &Connection) -> Result<String, EstateError> {
    let id = db.query_row("SELECT value FROM meta WHERE key = 'estate_id'", [], |row| row.get(0)).optional()?;
    id.ok_or_else(|| damaged("its identity is missing"))
}

/// Reads the tenants, by name.
pub(super) fn tenants(db: &Connection) -> Result<Vec<String>, EstateError> {
    let mut query = db.prepare("SELECT tenant FROM tenant ORDER BY tenant")?;
    let rows = query.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Reads what there is of a tenant: counts and periods.
pub(super) fn summary(reader: &Reader<'_>, tenant: &str) -> Result<EstateSummary, EstateError> {
    let window = |from: Option<i64>, to: Option<i64>| from.zip(to).map(|(from, to)| Window { from, to });
    let summary = reader.db.query_row(
        "SELECT origin, normal_from, normal_to, data_from, data_to,
           (SELECT count(*) FROM ci WHERE tenant = ?1 AND deleted_at IS NULL),
           (SELECT count(*) FROM relation r
             JOIN ci a ON a.tenant = ?1 AND a.ci_id = r.source AND a.deleted_at IS NULL
             JOIN ci b ON b.tenant = ?1 AND b.ci_id = r.target AND b.deleted_at IS NULL WHERE r.tenant = ?1),
           (SELECT count(*) FROM metric_def WHERE tenant = ?1),
           (SELECT count(*) FROM series s JOIN ci USING (tenant, ci_id) WHERE s.tenant = ?1 AND deleted_at IS NULL),
           (SELECT coalesce(sum(points), 0) FROM series s JOIN ci USING (tenant, ci_id)
             WHERE s.tenant = ?1 AND deleted_at IS NULL),
           (SELECT count(*) FROM event_log e JOIN ci USING (tenant, ci_id) WHERE e.tenant = ?1 AND deleted_at IS NULL),
           (SELECT count(*) FROM work_history w JOIN ci USING (tenant, ci_id)
             WHERE w.tenant = ?1 AND deleted_at IS NULL),
           (SELECT count(*) FROM rule WHERE tenant = ?1)
         FROM tenant WHERE tenant = ?1",
        [tenant],
        |row| {
            Ok(EstateSummary {
                tenant: tenant.to_owned(),
                origin: row.get(0)?,
                normal: window(row.get(1)?, row.get(2)?),
                data: window(row.get(3)?, row.get(4)?),
                items: row.get(5)?,
                relations: row.get(6)?,
                metrics: row.get(7)?,
                series: row.get(8)?,
                points: row.get(9)?,
                events: row.get(10)?,
                work: row.get(11)?,
                rules: row.get(12)?,
            })
        },
    )?;
    Ok(summary)
}

/// Reads items and relations into a graph; what is deleted is left out.
pub(super) fn graph(reader: &Reader<'_>, tenant: &str) -> Result<Graph, EstateError> {
    let mut items = reader.db.prepare_cached(
        "SELECT ci_id, ci_code, ci_name, ci_type, ci_subtype, ci_category FROM ci
         WHERE tenant = ?1 AND deleted_at IS NULL",
    )?;
    let nodes = items.query_map([tenant], |row| {
        Ok(GraphNode {
            id: row.get(0)?,
            code: row.get(1)?,
            name: row.get(2)?,
            ci_type: row.get(3)?,
            ci_subtype: row.get(4)?,
            ci_category: row.get(5)?,
        })
    })?;
    let nodes: Vec<GraphNode> = nodes.collect::<Result<_, _>>()?;
    reader.alive()?;
    let mut edges = reader.db.prepare_cached("SELECT source, rel_type, target FROM relation WHERE tenant = ?1")?;
    let edges = edges
        .query_map([tenant], |row| Ok(Relation { source: row.get(0)?, rel_type: row.get(1)?, target: row.get(2)? }))?;
    let edges: Vec<Relation> = edges.collect::<Result<_, _>>()?;
    Ok(Graph::build(nodes, &edges))
}
