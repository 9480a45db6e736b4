//! What did people change, and what did they look after?

use serde_json::{Value, json};

use crate::estate::{Event, Work, WorkKind};

use super::calendar::{END, START};
use super::dice::Dice;
use super::nodes::{Class, NODES, Node};
use super::records::{attributes, ci_id};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// What is recorded besides the series: events and work, in no order.
#[derive(Debug, Default)]
pub(super) struct Log {
    pub(super) events: Vec<Event>,
    pub(super) work: Vec<Work>,
}

/// A setting that people change: name, value before, value after.
type Setting = (&'static str, i64, i64);

const SETTINGS: [Setting; 6] = [
    ("pool.max_connections", 80, 100),
    ("http.idle_timeout_seconds", 60, 75),
    ("log.sample_percent", 5, 10),
    ("cache.ttl_seconds", 300, 240),
    ("threads.max", 64, 96),
    ("retry.budget_percent", 10, 8),
];
const PEOPLE: [&str; 6] = ["m.okafor", "j.lindqvist", "s.park", "a.moreau", "t.nakamura", "release-bot"];
const DEPLOYED: [Class; 4] = [Class::Web, Class::Gateway, Class::Service, Class::Worker];
const CONFIGURED: [Class; 7] =
    [Class::Balancer, Class::Gateway, Class::Service, Class::Worker, Class::Database, Class::Cache, Class::Queue];

/// What people do to an item.
#[derive(Debug, Clone, Copy)]
enum Change {
    Deployment,
    Setting,
}

impl Change {
    /// The kinds of items that it is done to.
    const fn classes(self) -> &'static [Class] {
        match self {
            Self::Deployment => &DEPLOYED,
            Self::Setting => &CONFIGURED,
        }
    }

    fn record(self, log: &mut Log, dice: &mut Dice, node: usize, time: i64) {
        match self {
            Self::Deployment => deploy(log, dice, node, time),
            Self::Setting => configure(log, dice, node, time),
        }
    }
}

/// Records the changes of the week before the last seven hours, none on `spared` in the last day.
pub(super) fn routine(log: &mut Log, dice: &mut Dice, spared: usize) {
    for count in 0..22 {
        let change = if count < 15 { Change::Deployment } else { Change::Setting };
        let node = any(dice, change.classes(), &[]);
        let last = if node == spared { DAY } else { 7 * HOUR };
        let time = START + dice.below(usize::try_from(END - START - last).unwrap_or(1)) as i64;
        change.record(log, dice, node, time);
    }
}

/// Records two changes before `onset` that have nothing to do with it, a deployment among them: one on `near`, one on
/// any other item but `spared`.
pub(super) fn decoys(log: &mut Log, dice: &mut Dice, near: usize, spared: usize, onset: i64) {
    let deployed = DEPLOYED.contains(&NODES[near].class);
    let (first, second) =
        if deployed { (Change::Deployment, Change::Setting) } else { (Change::Setting, Change::Deployment) };
    let other = any(dice, second.classes(), &[near, spared]);
    for (change, node) in [(first, near), (second, other)] {
        let time = onset - 240 - dice.below(45 * 60) as i64;
        change.record(log, dice, node, time);
    }
}

/// Returns whether people change items of this class.
pub(super) fn changes(class: Class) -> bool {
    DEPLOYED.contains(&class) || CONFIGURED.contains(&class)
}

/// Records that a new version of an item was rolled out from `time` on.
pub(super) fn deploy(log: &mut Log, dice: &mut Dice, node: usize, time: i64) {
    let (minor, patch) = (dice.below(30), dice.below(9));
    let (old, new) = (format!("2.{minor}.{patch}"), format!("2.{minor}.{}", patch + 1));
    let title = format!("Deployed {} {new}", NODES[node].name);
    let facts = [("version", json!(new)), ("previous_version", json!(old))];
    record(log, dice, &NODES[node], ("deployment", title), time, &facts);
}

fn configure(log: &mut Log, dice: &mut Dice, node: usize, time: i64) {
    let (key, old, new) = dice.pick(&SETTINGS).copied().unwrap_or(SETTINGS[0]);
    let title = format!("Changed {key} of {}", NODES[node].name);
    let facts = [("key", json!(key)), ("old", json!(old)), ("new", json!(new))];
    record(log, dice, &NODES[node], ("config_change", title), time, &facts);
}

/// Records a change as its tool reports it, in the events and in the work history.
fn record(log: &mut Log, dice: &mut Dice, node: &Node, what: (&str, String), time: i64, facts: &[(&str, Value)]) {
    let (kind, title) = what;
    let ticket = format!("CHG-{}", 4_000 + dice.below(5_000));
    let performer = dice.pick(&PEOPLE).copied().unwrap_or("release-bot");
    let end = time + 40 + dice.below(150) as i64;
    let mut attributes = attributes(facts);
    attributes.insert("ticket".to_owned(), json!(ticket));
    log.events.push(Event {
        time,
        ci_id: ci_id(node.code),
        event_type: kind.to_owned(),
        severity: 1,
        source: "system".to_owned(),
        title: title.clone(),
        message: format!("{title} by {performer} ({ticket})"),
        attributes,
    });
    log.work.push(Work {
        kind: WorkKind::Work,
        ci_id: ci_id(node.code),
        work_type: kind.to_owned(),
        summary: title,
        detail: format!("{ticket}, requested by team {}", node.owner),
        performer: performer.to_owned(),
        start: time,
        end: Some(end),
        result: "success".to_owned(),
    });
}

/// Throws an item of one of the classes, none of `except`.
fn any(dice: &mut Dice, classes: &[Class], except: &[usize]) -> usize {
    let nodes = (0..NODES.len()).filter(|node| classes.contains(&NODES[*node].class) && !except.contains(node));
    dice.pick(&nodes.collect::<Vec<_>>()).copied().unwrap_or(0)
}
