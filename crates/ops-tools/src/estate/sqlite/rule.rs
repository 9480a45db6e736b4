//! Which rules watch the estate?

use rusqlite::Row;

use super::ci::json;
use super::pool::Reader;
use crate::estate::{EstateError, Rule};

const RULES: &str = "SELECT rule_id, rule_name, trigger_type, trigger_spec, action_spec, active FROM rule
    WHERE tenant = ?1";

/// Reads every rule, by id.
pub(super) fn list(reader: &Reader<'_>, tenant: &str) -> Result<Vec<Rule>, EstateError> {
    let mut statement = reader.db.prepare_cached(&format!("{RULES} ORDER BY rule_id"))?;
    let mut found = statement.query([tenant])?;
    let mut rules = Vec::new();
    while let Some(row) = found.next()? {
        rules.push(record(row)?);
    }
    Ok(rules)
}

/// Reads the rule with an id.
pub(super) fn by_id(reader: &Reader<'_>, tenant: &str, rule_id: &str) -> Result<Option<Rule>, EstateError> {
    let mut statement = reader.db.prepare_cached(&format!("{RULES} AND rule_id = ?2"))?;
    let mut found = statement.query([tenant, rule_id])?;
    found.next()?.map(record).transpose()
}

fn record(row: &Row<'_>) -> Result<Rule, EstateError> {
    Ok(Rule {
        rule_id: row.get(0)?,
        rule_name: row.get(1)?,
        trigger_type: row.get(2)?,
        trigger_spec: json(row, 3)?,
        action_spec: json(row, 4)?,
        active: row.get(5)?,
    })
}
