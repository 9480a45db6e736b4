//! What does `cis.csv` hold?

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use super::attributes::{prefixed, typed};
use crate::Ci;
use crate::import::error::{ImportError, ImportErrorKind};
use crate::import::sheet::{Columns, Row, Sheet};

const COLUMNS: Columns = Columns {
    required: &["ci_code"],
    optional: &[
        "ci_id",
        "ci_name",
        "ci_type",
        "ci_subtype",
        "ci_category",
        "status",
        "location",
        "owner",
        "created_at",
        "deleted_at",
    ],
    prefixes: &["tags.", "attributes."],
};

/// The types, and the subtypes each may have; the first of each is the default.
const KINDS: [(&str, &[&str]); 3] = [
    ("SW", &["app", "os", "db", "was", "web"]),
    ("HW", &["server", "network", "storage", "security"]),
    ("SYSTEM", &["business_system", "control_system", "monitoring_system"]),
];

pub(super) fn read(file: &Path) -> Result<Vec<Ci>, ImportError> {
    let mut sheet = Sheet::open(file, &COLUMNS)?;
    let (mut cis, mut attributes) = (Vec::new(), Vec::new());
    let (mut ids, mut codes) = (HashSet::new(), HashSet::new());
    while let Some(row) = sheet.next_row()? {
        let ci = item(&row)?;
        if !codes.insert(ci.ci_code.clone()) {
            return Err(twice(&row, "ci_code", &ci.ci_code));
        }
        if !ids.insert(ci.ci_id.clone()) {
            return Err(twice(&row, "ci_id", &ci.ci_id));
        }
        attributes.push(prefixed(&row, "attributes."));
        cis.push(ci);
    }
    for (ci, attributes) in cis.iter_mut().zip(typed(attributes)) {
        ci.attributes = attributes;
    }
    Ok(cis)
}

fn twice(row: &Row<'_>, column: &str, name: &str) -> ImportError {
    row.error(ImportErrorKind::Duplicate, column, &format!("{name:?} is given twice"))
}

fn item(row: &Row<'_>) -> Result<Ci, ImportError> {
    let code = row.required("ci_code")?;
    let text = |column: &str, default: &str| row.text(column).unwrap_or(default).to_owned();
    let (ci_type, ci_subtype) = kind(row)?;
    Ok(Ci {
        ci_id: text("ci_id", code),
        ci_code: code.to_owned(),
        ci_name: text("ci_name", code),
        ci_type: ci_type.to_owned(),
        ci_subtype: ci_subtype.to_owned(),
        ci_category: text("ci_category", ""),
        status: text("status", "active"),
        location: text("location", ""),
        owner: text("owner", ""),
        tags: prefixed(row, "tags."),
        attributes: BTreeMap::new(),
        created_at: row.time("created_at")?.unwrap_or_default(),
        deleted_at: row.time("deleted_at")?,
    })
}

fn kind<'a>(row: &Row<'a>) -> Result<(&'a str, &'a str), ImportError> {
    let ci_type = row.text("ci_type").unwrap_or(KINDS[0].0);
    let types: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
    let Some((_, subtypes)) = KINDS.iter().find(|(name, _)| *name == ci_type) else {
        return Err(row.unknown("ci_type", ci_type, &types));
    };
    let ci_subtype = row.text("ci_subtype").unwrap_or(subtypes[0]);
    if subtypes.contains(&ci_subtype) {
        Ok((ci_type, ci_subtype))
    } else {
        Err(row.unknown("ci_subtype", ci_subtype, subtypes))
    }
}
