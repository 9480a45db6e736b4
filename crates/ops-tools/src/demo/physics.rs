//! How does load, waiting and failure travel through the shop in one interval?
//!
//! Requests flow from the entrances down the calls; queues hand on what their workers manage; processors fill; then
//! answers come back from the deepest item upwards: a caller's latency is its own work plus what it waits for, its
//! failures are its own plus those of the answers that it cannot do without.

mod instruments;
mod queue;

use std::ops::Range;

use super::calendar;
use super::force::{Driver, Force, Push};
use super::grid::{Field, Grid};
use super::nodes::{Class, NODES};
use super::noise::{Channel, Noise};
use super::shop::{COUNT, Part, Shop};

/// The share of an answer that belongs to the caller's same interval; the rest was asked for in the one before.
const SAME_INTERVAL: f64 = 0.75;
/// The share of an item's work that waits for a processor.
const COMPUTE: f64 = 0.7;
/// How much more work collecting memory costs, per ratio of used to free.
const COLLECTION: f64 = 0.7;
/// What a host does for itself.
const IDLE: f64 = 0.06;

/// The simulated shop.
#[derive(Debug)]
pub(super) struct World<'a> {
    pub(super) shop: &'a Shop,
    noise: &'a Noise,
    pub(super) grid: Grid,
}

impl<'a> World<'a> {
    /// Creates a shop at rest, with no row simulated.
    pub(super) fn new(shop: &'a Shop, noise: &'a Noise) -> Self {
        Self { shop, noise, grid: Grid::new() }
    }

    /// Simulates `rows` under `pushes`; the row before must have been simulated, if there is one.
    pub(super) fn run(&mut self, rows: Range<usize>, pushes: &[Push]) {
        for row in rows {
            let force = Force::at(row, pushes);
            for node in 0..COUNT {
                self.arrive(row, node, &force);
                self.strain(row, node, &force);
            }
            for node in (0..COUNT).rev().filter(|&node| NODES[node].class.serves()) {
                self.answer(row, node, &force);
                self.fail(row, node, &force);
            }
            self.measure(row);
        }
    }

    fn arrive(&mut self, row: usize, node: usize, force: &Force) {
        let part = &self.shop.parts[node];
        let outside = self.demand(row, node, force);
        let shared: f64 = part.shares.iter().map(|&to| self.demand(row, to, force)).sum();
        let called: f64 = part.callers.iter().map(|&(from, calls)| calls * self.now(row, Field::Requests, from)).sum();
        let jitter = called * self.noise(Channel::Demand, row, node) * (4e-5 + 1.0 / called.max(1.0)).sqrt();
        let worked_off = part.queue.map_or(0.0, |queue| self.now(row, Field::Processed, queue));
        let requests = (outside + shared + called + jitter + worked_off).max(0.0).round();
        self.grid.set(row, Field::Requests, node, requests);
        if NODES[node].class == Class::Queue {
            self.enqueue(row, node, requests, force);
        }
        if let Some(queue) = part.queue {
            self.wait_in(row, node, queue);
        }
    }

    /// Requests from outside for an item.
    fn demand(&self, row: usize, node: usize, force: &Force) -> f64 {
        let Some(demand) = self.shop.parts[node].demand else { return 0.0 };
        let wobble = 1.0 + 0.012 * self.noise(Channel::Demand, row, node);
        let usual = demand.peak * calendar::load(demand.rhythm, row) * wobble;
        (usual * (1.0 + force.get(Driver::Surge, node))).round()
    }

    /// How full an item's processor and memory are.
    fn strain(&mut self, row: usize, node: usize, force: &Force) {
        let part = &self.shop.parts[node];
        let busy = if NODES[node].class.hosts() { self.guests(row, part) } else { self.busy(row, node) };
        let floor = if NODES[node].class.hosts() { IDLE.min(part.load) } else { 0.0 };
        let load = floor + (part.load - floor) * busy + force.get(Driver::Cpu, node);
        let drift = 0.7 * self.noise(Channel::Drift, row, node);
        let heap = part.heap + 3.0 * (busy.min(1.5) - 0.7) + drift + force.get(Driver::Heap, node);
        self.grid.set(row, Field::Load, node, load.min(1.3));
        self.grid.set(row, Field::Heap, node, heap.min(97.5));
    }

    /// Requests as a share of those at the busiest hour.
    fn busy(&self, row: usize, node: usize) -> f64 {
        self.now(row, Field::Requests, node) / self.shop.parts[node].requests
    }

    /// How busy a host's guests are, on average.
    fn guests(&self, row: usize, host: &Part) -> f64 {
        let busy = host.guests.iter().map(|&guest| self.now(row, Field::Load, guest) / self.shop.parts[guest].load);
        busy.sum::<f64>() / host.guests.len().max(1) as f64
    }

