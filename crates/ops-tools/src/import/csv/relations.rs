//! What does `relations.csv` hold?

use std::collections::BTreeSet;
use std::path::Path;

use super::index::Index;
use crate::import::error::{ImportError, ImportErrorKind};
use crate::import::sheet::{Columns, Sheet};
use crate::{KNOWN_RELATIONS, Relation};

const COLUMNS: Columns = Columns { required: &["source", "rel_type", "target"], optional: &[], prefixes: &[] };

pub(super) fn read(file: &Path, index: &Index<'_>) -> Result<Vec<Relation>, ImportError> {
    let mut sheet = Sheet::open(file, &COLUMNS)?;
    let mut relations = BTreeSet::new();
    while let Some(row) = sheet.next_row()? {
        let rel_type = row.required("rel_type")?;
        if !KNOWN_RELATIONS.contains(&rel_type) {
            return Err(row.unknown("rel_type", rel_type, &KNOWN_RELATIONS));
        }
        let (source, target) = (index.item(&row, "source")?, index.item(&row, "target")?);
        if source == target {
            return Err(row.wrong("target", target, "another item than the source"));
        }
        if !relations.insert(Relation::new(source, rel_type, target)) {
            let message = format!("{source} {rel_type} {target} is given twice");
            return Err(row.error(ImportErrorKind::Duplicate, "target", &message));
        }
    }
    Ok(relations.into_iter().collect())
}
