//! Where, in the published layout, does each file of a scenario stand?

use std::path::{Path, PathBuf};

use super::{PetShop, PetShopAlert, PetShopGraph, PetShopTable};
use crate::import::error::{ImportError, ImportErrorKind};

impl PetShop {
    /// Reads a directory of the published layout: a scenario folder (`graph.csv`, `noissue/metrics.csv`), or an incident
    /// folder within one (`train/issue_0`: its `metrics.csv`, and the alert of its `target.json`, come on top).
    ///
    /// # Errors
    ///
    /// An [`ImportError`] if the directory is neither, or a file of it is not as published.
    pub fn open(dir: &Path) -> Result<Self, ImportError> {
        if holds_estate(dir) {
            return Self::scenario(dir);
        }
        let root = dir.parent().and_then(Path::parent).filter(|root| holds_estate(root));
        match root {
            Some(root) => Self::scenario(root)?.with_incident_of(dir),
            None if dir.join("metrics.csv").exists() => Self::default().with_incident_of(dir),
            None => Err(not_published(dir)),
        }
    }

    /// Reads what a scenario folder has of `graph.csv` and `noissue/metrics.csv`; either may be missing, and both if it
    /// has incidents.
    ///
    /// # Errors
    ///
    /// An [`ImportError`] if the folder has none of the three, or a file is not as published.
    pub fn scenario(dir: &Path) -> Result<Self, ImportError> {
        if !holds_estate(dir) && Self::incidents(dir)?.is_empty() {
            return Err(not_published(dir));
        }
        let (graph, baseline) = (dir.join("graph.csv"), dir.join("noissue").join("metrics.csv"));
        let mut scenario = Self::default();
        if graph.exists() {
            scenario = scenario.with_graph(PetShopGraph::read(&graph)?);
        }
        if baseline.exists() {
            scenario = scenario.with_baseline(PetShopTable::read(&baseline)?);
        }
        Ok(scenario)
    }

    /// Adds an incident folder's `metrics.csv` and, where it has a `target.json`, the alert.
    ///
    /// # Errors
    ///
    /// An [`ImportError`] if `metrics.csv` is missing, or one of them is not as published.
    pub fn with_incident_of(self, dir: &Path) -> Result<Self, ImportError> {
        let with_rows = self.with_incident(PetShopTable::read(&dir.join("metrics.csv"))?);
        let target = dir.join("target.json");
        if target.exists() { Ok(with_rows.with_alert(PetShopAlert::read(&target)?)) } else { Ok(with_rows) }
    }

    /// Returns the incident folders of a scenario: `train/issue_*`, then `test/issue_*`, each in the order of their
    /// numbers.
    ///
    /// # Errors
    ///
    /// An [`ImportError`] if a folder cannot be listed.
    pub fn incidents(dir: &Path) -> Result<Vec<PathBuf>, ImportError> {
        let mut all = Vec::new();
        for split in ["train", "test"].map(|split| dir.join(split)) {
            if split.is_dir() {
                all.extend(issues(&split)?);
            }
        }
        Ok(all)
    }
}

fn issues(split: &Path) -> Result<Vec<PathBuf>, ImportError> {
    let unreadable = |cause| ImportError::unreadable(split, cause);
    let mut found: Vec<(u64, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir(split).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if let Some(number) = name.strip_prefix("issue_") {
            found.push((number.parse().unwrap_or(u64::MAX), path));
        }
    }
    found.sort();
    Ok(found.into_iter().map(|(_, path)| path).collect())
}

fn holds_estate(dir: &Path) -> bool {
    dir.join("graph.csv").exists() || dir.join("noissue").join("metrics.csv").exists()
}

fn not_published(dir: &Path) -> ImportError {
    let message = "not a PetShop folder: expected a scenario (graph.csv, noissue/metrics.csv) or an incident in one \
                   (train/issue_0 with metrics.csv)";
    ImportError::new(ImportErrorKind::Layout, dir, message)
}
