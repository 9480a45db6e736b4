//! How does a seed become an estate?

use crate::estate::EstateData;

use super::alarm::{alarm, call, past_calls};
use super::alert::{RAISED, Symptom, noticed};
use super::calendar::ROWS;
use super::change::{Log, changes, decoys, deploy, routine};
use super::dice::{Dice, Stream};
use super::force::Push;
use super::incident::{Plan, strike};
use super::kind::IncidentKind;
use super::metric::definitions;
use super::nodes::NODES;
use super::noise::Noise;
use super::past::{Trouble, troubles};
use super::physics::World;
use super::records::{ci_id, items, relations, series};
use super::rules::{Watch, others, watches};
use super::shop::Shop;
use super::upkeep::keep;
use super::usual::LATEST;

/// The seed of the estate that `demo` stands for: an obvious incident several steps from its alert, with a decoy.
pub const DEMO_SEED: u64 = 995;

/// The magnitude from which an incident counts as strong, in times the noise.
const STRONG: f64 = 4.0;

/// A simulated estate and, beside it, the truth about its incident.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DemoEstate {
    /// The estate; nothing in it states the cause.
    pub data: EstateData,
    /// The truth, for scoring only.
    pub incident: Incident,
}

/// The truth about the live incident of a demo estate.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Incident {
    /// What kind of incident it is.
    pub kind: IncidentKind,
    /// The `ci_id` of the item that caused it.
    pub cause: String,
    /// The code of that item.
    pub cause_code: String,
    /// The metric of the cause that it moved most, and that its magnitude is measured on.
    pub metric: String,
    /// The alert that people were called by: the newest of the estate, and the only severe one of its last hours.
    pub alert: IncidentAlert,
    /// When it began, in Unix seconds.
    pub onset: i64,
    /// How far the mean of the last twenty minutes of the cause's metric is from that of a week without the incident,
    /// in times the noise (robust standard deviation around the usual value of the time of day).
    pub magnitude: f64,
}

impl Incident {
    /// Returns whether the incident is at least four times the noise.
    #[must_use]
    pub const fn is_strong(&self) -> bool {
        self.magnitude >= STRONG
    }
}

/// The alert of an incident.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct IncidentAlert {
    /// The `ci_id` of the item that it is about: the cause, or one that depends on it.
    pub ci_id: String,
    /// The code of that item.
    pub ci_code: String,
    /// The metric that it is about.
    pub metric: String,
    /// When it was raised, in Unix seconds.
    pub time: i64,
    /// How far the incident moved that metric, measured like [`Incident::magnitude`].
    pub magnitude: f64,
    /// Steps along dependencies from the item to the cause, at most five; 0 if it is the cause.
    pub hops: usize,
}

/// Simulates the shop of `seed`: a week of five-minute rows up to 2026-06-01T12:00:00Z, with a live incident.
///
/// The same seed gives the same estate, byte for byte. Costs about 20 ms and 30 MB in a release build.
///
/// # Examples
///
/// ```
/// let estate = ops_tools::demo(7);
/// assert!(estate.data.cis.len() >= 40);
/// assert!(estate.data.events.iter().any(|event| event.ci_id == estate.incident.alert.ci_id));
/// ```
#[must_use]
pub fn demo(seed: u64) -> DemoEstate {
    let (shop, noise) = (Shop::new(seed), Noise::new(seed));
    let mut dice = Dice::new(seed, Stream::History);
    let troubles = troubles(&mut dice, &shop);
    let past: Vec<Push> = troubles.iter().flat_map(|trouble| trouble.pushes.clone()).collect();
    let mut world = World::new(&shop, &noise);
    world.run(0..ROWS, &past);
    let calm = world.grid.tail(LATEST);
    let plan = Plan::new(seed);
    let magnitude = strike(&mut world, &plan, &past);
    let symptom = noticed(seed, &shop, &calm, &world.grid, &plan);
    let log = record(&mut dice, &world, &troubles, &plan, &symptom);
    DemoEstate { data: assemble(seed, &world, log, &symptom), incident: truth(&plan, &symptom, magnitude) }
}

/// Records what people did and what the rules of earlier troubles raised.
fn record(dice: &mut Dice, world: &World<'_>, troubles: &[Trouble], plan: &Plan, symptom: &Symptom) -> Log {
    let mut log = Log::default();
    keep(&mut log, dice);
    routine(&mut log, dice, plan.cause);
    log.events.extend(troubles.iter().flat_map(|trouble| past_calls(trouble, &world.grid)));
    let near: Vec<usize> = (0..NODES.len())
        .filter(|&node| node != plan.cause && changes(NODES[node].class))
        .filter(|&node| world.shop.hops_to(node)[symptom.node].is_some())
        .collect();
    let decoy = dice.pick(&near).copied().or_else(|| world.shop.parts.iter().position(|part| part.demand.is_some()));
    decoys(&mut log, dice, decoy.unwrap_or(0), plan.cause, plan.onset);
    if plan.kind == IncidentKind::BadDeployment {
        let lead = 30 + dice.below(120) as i64;
        deploy(&mut log, dice, plan.cause, plan.onset - lead);
    }
    log
}

fn assemble(seed: u64, world: &World<'_>, mut log: Log, symptom: &Symptom) -> EstateData {
    let watches = watches(&world.grid);
    let breaches = watches.iter().flat_map(|watch| watch.breaches(&world.grid));
    log.events.extend(breaches.map(|breach| alarm(&breach)));
    log.events.push(call(symptom, &watches));
    log.events.sort_by(|a, b| (a.time, &a.ci_id, &a.title).cmp(&(b.time, &b.ci_id, &b.title)));
    log.work.sort_by(|a, b| (a.start, &a.ci_id).cmp(&(b.start, &b.ci_id)));
    EstateData {
        tenant: "demo".to_owned(),
        origin: format!("demo:{seed}"),
        normal: None,
        cis: items(),
        relations: relations(),
        metrics: definitions(),
        series: series(seed, &world.grid),
        events: log.events,
        work: log.work,
        rules: watches.iter().map(Watch::rule).chain(others()).collect(),
    }
}

fn truth(plan: &Plan, symptom: &Symptom, magnitude: f64) -> Incident {
    Incident {
        kind: plan.kind,
        cause: ci_id(NODES[plan.cause].code),
        cause_code: NODES[plan.cause].code.to_owned(),
        metric: plan.face.shows.name.to_owned(),
        alert: IncidentAlert {
            ci_id: ci_id(NODES[symptom.node].code),
            ci_code: NODES[symptom.node].code.to_owned(),
            metric: symptom.metric.name.to_owned(),
            time: RAISED,
            magnitude: symptom.moved,
            hops: symptom.hops,
        },
        onset: plan.onset,
        magnitude,
    }
}
