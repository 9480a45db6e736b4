//! What does `dependency.csv` hold?

use std::net::IpAddr;
use std::path::Path;

use super::gather::Gathered;
use crate::import::error::ImportError;
use crate::import::sheet::{Columns, Sheet};

const COLUMNS: Columns = Columns { required: &["Source", "Target"], optional: &["Weight"], prefixes: &[] };

/// Reads who needs whom: a target that is an IP address is the host the source runs on, else a service it calls.
pub(super) fn read(file: &Path, gathered: &mut Gathered) -> Result<(), ImportError> {
    let mut sheet = Sheet::open(file, &COLUMNS)?;
    while let Some(row) = sheet.next_row()? {
        let (source, target) = (row.required("Source")?, row.required("Target")?);
        gathered.service(source);
        if target.parse::<IpAddr>().is_ok() {
            gathered.host(target);
            gathered.relate(source, "RUNS_ON", target);
        } else if source != target {
            gathered.service(target);
            gathered.relate(source, "DEPENDS_ON", target);
        }
    }
    Ok(())
}
