//! What went wrong earlier in the week, and is over?

use std::ops::Range;

use super::calendar::{END, START, STEP};
use super::dice::Dice;
use super::force::Push;
use super::incident::push;
use super::kind::{Face, IncidentKind};
use super::nodes::NODES;
use super::shop::Shop;

/// Nothing but the live incident happens in the last nine hours.
const QUIET: i64 = 9 * 3_600;
/// How strong each kind is when it is small: its amplitude.
const SMALL: [(IncidentKind, f64); 8] = [
    (IncidentKind::SlowQuery, 0.5),
    (IncidentKind::ErrorBurst, 0.6),
    (IncidentKind::MemoryLeak, 0.8),
    (IncidentKind::CpuHog, 1.2),
    (IncidentKind::BadDeployment, 0.5),
    (IncidentKind::QueueBacklog, 3.0),
    (IncidentKind::NetworkDelay, 0.5),
    (IncidentKind::TrafficSurge, 1.5),
];

/// Small trouble that is over.
#[derive(Debug)]
pub(super) struct Trouble {
    pub(super) node: usize,
    pub(super) face: &'static Face,
    pub(super) time: Range<i64>,
    pub(super) pushes: Vec<Push>,
}

/// Throws the week's earlier troubles: three to five, the first day spared.
pub(super) fn troubles(dice: &mut Dice, shop: &Shop) -> Vec<Trouble> {
    let count = 3 + dice.below(3);
    (0..count).filter_map(|_| trouble(dice, shop)).collect()
}

fn trouble(dice: &mut Dice, shop: &Shop) -> Option<Trouble> {
    let &(kind, amplitude) = dice.pick(&SMALL)?;
    let candidates: Vec<usize> = (0..NODES.len()).filter(|&node| kind.befalls(&NODES[node])).collect();
    let &node = dice.pick(&candidates)?;
    let face = kind.faces().first()?;
    let minutes = 20 + dice.below(35) as i64;
    let first = START + 24 * 3_600;
    let slots = usize::try_from((END - QUIET - 3_600 - first) / STEP).ok()?;
    let start = first + STEP * dice.below(slots) as i64 + 17;
    let time = start..start + 60 * minutes;
    Some(Trouble { node, face, time: time.clone(), pushes: push(shop, kind, face, node, amplitude, time) })
}
