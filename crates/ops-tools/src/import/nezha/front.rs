//! What does `front_service.csv` hold?

use std::path::Path;

use super::columns::FRONT;
use super::gather::{Gathered, minute};
use super::pods::define;
use crate::import::error::ImportError;
use crate::import::sheet::{Columns, Sheet};

const COLUMNS: Columns = Columns {
    required: &["TimeStamp", "ServiceName"],
    optional: &["Time", "SuccessRate(%)", "LatencyP50(s)", "LatencyP90(s)", "LatencyP95(s)", "LatencyP99(s)"],
    prefixes: &[],
};

/// Reads what users see: values of the service that faces them, whose name is written there with a capital.
pub(super) fn read(file: &Path, gathered: &mut Gathered) -> Result<(), ImportError> {
    let mut sheet = Sheet::open(file, &COLUMNS)?;
    define(&sheet, FRONT.iter(), gathered);
    while let Some(row) = sheet.next_row()? {
        let service = row.required("ServiceName")?.to_lowercase();
        gathered.service(&service);
        gathered.row(&row, minute(&row, "TimeStamp")?, &service, &FRONT)?;
    }
    Ok(())
}
