//! Where is the state of every item at every instant?

use super::calendar::ROWS;
use super::nodes::NODES;

/// One quantity of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// Requests that arrive in the interval; messages, for a queue.
    Requests,
    /// Mean time to answer, in seconds.
    Latency,
    /// Failed requests in the interval.
    Errors,
    /// Share of requests answered, in percent.
    Availability,
    /// True use of the processor: 1 is all of it.
    Load,
    /// Measured use of the processor, in percent.
    Cpu,
    /// True share of memory in use, in percent.
    Heap,
    /// Measured share of memory in use, in percent.
    Memory,
    /// Messages left over from earlier intervals.
    Backlog,
    /// Messages waiting.
    Depth,
    /// Messages handed on in the interval.
    Processed,
    /// Age of work when it starts, in seconds.
    Lag,
    /// Share of the disk in use, in percent.
    Disk,
    /// Work of shared hardware, in its own unit.
    Traffic,
}

const FIELDS: usize = Field::Traffic as usize + 1;
const ROW: usize = FIELDS * NODES.len();

/// All quantities of all items, row by row, since a step reads and writes one row and the one before.
#[derive(Debug)]
pub(super) struct Grid(Vec<f64>);

impl Grid {
    /// Creates a grid of zeros.
    pub(super) fn new() -> Self {
        Self(vec![0.0; ROW * ROWS])
    }

    /// Returns one quantity.
    pub(super) fn get(&self, row: usize, field: Field, node: usize) -> f64 {
        self.0[Self::at(row, field, node)]
    }

    /// Sets one quantity.
    pub(super) fn set(&mut self, row: usize, field: Field, node: usize, value: f64) {
        self.0[Self::at(row, field, node)] = value;
    }

    /// Returns the whole history of one quantity, oldest first.
    pub(super) fn column(&self, field: Field, node: usize) -> impl Iterator<Item = f64> {
        (0..ROWS).map(move |row| self.get(row, field, node))
    }

    /// Returns a copy of the last rows.
    pub(super) fn tail(&self, rows: usize) -> Tail {
        Tail(self.0[self.0.len() - rows * ROW..].to_vec())
    }

    const fn at(row: usize, field: Field, node: usize) -> usize {
        row * ROW + field as usize * NODES.len() + node
    }
}

/// The last rows of a grid.
#[derive(Debug)]
pub(super) struct Tail(Vec<f64>);

impl Tail {
    /// Returns the mean of one quantity over these rows.
    pub(super) fn mean(&self, field: Field, node: usize) -> f64 {
        let rows = self.0.len() / ROW;
        (0..rows).map(|row| self.0[Grid::at(row, field, node)]).sum::<f64>() / rows.max(1) as f64
    }
}