    fn answer(&mut self, row: usize, node: usize, force: &Force) {
        let part = &self.shop.parts[node];
        let class = NODES[node].class;
        let wobble = (1.0 + work_noise(class) * self.noise(Channel::Work, row, node)).max(0.4);
        let queueing = self.crowd(row, node) * part.host.map_or(1.0, |host| self.crowd(row, host));
        let own = part.work * wobble * (1.0 - COMPUTE + COMPUTE * queueing) * self.collection(row, node);
        let waits: f64 = part.calls.iter().map(|call| call.calls * self.recent(row, Field::Latency, call.to)).sum();
        let passed_on = self.passed_on(row, node, Field::Latency);
        let latency = own + force.get(Driver::Delay, node) + waits + passed_on;
        self.grid.set(row, Field::Latency, node, latency);
    }

    /// How much longer work waits for the processor than at the busiest hour.
    fn crowd(&self, row: usize, node: usize) -> f64 {
        crowding(self.now(row, Field::Load, node)) / crowding(self.shop.parts[node].load)
    }

    /// How much longer work takes because memory is short. Source: cost of tracing collection, live / free.
    fn collection(&self, row: usize, node: usize) -> f64 {
        let ratio = |heap: f64| heap / (100.0 - heap);
        1.0 + COLLECTION * (ratio(self.now(row, Field::Heap, node)) - ratio(self.shop.parts[node].heap)).max(0.0)
    }

    fn fail(&mut self, row: usize, node: usize, force: &Force) {
        let part = &self.shop.parts[node];
        let requests = self.now(row, Field::Requests, node).max(1.0);
        let overload = (self.now(row, Field::Load, node) - 0.97).max(0.0) * 0.3;
        let expected = requests * (part.faults + overload + force.get(Driver::Fault, node)).min(0.95);
        let own = (expected + 1.1 * expected.sqrt() * self.noise(Channel::Fault, row, node)).max(0.0) / requests;
        let answered = part.calls.iter().map(|call| 1.0 - call.loss * self.lost(row, call.to));
        let passed_on = 1.0 - self.passed_on(row, node, Field::Errors);
        let good = (1.0 - own.min(1.0)) * answered.product::<f64>() * passed_on;
        let errors = (requests * (1.0 - good)).round();
        self.grid.set(row, Field::Errors, node, errors);
        self.grid.set(row, Field::Availability, node, 100.0 * (1.0 - errors / requests));
    }

    /// The share of an item's requests lost lately.
    fn lost(&self, row: usize, node: usize) -> f64 {
        1.0 - self.recent(row, Field::Availability, node) / 100.0
    }

    /// What the items behind a balancer add to its answers: the mean of theirs, by requests.
    fn passed_on(&self, row: usize, node: usize, field: Field) -> f64 {
        let requests = self.now(row, Field::Requests, node).max(1.0);
        let of = |to: usize| match field {
            Field::Errors => self.lost(row, to),
            _ => self.recent(row, field, to),
        };
        self.shop.parts[node].shares.iter().map(|&to| of(to) * self.now(row, Field::Requests, to) / requests).sum()
    }

    fn now(&self, row: usize, field: Field, node: usize) -> f64 {
        self.grid.get(row, field, node)
    }

    fn before(&self, row: usize, field: Field, node: usize) -> f64 {
        row.checked_sub(1).map_or(0.0, |row| self.grid.get(row, field, node))
    }

    /// What a caller sees of a callee: mostly this interval, partly the one before.
    fn recent(&self, row: usize, field: Field, node: usize) -> f64 {
        let now = self.now(row, field, node);
        let before = row.checked_sub(1).map_or(now, |row| self.grid.get(row, field, node));
        SAME_INTERVAL * now + (1.0 - SAME_INTERVAL) * before
    }

    fn noise(&self, channel: Channel, row: usize, node: usize) -> f64 {
        self.noise.get(channel, row, node)
    }
}

/// Returns the mean time in a system of one server, in service times, at `load`. Source: M/M/1, `1 / (1 - load)`,
/// followed by its tangent from 0.9 on, since an interval is too short for the queue to grow for ever.
fn crowding(load: f64) -> f64 {
    if load <= 0.9 { 1.0 / (1.0 - load) } else { 10.0 + 100.0 * (load - 0.9) }
}

/// Returns how much an item's own work varies from interval to interval, as a share of it.
const fn work_noise(class: Class) -> f64 {
    match class {
        Class::Balancer | Class::Web | Class::Gateway => 0.012,
        Class::External => 0.07,
        Class::Database | Class::Cache | Class::Link => 0.08,
        _ => 0.05,
    }
}

#[cfg(test)]
mod tests;
