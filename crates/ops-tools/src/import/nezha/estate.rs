//! Which files make up a date, and in which order are they read?

use std::path::{Path, PathBuf};

use super::edges::{self, Seen};
use super::gather::Gathered;
use super::{front, pods, services};
use crate::EstateData;
use crate::import::error::{ImportError, ImportErrorKind};

/// Reads a date of the Nezha data set: its `metric` folder, or the folder that holds it.
///
/// Services depend on services, run on hosts and are composed of pods; times are cut to the minute, and of two rows of
/// a file in one minute the later counts. Blocks while it reads. The estate declares no normal period.
///
/// # Errors
///
/// An [`ImportError`] that names the file, line and column at fault: no `dependency.csv` or no `<pod>_metric.csv`, a
/// column that is not published, a cell that is not a time or a finite number.
pub fn import_nezha(dir: &Path, tenant: &str) -> Result<EstateData, ImportError> {
    let dir = metric_dir(dir)?;
    let mut gathered = Gathered::default();
    services::read(&dir.join("dependency.csv"), &mut gathered)?;
    let files = pods::files(&dir)?;
    if files.is_empty() {
        return Err(ImportError::new(ImportErrorKind::Layout, &dir, "no <pod>_metric.csv"));
    }
    for file in files {
        pods::read(&file, &mut gathered)?;
    }
    if let Some(file) = present(&dir, "front_service.csv") {
        front::read(&file, &mut gathered)?;
    }
    if let Some(file) = present(&dir, "source_50.csv") {
        edges::read(&file, Seen::ByCaller, &mut gathered)?;
    }
    if let Some(file) = present(&dir, "destination_50.csv") {
        edges::read(&file, Seen::ByCallee, &mut gathered)?;
    }
    Ok(gathered.into_estate(tenant))
}

fn present(dir: &Path, name: &str) -> Option<PathBuf> {
    Some(dir.join(name)).filter(|file| file.exists())
}

fn metric_dir(dir: &Path) -> Result<PathBuf, ImportError> {
    let inner = dir.join("metric");
    let found = [dir.to_owned(), inner].into_iter().find(|dir| dir.join("dependency.csv").exists());
    let message = "not a Nezha folder: expected dependency.csv and <pod>_metric.csv, or a folder metric with them";
    found.ok_or_else(|| ImportError::new(ImportErrorKind::Layout, dir, message))
}
