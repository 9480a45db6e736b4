//! What waits in queues, and for how long?

use super::super::calendar::STEP;
use super::super::force::{Driver, Force};
use super::super::grid::Field;
use super::super::noise::Channel;
use super::World;

/// Messages that wait in a queue at half its throughput.
const QUEUE: f64 = 25.0;

impl World<'_> {
    /// What a queue hands on and what it keeps. Source: M/M/1 for the messages in passing, a balance for the rest.
    pub(super) fn enqueue(&mut self, row: usize, node: usize, arrivals: f64, force: &Force) {
        let capacity = self.throughput(node) * (1.0 - force.get(Driver::Drain, node)).max(0.02);
        let waiting = arrivals + self.before(row, Field::Backlog, node);
        let processed = waiting.min(capacity).round();
        let use_ = arrivals / capacity;
        let passing = QUEUE * use_ / (1.0 - use_.min(0.95)) * (1.0 + 0.09 * self.noise(Channel::Gauge, row, node));
        self.grid.set(row, Field::Processed, node, processed);
        self.grid.set(row, Field::Backlog, node, waiting - processed);
        self.grid.set(row, Field::Depth, node, (passing.max(0.0) + waiting - processed).round());
    }

    /// How old a worker's input is: its wait in this queue and what it waited before it came here.
    pub(super) fn wait_in(&mut self, row: usize, node: usize, queue: usize) {
        let feeds = &self.shop.parts[queue].callers;
        let arrivals = self.now(row, Field::Requests, queue).max(1.0);
        let earlier: f64 = feeds
            .iter()
            .map(|&(from, messages)| {
                messages * self.now(row, Field::Requests, from) / arrivals * self.now(row, Field::Lag, from)
            })
            .sum();
        let pace = self.now(row, Field::Processed, queue).max(1.0) / STEP as f64;
        let wait = self.now(row, Field::Depth, queue) / pace;
        let jitter = 1.0 + 0.05 * self.noise(Channel::Fault, row, node);
        self.grid.set(row, Field::Lag, node, 0.4 + earlier + wait * jitter);
    }

    /// Messages that a queue can hand on in an interval.
    fn throughput(&self, queue: usize) -> f64 {
        let part = &self.shop.parts[queue];
        part.requests / part.load
    }
}
