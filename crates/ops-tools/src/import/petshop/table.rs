//! Which values did which node have when?

use std::fs::File;
use std::ops::Range;
use std::path::Path;

use ::csv::{ReaderBuilder, StringRecord, Trim};

use crate::import::cell;
use crate::import::error::{ImportError, ImportErrorKind};
use crate::import::sheet::malformed;

/// What one column holds: a statistic of a metric of a node.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Column {
    pub(super) node: String,
    pub(super) metric: String,
    pub(super) statistic: String,
}

/// A `metrics.csv`: one row per time, one column per node, metric and statistic.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PetShopTable {
    columns: Vec<Column>,
    rows: Vec<(i64, Vec<Option<f64>>)>,
}

impl PetShopTable {
    /// Reads a `metrics.csv`: four header rows (node, metric, statistic, `unix_timestamp`), then one row per time with
    /// the Unix seconds in column 1. An empty or `NaN` cell is a missing value.
    ///
    /// # Errors
    ///
    /// An [`ImportError`] that names line and column: a header row of another name, a row of another length, a cell that is
    /// not a finite number, or times that do not ascend.
    pub fn read(file: &Path) -> Result<Self, ImportError> {
        let opened = File::open(file).map_err(|cause| ImportError::unreadable(file, cause))?;
        let mut reader = ReaderBuilder::new().has_headers(false).trim(Trim::All).from_reader(opened);
        let mut records = reader.records().map(|record| record.map_err(|cause| malformed(file, cause)));
        let columns = read_columns(file, &mut records)?;
        let mut rows: Vec<(i64, Vec<Option<f64>>)> = Vec::new();
        for record in records {
            let record = record?;
            let row = read_row(file, &record, &columns)?;
            if rows.last().is_some_and(|(time, _)| *time >= row.0) {
                let message = "the times do not ascend";
                return Err(at(ImportErrorKind::Value, file, &record, "unix_timestamp", message));
            }
            rows.push(row);
        }
        Ok(Self { columns, rows })
    }

    /// Returns the times of the rows, in Unix seconds, ascending.
    #[must_use]
    pub fn times(&self) -> impl ExactSizeIterator<Item = i64> + '_ {
        self.rows.iter().map(|(time, _)| *time)
    }

    /// Returns how many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns a table of these rows alone, counted from 0; rows past the end are left out.
    #[must_use]
    pub fn rows(&self, range: Range<usize>) -> Self {
        let kept = self.rows.iter().skip(range.start).take(range.len());
        Self { columns: self.columns.clone(), rows: kept.cloned().collect() }
    }

    /// Returns a table of all rows but these, counted from 0.
    #[must_use]
    pub fn without_rows(&self, range: Range<usize>) -> Self {
        let kept = self.rows.iter().enumerate().filter(|(place, _)| !range.contains(place));
        Self { columns: self.columns.clone(), rows: kept.map(|(_, row)| row.clone()).collect() }
    }

    /// Returns the half-open period the rows cover, in Unix seconds, if there are any: a row covers the time until the
    /// next one, the last as long as the one before it.
    #[must_use]
    pub fn period(&self) -> Option<(i64, i64)> {
        let (first, last) = (self.rows.first()?.0, self.rows.last()?.0);
        let step = self.rows.iter().rev().nth(1).map_or(1, |(before, _)| last - before);
        Some((first, last + step))
    }

    pub(super) fn nodes(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.node.as_str())
    }

    /// Returns every column with its values, missing ones left out.
    pub(super) fn series(&self) -> impl Iterator<Item = (&Column, Vec<(i64, f64)>)> {
        self.columns.iter().enumerate().map(|(place, column)| {
            let filled = self.rows.iter().filter_map(|(time, cells)| Some((*time, cells[place]?)));
            (column, filled.collect())
        })
    }
}

fn read_columns(
    file: &Path,
    records: &mut impl Iterator<Item = Result<StringRecord, ImportError>>,
) -> Result<Vec<Column>, ImportError> {
    let nodes = header_row(file, records, "microservice")?;
    let metrics = header_row(file, records, "metric")?;
    let statistics = header_row(file, records, "statistic")?;
    header_row(file, records, "unix_timestamp")?;
    let cells = nodes.iter().zip(&metrics).zip(&statistics).skip(1);
    let column = |((node, metric), statistic): ((&str, &str), &str)| Column {
        node: node.to_owned(),
        metric: metric.to_owned(),
        statistic: statistic.to_owned(),
    };
    let columns: Vec<Column> = cells.map(column).collect();
    for (place, column) in columns.iter().enumerate() {
        if column.node.is_empty() || column.metric.is_empty() {
            let message = format!("column {} names no node or no metric", place + 2);
            return Err(at(ImportErrorKind::Header, file, &nodes, "microservice", &message));
        }
    }
    check_unique(file, &nodes, &columns)?;
    Ok(columns)
}

fn check_unique(file: &Path, nodes: &StringRecord, columns: &[Column]) -> Result<(), ImportError> {
    let mut seen = std::collections::HashSet::new();
    for column in columns {
        if !seen.insert(column) {
            let message = format!("{} {} of this node is given twice", column.metric, column.statistic);
            return Err(at(ImportErrorKind::Duplicate, file, nodes, &column.node, &message));
        }
    }
    Ok(())
}

fn header_row(
    file: &Path,
    records: &mut impl Iterator<Item = Result<StringRecord, ImportError>>,
    name: &str,
) -> Result<StringRecord, ImportError> {
    let record = records.next().transpose()?.unwrap_or_default();
    let first = record.get(0).unwrap_or_default().trim_start_matches('\u{feff}');
    if first == name {
        return Ok(record);
    }
    let message = format!("expected the header row {name:?}, found {}", cell::shown(first));
    Err(at(ImportErrorKind::Header, file, &record, "1", &message))
}

fn read_row(file: &Path, record: &StringRecord, columns: &[Column]) -> Result<(i64, Vec<Option<f64>>), ImportError> {
    let wrong = |column: &str, text: &str, expected: &str| {
        let message = format!("{} is not {expected}", cell::shown(text));
        at(ImportErrorKind::Value, file, record, column, &message)
    };
    let text = record.get(0).unwrap_or_default();
    let time = cell::time(text).ok_or_else(|| wrong("unix_timestamp", text, "a time in Unix seconds"))?;
    let value = |(column, text): (&Column, &str)| match text {
        "" => Ok(None),
        text if text.eq_ignore_ascii_case("nan") => Ok(None),
        text => {
            let name = || format!("{} {} {}", column.node, column.metric, column.statistic);
            cell::number(text).map(Some).ok_or_else(|| wrong(&name(), text, "a finite number"))
        }
    };
    let values: Result<Vec<_>, _> = columns.iter().zip(record.iter().skip(1)).map(value).collect();
    Ok((time, values?))
}

fn at(kind: ImportErrorKind, file: &Path, record: &StringRecord, column: &str, message: &str) -> ImportError {
    let error = ImportError::new(kind, file, message).in_column(column);
    match record.position() {
        Some(position) => error.at_line(position.line()),
        None => error,
    }
}
