//! Does the data to be stored contradict itself?

use std::collections::HashSet;

use crate::estate::{EstateData, EstateError, EstateErrorKind};

/// Checks everything that reads rely on; the first contradiction is named.
pub(super) fn validate_all(data: &[EstateData]) -> Result<(), EstateError> {
    let mut tenants = HashSet::new();
    for one in data {
        if !tenants.insert(one.tenant.as_str()) {
            return Err(invalid(format!("the tenant `{}` is given twice", one.tenant)));
        }
        validate(one)?;
    }
    Ok(())
}

fn validate(data: &EstateData) -> Result<(), EstateError> {
    if data.tenant.is_empty() {
        return Err(invalid("the tenant has no name".to_owned()));
    }
    let mut ids = HashSet::new();
    let mut codes = HashSet::new();
    for ci in &data.cis {
        if ci.ci_id.is_empty() || ci.ci_code.is_empty() {
            return Err(invalid(format!("an item has no id or no code: `{}`", ci.ci_name)));
        }
        if !ids.insert(ci.ci_id.as_str()) {
            return Err(invalid(format!("two items have the id `{}`", ci.ci_id)));
        }
        if ci.deleted_at.is_none() && !codes.insert(ci.ci_code.as_str()) {
            return Err(invalid(format!("two items have the code `{}`", ci.ci_code)));
        }
    }
    let metrics: HashSet<&str> = data.metrics.iter().map(|m| m.name.as_str()).collect();
    if metrics.len() != data.metrics.len() {
        return Err(invalid("two metrics have the same name".to_owned()));
    }
    let rules: HashSet<&str> = data.rules.iter().map(|r| r.rule_id.as_str()).collect();
    if rules.len() != data.rules.len() {
        return Err(invalid("two rules have the same id".to_owned()));
    }
    check_references(data, &ids)?;
    check_series(data, &metrics)
}

fn check_references(data: &EstateData, ids: &HashSet<&str>) -> Result<(), EstateError> {
    let relations = data.relations.iter().flat_map(|r| [("a relation", &r.source), ("a relation", &r.target)]);
    let series = data.series.iter().map(|s| ("a series", &s.ci_id));
    let events = data.events.iter().map(|e| ("an event", &e.ci_id));
    let work = data.work.iter().map(|w| ("a work entry", &w.ci_id));
    match relations.chain(series).chain(events).chain(work).find(|(_, id)| !ids.contains(id.as_str())) {
        Some((what, id)) => Err(invalid(format!("{what} names the item `{id}`, which does not exist"))),
        None => Ok(()),
    }
}

fn check_series(data: &EstateData, metrics: &HashSet<&str>) -> Result<(), EstateError> {
    let mut seen = HashSet::new();
    for series in &data.series {
        let name = format!("{} of {}", series.metric, series.ci_id);
        if !metrics.contains(series.metric.as_str()) {
            return Err(invalid(format!("the series {name} has a metric that is not defined")));
        }
        if !seen.insert((series.ci_id.as_str(), series.metric.as_str())) {
            return Err(invalid(format!("there are two series {name}")));
        }
        if series.points.windows(2).any(|pair| pair[0].0 >= pair[1].0) {
            return Err(invalid(format!("the series {name} is not strictly ascending by time")));
        }
        if series.points.iter().any(|(_, value)| !value.is_finite()) {
            return Err(invalid(format!("the series {name} has a value that is not finite")));
        }
    }
    Ok(())
}

fn invalid(message: String) -> EstateError {
    EstateError::new(EstateErrorKind::InvalidData, message)
}
