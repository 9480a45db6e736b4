//! What is wrong right now, since when, and by how much?

use std::ops::Range;

use super::calendar::{END, ROWS};
use super::dice::{Dice, Stream};
use super::force::Push;
use super::grid::Grid;
use super::kind::{Face, IncidentKind, unit};
use super::metric::Metric;
use super::nodes::NODES;
use super::physics::World;
use super::shop::Shop;
use super::usual::{RECENT, Usual, latest};

/// The limits of magnitudes, and steps between them that are even in proportion.
const MAGNITUDES: [f64; 9] = [2.0, 2.8, 3.9, 5.5, 7.7, 11.0, 15.0, 21.5, 30.0];

/// A live incident before anybody noticed it.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) kind: IncidentKind,
    pub(super) cause: usize,
    pub(super) face: &'static Face,
    /// When it began, in Unix seconds.
    pub(super) onset: i64,
    /// How far the metric it shows in is to move, in times its noise.
    pub(super) magnitude: f64,
}

impl Plan {
    /// Throws the incident of `seed`: eight consecutive seeds, from a multiple of eight, have the eight kinds.
    pub(super) fn new(seed: u64) -> Self {
        let turn = Dice::new(seed / 8, Stream::Incident).below(8) as u64;
        let mut dice = Dice::new(seed, Stream::Incident);
        let kind = usize::try_from((seed % 8 + turn) % 8).map_or(IncidentKind::SlowQuery, |at| IncidentKind::ALL[at]);
        let causes: Vec<usize> = (0..NODES.len()).filter(|&node| kind.befalls(&NODES[node])).collect();
        Self {
            kind,
            cause: dice.pick(&causes).copied().unwrap_or(0),
            face: dice.pick(kind.faces()).unwrap_or(&kind.faces()[0]),
            onset: END - 2_200 - 10 * dice.below(140) as i64,
            magnitude: magnitude(&mut dice),
        }
    }

    /// Returns what the incident pushes at `amplitude`.
    fn pushes(&self, shop: &Shop, amplitude: f64) -> Vec<Push> {
        push(shop, self.kind, self.face, self.cause, amplitude, self.onset..END)
    }
}

/// Returns what an incident of a kind pushes at an item over a time.
pub(super) fn push(
    shop: &Shop,
    kind: IncidentKind,
    face: &Face,
    node: usize,
    amplitude: f64,
    time: Range<i64>,
) -> Vec<Push> {
    let one = |&(driver, amount): &(_, f64)| Push {
        node,
        driver,
        amount: amount * amplitude * unit(driver, &shop.parts[node]),
        time: time.clone(),
        profile: kind.profile(),
    };
    face.pushes.iter().map(one).collect()
}

/// Throws a magnitude, every proportion equally likely.
fn magnitude(dice: &mut Dice) -> f64 {
    let step = dice.below(MAGNITUDES.len() - 1);
    dice.between(MAGNITUDES[step], MAGNITUDES[step + 1])
}

/// Simulates the incident on a finished week, as strong as planned, and returns how strong it became: how far the mean
/// of the last twenty minutes moved from what it would have been, in times the noise.
///
/// Only the last rows are simulated again, for one amplitude after another: the metric grows with the amplitude.
pub(super) fn strike(world: &mut World<'_>, plan: &Plan, past: &[Push]) -> f64 {
    let column = values(&world.grid, plan.face.shows, plan.cause);
    let usual = Usual::of(&column);
    let calm = latest(&column);
    let mut moved = |amplitude: f64| {
        let mut pushes = plan.pushes(world.shop, amplitude);
        pushes.extend_from_slice(past);
        world.run(ROWS - RECENT..ROWS, &pushes);
        let now = latest(&recent(&world.grid, plan.face.shows, plan.cause));
        (now - calm) * plan.face.shows.bad / usual.deviation
    };
    let mut high = 1.0 / 64.0;
    while moved(high) < plan.magnitude && high < 64.0 {
        high *= 2.0;
    }
    let mut low = 0.0;
    for _ in 0..24 {
        let middle = 0.5 * (low + high);
        if moved(middle) < plan.magnitude { low = middle } else { high = middle }
    }
    moved(high)
}

/// Returns the whole series of a metric of an item.
pub(super) fn values(grid: &Grid, metric: &Metric, node: usize) -> Vec<f64> {
    grid.column(metric.field, node).collect()
}

/// Returns the last rows of the series of a metric of an item.
pub(super) fn recent(grid: &Grid, metric: &Metric, node: usize) -> Vec<f64> {
    (ROWS - RECENT..ROWS).map(|row| grid.get(row, metric.field, node)).collect()
}

#[cfg(test)]
mod tests;
