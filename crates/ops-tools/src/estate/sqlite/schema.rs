//! Which tables does an estate have, and which file is one?

use rusqlite::Connection;

use crate::estate::{EstateError, EstateErrorKind};

/// Marks a database as an estate of this program: `runr` in ASCII, in SQLite's application id.
pub(super) const APPLICATION_ID: i32 = 0x7275_6E72;

/// What takes a database from one version to the next; the version of a database is how many it has seen.
///
/// Every table but the blocks carries its tenant; blocks belong to a series, which does. Metric values lie in blocks of
/// up to 512, so that reading a week of a series is a handful of rows and never a row of another series.
const MIGRATIONS: [&str; 1] = ["
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE tenant (
    tenant TEXT PRIMARY KEY, origin TEXT NOT NULL, normal_from INTEGER, normal_to INTEGER,
    data_from INTEGER, data_to INTEGER
) WITHOUT ROWID;
CREATE TABLE ci (
    tenant TEXT NOT NULL, ci_id TEXT NOT NULL, ci_code TEXT NOT NULL, ci_name TEXT NOT NULL, ci_type TEXT NOT NULL,
    ci_subtype TEXT NOT NULL, ci_category TEXT NOT NULL, status TEXT NOT NULL, location TEXT NOT NULL,
    owner TEXT NOT NULL, tags TEXT NOT NULL, attributes TEXT NOT NULL, created_at INTEGER NOT NULL,
    deleted_at INTEGER, search TEXT NOT NULL, PRIMARY KEY (tenant, ci_id)
);
CREATE UNIQUE INDEX ci_live_code ON ci (tenant, ci_code, ci_id, search) WHERE deleted_at IS NULL;
CREATE TABLE relation (
    tenant TEXT NOT NULL, source TEXT NOT NULL, rel_type TEXT NOT NULL, target TEXT NOT NULL,
    PRIMARY KEY (tenant, source, rel_type, target)
) WITHOUT ROWID;
CREATE TABLE metric_def (
    tenant TEXT NOT NULL, name TEXT NOT NULL, unit TEXT NOT NULL, description TEXT NOT NULL, role TEXT NOT NULL,
    PRIMARY KEY (tenant, name)
) WITHOUT ROWID;
CREATE TABLE series (
    series_id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, ci_id TEXT NOT NULL, metric TEXT NOT NULL,
    points INTEGER NOT NULL, first INTEGER, last INTEGER, UNIQUE (tenant, ci_id, metric)
);
CREATE INDEX series_by_metric ON series (tenant, metric);
CREATE TABLE metric_block (series_id INTEGER NOT NULL, start INTEGER NOT NULL, points BLOB NOT NULL);
CREATE UNIQUE INDEX metric_block_start ON metric_block (series_id, start);
CREATE TABLE event_log (
    seq INTEGER PRIMARY KEY, tenant TEXT NOT NULL, time INTEGER NOT NULL, ci_id TEXT NOT NULL,
    event_type TEXT NOT NULL, severity INTEGER NOT NULL, source TEXT NOT NULL, title TEXT NOT NULL,
    message TEXT NOT NULL, attributes TEXT NOT NULL
);
CREATE INDEX event_log_time ON event_log (tenant, time);
CREATE INDEX event_log_ci ON event_log (tenant, ci_id, time);
CREATE TABLE work_history (
    seq INTEGER PRIMARY KEY, tenant TEXT NOT NULL, kind TEXT NOT NULL, ci_id TEXT NOT NULL, work_type TEXT NOT NULL,
    summary TEXT NOT NULL, detail TEXT NOT NULL, performer TEXT NOT NULL, start INTEGER NOT NULL, \"end\" INTEGER,
    result TEXT NOT NULL
);
CREATE INDEX work_history_start ON work_history (tenant, start);
CREATE TABLE rule (
    tenant TEXT NOT NULL, rule_id TEXT NOT NULL, rule_name TEXT NOT NULL, trigger_type TEXT NOT NULL,
    trigger_spec TEXT NOT NULL, action_spec TEXT NOT NULL, active INTEGER NOT NULL, PRIMARY KEY (tenant, rule_id)
) WITHOUT ROWID;
"];

/// The version that this program writes, and the newest it reads.
pub(super) const VERSION: usize = MIGRATIONS.len();

/// Whether a database is up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Current,
    Older,
}

/// Looks whether a database is an estate that this program reads.
pub(super) fn check(db: &Connection) -> Result<Standing, EstateError> {
    let pragma = |name: &str| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    if pragma("application_id")? != i64::from(APPLICATION_ID) {
        return Err(EstateError::new(
            EstateErrorKind::NotAnEstate,
            "the file is a database, but not an estate of this program",
        ));
    }
    let version = pragma("user_version")?;
    match usize::try_from(version) {
        Ok(VERSION) => Ok(Standing::Current),
        Ok(older) if older < VERSION => Ok(Standing::Older),
        _ => Err(EstateError::new(
            EstateErrorKind::NewerVersion,
            format!("the estate has version {version}, this program reads up to version {VERSION}: use a newer one"),
        )),
    }
}

/// Brings a database, empty or older, to [`VERSION`]; all or nothing.
pub(super) fn migrate(db: &mut Connection) -> Result<(), EstateError> {
    let tx = db.transaction()?;
    let version: usize = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for step in MIGRATIONS.iter().skip(version) {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", i64::try_from(VERSION).unwrap_or(i64::MAX))?;
    tx.commit()?;
    Ok(())
}
