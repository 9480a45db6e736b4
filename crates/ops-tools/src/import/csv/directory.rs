//! Which files make up the directory, and in which order are they read?

use std::path::{Path, PathBuf};

use super::index::Index;
use super::{cis, events, metrics, relations, rules, work};
use crate::EstateData;
use crate::import::error::{ImportError, ImportErrorKind};
use crate::nearest::did_you_mean;

const FILES: [&str; 5] = ["cis.csv", "relations.csv", "metrics.csv", "events.csv", "work.csv"];

/// Reads the documented directory of CSV files: `cis.csv` and, where present, `relations.csv`, `metrics.csv`,
/// `events.csv`, `work.csv` and `rules.json`; the columns are in `docs/ESTATE.md`.
///
/// Blocks while it reads. Nothing is returned unless every row of every file is right.
///
/// # Errors
///
/// An [`ImportError`] that names the file, line and column at fault: a missing `cis.csv`, a CSV file of another name,
/// an unknown or missing column, a cell that is not what its column asks for, something given twice, or a row about an
/// item that `cis.csv` does not hold.
pub fn import_csv(dir: &Path, tenant: &str) -> Result<EstateData, ImportError> {
    check_files(dir)?;
    let cis = cis::read(&dir.join("cis.csv"))?;
    let index = Index::new(&cis);
    let mut data = EstateData { tenant: tenant.to_owned(), origin: "csv".to_owned(), ..EstateData::default() };
    if let Some(file) = present(dir, "relations.csv") {
        data.relations = relations::read(&file, &index)?;
    }
    if let Some(file) = present(dir, "metrics.csv") {
        (data.metrics, data.series) = metrics::read(&file, &index)?;
    }
    if let Some(file) = present(dir, "events.csv") {
        data.events = events::read(&file, &index)?;
    }
    if let Some(file) = present(dir, "work.csv") {
        data.work = work::read(&file, &index)?;
    }
    if let Some(file) = present(dir, "rules.json") {
        data.rules = rules::read(&file)?;
    }
    data.cis = cis;
    Ok(data)
}

fn present(dir: &Path, name: &str) -> Option<PathBuf> {
    Some(dir.join(name)).filter(|file| file.exists())
}

/// A mistyped file name must not pass as an estate without that file.
fn check_files(dir: &Path) -> Result<(), ImportError> {
    let unreadable = |cause| ImportError::unreadable(dir, cause);
    for entry in std::fs::read_dir(dir).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name();
        let name = name.to_string_lossy();
        if name.to_lowercase().ends_with(".csv") && !FILES.contains(&&*name) {
            let hint = did_you_mean(&name, FILES);
            let message = format!("not a file of an estate; expected {}{hint}", FILES.join(", "));
            return Err(ImportError::new(ImportErrorKind::Layout, &dir.join(&*name), message));
        }
    }
    Ok(())
}
