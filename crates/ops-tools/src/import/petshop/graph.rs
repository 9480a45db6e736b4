//! Which node calls which?

use std::path::Path;

use crate::import::error::{ImportError, ImportErrorKind};
use crate::import::sheet::{Row, Sheet};

/// A call graph: the nodes, and who calls whom.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PetShopGraph {
    nodes: Vec<String>,
    calls: Vec<(String, String)>,
}

impl PetShopGraph {
    /// Reads a `graph.csv`: a square matrix whose cell 1.0 means that the row's node calls the column's.
    ///
    /// # Errors
    ///
    /// An [`ImportError`] that names line and column if the matrix is not square, its rows and columns do not name the
    /// same nodes, or a cell is neither 0 nor 1.
    pub fn read(file: &Path) -> Result<Self, ImportError> {
        let mut sheet = Sheet::open_any(file)?;
        let nodes: Vec<String> = sheet.header().iter().skip(1).cloned().collect();
        let (mut callers, mut calls) = (Vec::new(), Vec::new());
        while let Some(row) = sheet.next_row()? {
            let caller = caller(&row, &nodes)?;
            for callee in &nodes {
                if calls_it(&row, callee)? && callee != caller {
                    calls.push((caller.to_owned(), callee.clone()));
                }
            }
            callers.push(caller.to_owned());
        }
        check_rows(file, &nodes, callers)?;
        Ok(Self { nodes, calls })
    }

    /// Returns the nodes, in the file's order.
    #[must_use]
    pub fn nodes(&self) -> &[String] {
        &self.nodes
    }

    /// Returns every call as (caller, callee), in the file's order; a node that calls itself is left out.
    #[must_use]
    pub fn calls(&self) -> &[(String, String)] {
        &self.calls
    }
}

/// The corner cell may be empty or named, so the first column is asked for by place.
fn caller<'a>(row: &Row<'a>, nodes: &[String]) -> Result<&'a str, ImportError> {
    let name = row.first().unwrap_or_default();
    if nodes.iter().any(|node| node == name) {
        return Ok(name);
    }
    Err(row.error(ImportErrorKind::Header, "1", &format!("{name:?} is a row but not a column of the matrix")))
}

fn calls_it(row: &Row<'_>, callee: &str) -> Result<bool, ImportError> {
    match row.text(callee) {
        None | Some("0" | "0.0") => Ok(false),
        Some("1" | "1.0") => Ok(true),
        Some(other) => Err(row.wrong(callee, other, "1.0 (calls) or 0.0 (does not)")),
    }
}

fn check_rows(file: &Path, nodes: &[String], mut callers: Vec<String>) -> Result<(), ImportError> {
    callers.sort_unstable();
    if let Some(pair) = callers.windows(2).find(|pair| pair[0] == pair[1]) {
        let message = format!("the row {:?} is given twice", pair[0]);
        return Err(ImportError::new(ImportErrorKind::Duplicate, file, message));
    }
    match nodes.iter().find(|node| callers.binary_search(node).is_err()) {
        Some(node) => {
            let message = format!("{node:?} is a column but not a row of the matrix");
            Err(ImportError::new(ImportErrorKind::Header, file, message))
        }
        None => Ok(()),
    }
}
