//! Which item does a cell of another file mean?

use std::collections::HashMap;

use crate::Ci;
use crate::import::error::{ImportError, ImportErrorKind};
use crate::import::sheet::Row;
use crate::nearest::did_you_mean;

/// The items by code and by id.
#[derive(Debug)]
pub(super) struct Index<'a> {
    ids: HashMap<&'a str, &'a str>,
}

impl<'a> Index<'a> {
    /// Indexes the items; where a text is one item's code and another's id, the code counts.
    pub(super) fn new(cis: &'a [Ci]) -> Self {
        let by_id = cis.iter().map(|ci| (ci.ci_id.as_str(), ci.ci_id.as_str()));
        let by_code = cis.iter().map(|ci| (ci.ci_code.as_str(), ci.ci_id.as_str()));
        Self { ids: by_id.chain(by_code).collect() }
    }

    /// Returns the `ci_id` of the item whose code or id the cell holds.
    pub(super) fn item(&self, row: &Row<'_>, column: &str) -> Result<&'a str, ImportError> {
        let name = row.required(column)?;
        let dangling = || {
            let hint = did_you_mean(name, self.ids.keys().copied());
            let message = format!("{name:?} is not an item of cis.csv{hint}");
            row.error(ImportErrorKind::Dangling, column, &message)
        };
        self.ids.get(name).copied().ok_or_else(dangling)
    }
}
