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
