//! What an estate is made of: the plain records that simulators and importers produce and stores keep.
//!
//! Times are Unix seconds (UTC); windows are half-open `[from, to)`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::rca::MetricRole;

/// One configuration item: a service, a database, a host.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Ci {
    /// The item's identity, unique in its tenant; stable over re-imports.
    pub ci_id: String,
    /// The short code people type, unique in its tenant, as in `db-orders`.
    pub ci_code: String,
    /// The name people read.
    pub ci_name: String,
    /// `SYSTEM`, `HW` or `SW`.
    pub ci_type: String,
    /// The kind within the type: `server`, `network`, `storage`, `db`, `app`, `web`, `was`, …
    pub ci_subtype: String,
    /// A free grouping, as in `queue` or `cache`.
    pub ci_category: String,
    /// `active` unless said otherwise.
    pub status: String,
    /// Where it stands.
    pub location: String,
    /// Who answers for it.
    pub owner: String,
    /// Tags by name: `system`, `role`, `runs_on`, …
    pub tags: BTreeMap<String, String>,
    /// Attributes by name: `engine`, `version`, `zone`, …
    pub attributes: BTreeMap<String, Value>,
    /// When it was created, in Unix seconds.
    pub created_at: i64,
    /// When it was deleted, in Unix seconds; deleted items are hidden from every read.
    pub deleted_at: Option<i64>,
}

impl Ci {
    /// Returns an active item called `ci_code`, with nothing else known about it.
    #[must_use]
    pub fn new(ci_id: impl Into<String>, ci_code: impl Into<String>) -> Self {
        let ci_code = ci_code.into();
        Self { ci_id: ci_id.into(), ci_name: ci_code.clone(), ci_code, status: "active".to_owned(), ..Self::default() }
    }
}

/// One typed, directed relation: `source` *rel_type* `target`, as in "shop DEPENDS_ON db".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Relation {
    /// The `ci_id` that has the relation.
    pub source: String,
    /// `DEPENDS_ON`, `RUNS_ON`, `COMPOSED_OF`, `DEPLOYED_ON`, `USES`, `PROTECTED_BY` or `CONNECTED_TO`.
    pub rel_type: String,
    /// The `ci_id` it points to.
    pub target: String,
}

impl Relation {
    /// Returns the relation "`source` *`rel_type`* `target`".
    #[must_use]
    pub fn new(source: impl Into<String>, rel_type: impl Into<String>, target: impl Into<String>) -> Self {
        Self { source: source.into(), rel_type: rel_type.into(), target: target.into() }
    }
}

/// What one metric means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MetricDef {
    /// The name, unique in its tenant, as in `latency`.
    pub name: String,
    /// The unit of its values, as in `s`, `percent`, `count`, `bytes`.
    pub unit: String,
    /// One sentence for people.
    pub description: String,
    /// What the metric tells about an item; all that ranking looks at.
    pub role: MetricRole,
}

impl MetricDef {
    /// Returns the definition of `name`, in `unit`, with nothing to say about it yet.
    #[must_use]
    pub fn new(name: impl Into<String>, unit: impl Into<String>, role: MetricRole) -> Self {
        Self { name: name.into(), unit: unit.into(), description: String::new(), role }
    }
}

/// The values of one metric of one item, oldest first.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Series {
    /// The item's `ci_id`.
    pub ci_id: String,
    /// The metric's name.
    pub metric: String,
    /// `(Unix seconds, value)`, strictly ascending by time; a missing value has no row.
    pub points: Vec<(i64, f64)>,
}

impl Series {
    /// Returns the series of `metric` of item `ci_id`; `points` are `(Unix seconds, value)`, ascending by time.
    #[must_use]
    pub fn new(ci_id: impl Into<String>, metric: impl Into<String>, points: Vec<(i64, f64)>) -> Self {
        Self { ci_id: ci_id.into(), metric: metric.into(), points }
    }
}

