//! What do answers of one kind have in common?

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError},
};

use serde_json::Value;
use tool_core::{ToolName, ToolSpec};

use crate::{
    epoch::{EpochClock, Mark, Marks},
    stats::Tally,
    sync::Mutex,
};

/// How many groups there are before those without answers are forgotten.
const LEAST: usize = 1024;

/// What answers of one definition of a tool share, or values of one set of tags.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) about: Option<About>,
    pub(crate) tally: Tally,
    marks: Box<[Arc<Mark>]>,
}

/// What a group of answers is about.
#[derive(Debug, Clone)]
pub(crate) struct About {
    pub(crate) tool: ToolName,
    pub(crate) fingerprint: [u8; 32],
    pub(crate) tags: Vec<String>,
    pub(crate) secrecy: Secrecy,
}

/// Whether answers may leave the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Secrecy {
    Open,
    /// The tool is told secrets, and its answers may quote them.
    Secret,
}

impl Secrecy {
    pub(crate) fn of(spec: &ToolSpec) -> Self {
        let secret = [Some(spec.input_schema()), spec.output_schema()].into_iter().flatten().any(mentions_secret);
        if secret { Self::Secret } else { Self::Open }
    }
}

fn mentions_secret(schema: &Value) -> bool {
    match schema {
        Value::Object(map) => map.get("writeOnly") == Some(&Value::Bool(true)) || map.values().any(mentions_secret),
        Value::Array(list) => list.iter().any(mentions_secret),
        _ => false,
    }
}

/// When a load began, and what it belongs to.
#[derive(Debug, Clone)]
pub(crate) struct Birth {
    pub(crate) group: Arc<Group>,
    /// The tenant whose answer it is, if it is one's alone.
    pub(crate) tenant: Option<Arc<Mark>>,
    epoch: u64,
}

impl Birth {
    /// Returns whether no invalidation came since.
    pub(crate) fn is_live(&self) -> bool {
        let allows = |mark: &Arc<Mark>| mark.allows(self.epoch);
        self.group.marks.iter().all(allows) && self.tenant.as_ref().is_none_or(allows)
    }

    /// Returns the same beginning under another group, which may have been invalidated meanwhile.
    pub(crate) fn regrouped(self, group: Arc<Group>) -> Self {
        Self { group, ..self }
    }
}

#[cfg(planted)]
impl Groups {
    /// Returns a beginning as if it were now.
    pub(crate) fn reborn(&self, birth: Birth) -> Birth {
        Birth { epoch: self.clock.now(), ..birth }
    }
}

/// Every group that has, had or awaits an answer, and what can be invalidated.
#[derive(Debug)]
pub(crate) struct Groups {
    clock: EpochClock,
    all: Arc<Mark>,
    tools: Marks,
    tags: Marks,
    tenants: Marks,
    /// The group of values without tags.
    pub(crate) plain: Arc<Group>,
    table: Mutex<Table>,
    /// The counts of groups that are forgotten.
    pub(crate) forgotten: Tally,
}

#[derive(Debug)]
struct Table {
    tools: HashMap<[u8; 32], Vec<Arc<Group>>>,
    tagged: HashMap<Box<[Box<str>]>, Arc<Group>>,
    forget_at: usize,
}

impl Default for Groups {
    fn default() -> Self {
        let all = Mark::new("", 0);
        let plain = Arc::new(Group { about: None, tally: Tally::default(), marks: [Arc::clone(&all)].into() });
        Self {
            clock: EpochClock::default(),
            all,
            tools: Marks::default(),
            tags: Marks::default(),
            tenants: Marks::default(),
            plain,
            table: Mutex::new(Table { tools: HashMap::new(), tagged: HashMap::new(), forget_at: LEAST }),
            forgotten: Tally::default(),
        }
    }
}

impl Groups {
    /// Notes that a load of a value without tags begins now.
    pub(crate) fn begin(&self) -> Birth {
        self.birth(Arc::clone(&self.plain), None)
    }

    /// Notes that a load of a tool begins now, for a tenant if its answers are one's alone.
    pub(crate) fn begin_tool(&self, spec: &ToolSpec, tenant: Option<&str>) -> Birth {
        let about = || About {
            tool: spec.name().clone(),
            fingerprint: *spec.fingerprint(),
            tags: spec.tags().to_vec(),
            secrecy: Secrecy::of(spec),
        };
        self.birth(self.of_tool(spec.fingerprint(), spec.tags(), about), tenant)
    }

