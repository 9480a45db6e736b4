//! What is the right answer of a case? Read after the case was answered, and by nothing that answers.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::json::read;
use crate::error::Result;

#[derive(Deserialize)]
struct PetShopTarget {
    root_cause: PetShopCause,
}

#[derive(Deserialize)]
struct PetShopCause {
    node: String,
}

/// Returns the node that caused the incident of a PetShop folder.
///
/// # Errors
///
/// If its `target.json` does not tell.
pub(super) fn petshop(incident: &Path) -> Result<String> {
    let target: PetShopTarget = read(&incident.join("target.json"))?;
    Ok(target.root_cause.node)
}

#[derive(Deserialize)]
struct NezhaFault {
    inject_pod: String,
}

/// Returns the pods into which the faults of a Nezha date were injected: the hours in ascending order, and the faults of
/// an hour in the file's.
///
/// # Errors
///
/// If its `fault_list.json` does not tell.
pub(super) fn nezha(date: &Path) -> Result<Vec<String>> {
    let faults: BTreeMap<String, Vec<NezhaFault>> = read(&date.join("fault_list.json"))?;
    Ok(faults.into_values().flatten().map(|fault| fault.inject_pod).collect())
}
