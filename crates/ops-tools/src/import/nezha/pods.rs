//! What do the `<pod>_metric.csv` files hold?

use std::path::{Path, PathBuf};

use super::columns::{Column, HOST, POD};
use super::gather::{Gathered, minute};
use crate::import::error::{ImportError, ImportErrorKind};
use crate::import::sheet::{Columns, Row, Sheet};

const SUFFIX: &str = "_metric.csv";

const COLUMNS: Columns = Columns {
    required: &["TimeStamp", "PodName"],
    optional: &[
        "Time",
        "CpuUsage(m)",
        "CpuUsageRate(%)",
        "MemoryUsage(Mi)",
        "MemoryUsageRate(%)",
        "SyscallRead",
        "SyscallWrite",
        "NetworkReceiveBytes",
        "NetworkTransmitBytes",
        "PodClientLatencyP90(s)",
        "PodServerLatencyP90(s)",
        "PodClientLatencyP95(s)",
        "PodServerLatencyP95(s)",
        "PodClientLatencyP99(s)",
        "PodServerLatencyP99(s)",
        "PodWorkload(Ops)",
        "PodSuccessRate(%)",
        "NodeCpuUsageRate(%)",
        "NodeMemoryUsageRate(%)",
        "NodeNetworkReceiveBytes",
    ],
    prefixes: &[],
};

/// Returns the pods' files of a folder, by name.
pub(super) fn files(dir: &Path) -> Result<Vec<PathBuf>, ImportError> {
    let unreadable = |cause| ImportError::unreadable(dir, cause);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if pod_name(&path).is_some() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn pod_name(file: &Path) -> Option<&str> {
    file.file_name()?.to_str()?.strip_suffix(SUFFIX)
}

/// Reads one pod's file. The host's columns go to the host if it is known which one that is, else to the pod.
pub(super) fn read(file: &Path, gathered: &mut Gathered) -> Result<(), ImportError> {
    let pod = pod_name(file).unwrap_or_default();
    let service = service_of(file, pod)?;
    gathered.service(service);
    gathered.pod(pod);
    gathered.relate(service, "COMPOSED_OF", pod);
    let host = gathered.host_of(service).unwrap_or_else(|| pod.to_owned());
    let mut sheet = Sheet::open(file, &COLUMNS)?;
    define(&sheet, POD.iter().chain(&HOST), gathered);
    while let Some(row) = sheet.next_row()? {
        check_pod(&row, pod)?;
        let time = minute(&row, "TimeStamp")?;
        gathered.row(&row, time, pod, &POD)?;
        gathered.row(&row, time, &host, &HOST)?;
    }
    Ok(())
}

/// Says what the columns mean that a file has.
pub(super) fn define<'a>(sheet: &Sheet, columns: impl Iterator<Item = &'a Column>, gathered: &mut Gathered) {
    for column in columns {
        if sheet.header().iter().any(|name| name == column.published) {
            gathered.values.define(column.definition());
        }
    }
}

/// A pod is called `<service>-<replica set>-<hash>`.
fn service_of<'a>(file: &Path, pod: &'a str) -> Result<&'a str, ImportError> {
    let service = pod.rsplitn(3, '-').nth(2).filter(|service| !service.is_empty());
    let message = || format!("{pod:?} is not a pod's name; expected <service>-<hash>-<hash>{SUFFIX}");
    service.ok_or_else(|| ImportError::new(ImportErrorKind::Layout, file, message()))
}

fn check_pod(row: &Row<'_>, pod: &str) -> Result<(), ImportError> {
    let name = row.required("PodName")?;
    if name == pod { Ok(()) } else { Err(row.wrong("PodName", name, &format!("{pod:?}, the file's pod"))) }
}