    /// Returns whether no invalidation came since: mostly none at all came, and one look tells.
    #[inline]
    pub(crate) fn allow(&self, birth: &Birth) -> bool {
        birth.epoch >= self.clock.now() || birth.is_live()
    }

    /// Notes that an answer of a former process is taken over now.
    pub(crate) fn adopt(&self, about: About, tenant: Option<&str>) -> Birth {
        let (fingerprint, tags) = (about.fingerprint, about.tags.clone());
        self.birth(self.of_tool(&fingerprint, &tags, || about), tenant)
    }

    fn birth(&self, group: Arc<Group>, tenant: Option<&str>) -> Birth {
        let tenant = tenant.map(|name| self.tenants.get(name));
        // Read last: an invalidation that did not meet these marks came before.
        Birth { group, tenant, epoch: self.clock.now() }
    }

    fn of_tool(&self, fingerprint: &[u8; 32], tags: &[String], about: impl FnOnce() -> About) -> Arc<Group> {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let known = table.tools.get(fingerprint).and_then(|same| same.iter().find(|group| group.has_tags(tags)));
        if let Some(known) = known {
            return Arc::clone(known);
        }
        let about = about();
        let tool = self.tools.get(about.tool.as_str());
        let marks = about.tags.iter().map(|tag| self.tags.get(tag));
        let marks = [Arc::clone(&self.all), tool].into_iter().chain(marks).collect();
        let group = Arc::new(Group { about: Some(about), tally: Tally::default(), marks });
        self.forget_idle(&mut table);
        table.tools.entry(*fingerprint).or_default().push(Arc::clone(&group));
        group
    }

    /// Returns the group of values with these tags.
    pub(crate) fn of_tags(&self, mut tags: Vec<Box<str>>) -> Arc<Group> {
        if tags.is_empty() {
            return Arc::clone(&self.plain);
        }
        tags.sort_unstable();
        tags.dedup();
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = table.tagged.get(tags.as_slice()) {
            return Arc::clone(known);
        }
        let marks = tags.iter().map(|tag| self.tags.get(tag));
        let marks = [Arc::clone(&self.all)].into_iter().chain(marks).collect();
        let group = Arc::new(Group { about: None, tally: Tally::default(), marks });
        self.forget_idle(&mut table);
        table.tagged.insert(tags.into(), Arc::clone(&group));
        group
    }

    /// Forgets groups without answers and loads, once there are many.
    fn forget_idle(&self, table: &mut Table) {
        if table.tools.len() + table.tagged.len() < table.forget_at {
            return;
        }
        let held = |group: &Arc<Group>| {
            let held = Arc::strong_count(group) > 1;
            if !held {
                self.forgotten.add(&group.tally);
            }
            held
        };
        table.tagged.retain(|_, group| held(group));
        table.tools.retain(|_, same| {
            same.retain(held);
            !same.is_empty()
        });
        table.forget_at = (2 * (table.tools.len() + table.tagged.len())).max(LEAST);
    }

    pub(crate) fn invalidate_tool(&self, tool: &str) {
        self.tools.strike(tool, &self.clock);
    }

    pub(crate) fn invalidate_tag(&self, tag: &str) {
        self.tags.strike(tag, &self.clock);
    }

    pub(crate) fn invalidate_tenant(&self, tenant: &str) {
        self.tenants.strike(tenant, &self.clock);
    }

    pub(crate) fn invalidate_all(&self) {
        self.all.strike(&self.clock);
    }

    /// Returns every tool's group, by name.
    pub(crate) fn of_tools(&self) -> Vec<Arc<Group>> {
        let table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = table.tools.values().flatten().cloned().collect();
        all.sort_by(|a, b| a.tool().cmp(&b.tool()));
        all
    }
}

impl Group {
    /// Returns the tool whose answers these are.
    pub(crate) fn tool(&self) -> Option<&ToolName> {
        self.about.as_ref().map(|about| &about.tool)
    }

    fn has_tags(&self, tags: &[String]) -> bool {
        self.about.as_ref().is_some_and(|about| about.tags == tags)
    }
}
