//! What moves every series a little, all the time?

use super::calendar::ROWS;
use super::dice::{Dice, Stream};
use super::shop::COUNT;

/// What a noise disturbs.
#[derive(Debug, Clone, Copy)]
pub(super) enum Channel {
    /// How many come.
    Demand,
    /// How long work takes.
    Work,
    /// How many requests fail.
    Fault,
    /// How well a resource is measured.
    Gauge,
    /// How memory comes and goes.
    Drift,
}

/// How much of a row's noise the next row keeps, and how often a harmless spike comes, by channel.
const HABITS: [(f64, f64); 5] = [(0.45, 0.0), (0.3, 0.0006), (0.0, 0.0), (0.3, 0.0004), (0.8, 0.0)];

/// The noise of every item and row, in standard deviations.
///
/// It is thrown before anything is simulated: the week with and the week without an incident differ by the incident
/// alone.
#[derive(Debug)]
pub(super) struct Noise([Vec<f64>; 5]);

impl Noise {
    /// Throws the noise of `seed`.
    pub(super) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed, Stream::Noise);
        Self(HABITS.map(|(kept, spikes)| throw(&mut dice, kept, spikes)))
    }

    /// Returns the noise of one item at one row.
    pub(super) fn get(&self, channel: Channel, row: usize, node: usize) -> f64 {
        self.0[channel as usize][row * COUNT + node]
    }
}

/// Throws a first-order autoregressive noise of deviation 1 for every item, with rare spikes of one row.
fn throw(dice: &mut Dice, kept: f64, spikes: f64) -> Vec<f64> {
    let fresh = (1.0 - kept * kept).sqrt();
    let mut state = [0.0; COUNT];
    let mut noise = Vec::with_capacity(ROWS * COUNT);
    for _ in 0..ROWS {
        for level in &mut state {
            *level = kept * *level + fresh * dice.normal();
            noise.push(*level);
        }
    }
    add_spikes(dice, &mut noise, spikes);
    noise
}

fn add_spikes(dice: &mut Dice, noise: &mut [f64], share: f64) {
    let mut count = share * noise.len() as f64;
    while count >= 1.0 {
        let place = dice.below(noise.len());
        noise[place] += dice.between(6.0, 16.0);
        count -= 1.0;
    }
}
