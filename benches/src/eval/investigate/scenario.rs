//! What does a scenario folder of the PetShop data set hold, and what stands in for what it lacks?

use std::path::{Path, PathBuf};

use ops_tools::{PetShop, PetShopGraph, PetShopTable};

use super::folders;
use crate::error::Result;

/// A scenario with incidents.
pub(super) struct Scenario {
    pub(super) name: String,
    pub(super) dir: PathBuf,
    /// The call graph and the normal period.
    pub(super) holds: PetShop,
    /// The incidents' folders, `train` first.
    pub(super) incidents: Vec<PathBuf>,
}

/// What any scenario may borrow: a normal period, and the call graph that stands beside it.
#[derive(Default)]
struct Loan {
    baseline: Option<PetShopTable>,
    graph: Option<PetShopGraph>,
}

/// Opens `dir` if it is a scenario folder, else those in it; `baseline` is a `noissue` folder, or the one that holds it.
/// Folders without incidents are left out.
///
/// # Errors
///
/// If no scenario has an incident, or a file is not as published.
pub(super) fn open_all(dir: &Path, baseline: Option<&Path>) -> Result<Vec<Scenario>> {
    let loan = baseline.map(borrow).transpose()?.unwrap_or_default();
    let mut all = Vec::new();
    for dir in folders::matching(dir, is_scenario)? {
        let incidents = PetShop::incidents(&dir)?;
        if !incidents.is_empty() {
            all.push(open(dir, incidents, &loan)?);
        }
    }
    if all.is_empty() { Err(format!("{}: no incidents (train/issue_0 …)", dir.display()).into()) } else { Ok(all) }
}

fn is_scenario(dir: &Path) -> bool {
    dir.join("graph.csv").is_file() || ["noissue", "train", "test"].iter().any(|part| dir.join(part).is_dir())
}

fn open(dir: PathBuf, incidents: Vec<PathBuf>, loan: &Loan) -> Result<Scenario> {
    let name = folders::name(&dir);
    let mut holds = PetShop::scenario(&dir)?;
    if holds.baseline().is_none() {
        match &loan.baseline {
            Some(baseline) => holds = holds.with_baseline(baseline.clone()),
            None => eprintln!("warning: {name} has no normal period to compare with: name one with --baseline"),
        }
    }
    if holds.graph().is_none() {
        match &loan.graph {
            Some(graph) => holds = holds.with_graph(graph.clone()),
            None => eprintln!("warning: {name} has no call graph, so that nobody can be suspected"),
        }
    }
    Ok(Scenario { name, dir, holds, incidents })
}

fn borrow(dir: &Path) -> Result<Loan> {
    let inner = dir.join("noissue");
    let (dir, root) = if inner.is_dir() { (inner, dir.to_owned()) } else { (dir.to_owned(), dir.join("..")) };
    let graph = root.join("graph.csv");
    Ok(Loan {
        baseline: Some(PetShopTable::read(&dir.join("metrics.csv"))?),
        graph: graph.is_file().then(|| PetShopGraph::read(&graph)).transpose()?,
    })
}