/// Something that happened, as a monitoring system or a deployment tool reported it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Event {
    /// When, in Unix seconds.
    pub time: i64,
    /// The item it is about.
    pub ci_id: String,
    /// `threshold_alarm`, `status_change`, `deployment`, `config_change`, `health_check`, `security_alert`, …
    pub event_type: String,
    /// 1 (information) to 5 (critical).
    pub severity: u8,
    /// `device`, `cep` or `system`.
    pub source: String,
    /// The headline.
    pub title: String,
    /// The detail.
    pub message: String,
    /// Anything else: an alarm carries `metric`, `value` and `threshold`.
    pub attributes: BTreeMap<String, Value>,
}

impl Event {
    /// Returns an event of severity 1 without title, message or attributes, as `system` would report it.
    #[must_use]
    pub fn new(time: i64, ci_id: impl Into<String>, event_type: impl Into<String>) -> Self {
        Self {
            time,
            ci_id: ci_id.into(),
            event_type: event_type.into(),
            severity: 1,
            source: "system".to_owned(),
            title: String::new(),
            message: String::new(),
            attributes: BTreeMap::new(),
        }
    }
}

/// One entry of the maintenance or work history of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Work {
    /// `maintenance` or `work`.
    pub kind: WorkKind,
    /// The item it was done on.
    pub ci_id: String,
    /// As in `patch`, `backup`, `deployment`, `config_change`.
    pub work_type: String,
    /// One line.
    pub summary: String,
    /// More lines.
    pub detail: String,
    /// Who did it.
    pub performer: String,
    /// When it began, in Unix seconds.
    pub start: i64,
    /// When it ended, in Unix seconds; open if missing.
    pub end: Option<i64>,
    /// As in `success`.
    pub result: String,
}

impl Work {
    /// Returns an entry that begins at `start` (Unix seconds) and is still open.
    #[must_use]
    pub fn new(kind: WorkKind, ci_id: impl Into<String>, work_type: impl Into<String>, start: i64) -> Self {
        Self {
            kind,
            ci_id: ci_id.into(),
            work_type: work_type.into(),
            summary: String::new(),
            detail: String::new(),
            performer: String::new(),
            start,
            end: None,
            result: String::new(),
        }
    }
}

/// Which history a [`Work`] entry belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WorkKind {
    /// Planned upkeep of an item.
    Maintenance,
    /// Requested and approved changes.
    Work,
}

/// A rule of the event processor: when does it trigger?
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Rule {
    /// Unique in its tenant.
    pub rule_id: String,
    /// The name people read.
    pub rule_name: String,
    /// `schedule`, `event` or `metric`.
    pub trigger_type: String,
    /// The condition, as `cep.simulate` documents it.
    pub trigger_spec: Value,
    /// What a rule engine would do; never carried out by a simulation.
    pub action_spec: Value,
    /// Whether the rule is in force.
    pub active: bool,
}

impl Rule {
    /// Returns an active rule that triggers as `trigger_spec` says and does nothing.
    #[must_use]
    pub fn new(rule_id: impl Into<String>, trigger_type: impl Into<String>, trigger_spec: Value) -> Self {
        let rule_id = rule_id.into();
        Self {
            rule_name: rule_id.clone(),
            rule_id,
            trigger_type: trigger_type.into(),
            trigger_spec,
            action_spec: Value::Null,
            active: true,
        }
    }
}

/// Everything an estate of one tenant holds, in memory: what simulators and importers hand to a store.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct EstateData {
    /// The tenant that owns all of it.
    pub tenant: String,
    /// Where it comes from, as in `demo:7` or `petshop`.
    pub origin: String,
    /// The period known to be normal, half-open, where the source declares one; else history before an incident serves.
    pub normal: Option<(i64, i64)>,
    /// The items.
    pub cis: Vec<Ci>,
    /// The relations; both ends are items of this estate.
    pub relations: Vec<Relation>,
    /// The metrics.
    pub metrics: Vec<MetricDef>,
    /// The values.
    pub series: Vec<Series>,
    /// The events, oldest first.
    pub events: Vec<Event>,
    /// Maintenance and work history, oldest first.
    pub work: Vec<Work>,
    /// The rules.
    pub rules: Vec<Rule>,
}
