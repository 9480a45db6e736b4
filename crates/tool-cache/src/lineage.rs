//! Was this answer invalidated since its load began?
//!
//! One clock counts invalidations. A load remembers what it read there before it began; a tool remembers when it was
//! last invalidated. An answer is dead if its load began earlier. So an invalidation costs one store per tool that it
//! concerns, whatever the cache holds, and a hit checks one number.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use serde_json::Value;
use tool_core::{ToolName, ToolSpec};

use crate::stats::Tally;

/// How many tools are remembered before those without answers are forgotten.
const MAX_IDLE: usize = 1024;

/// What the cache knows of one definition of a tool.
#[derive(Debug)]
pub(crate) struct Lineage {
    pub(crate) tool: ToolName,
    pub(crate) fingerprint: [u8; 32],
    pub(crate) tags: Vec<String>,
    pub(crate) secrecy: Secrecy,
    pub(crate) tally: Tally,
    invalidated: AtomicU64,
}

/// Whether answers may leave the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Secrecy {
    Open,
    /// The tool is told secrets, and its answers may quote them.
    Secret,
}

impl Secrecy {
    fn of(spec: &ToolSpec) -> Self {
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

/// When a load began, on the clock of invalidations.
#[derive(Debug, Clone)]
pub(crate) struct Birth {
    pub(crate) lineage: Arc<Lineage>,
    epoch: u64,
}

impl Birth {
    /// Returns whether no invalidation came since: one load.
    pub(crate) fn is_live(&self) -> bool {
        self.epoch >= self.lineage.invalidated.load(Ordering::Acquire)
    }
}

/// Every tool that has, had or awaits an answer.
#[derive(Debug, Default)]
pub(crate) struct Lineages {
    epoch: AtomicU64,
    table: Mutex<HashMap<[u8; 32], Vec<Arc<Lineage>>>>,
    /// The counts of tools that are forgotten.
    pub(crate) forgotten: Tally,
}

impl Lineages {
    /// Notes that a load of this tool begins now.
    pub(crate) fn begin(&self, spec: &ToolSpec) -> Birth {
        let make = || (spec.name().clone(), spec.tags().to_vec(), Secrecy::of(spec));
        self.birth(spec.fingerprint(), spec.tags(), make)
    }

    /// Notes that an answer of a former process is taken over now.
    pub(crate) fn adopt(&self, tool: ToolName, fingerprint: &[u8; 32], tags: Vec<String>) -> Birth {
        let known = tags.clone();
        self.birth(fingerprint, &known, || (tool, tags, Secrecy::Open))
    }

    fn birth(
        &self,
        fingerprint: &[u8; 32],
        tags: &[String],
        make: impl FnOnce() -> (ToolName, Vec<String>, Secrecy),
    ) -> Birth {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let known = table.get(fingerprint).and_then(|same| same.iter().find(|line| line.tags == tags));
        let lineage = known.cloned().unwrap_or_else(|| {
            let (tool, tags, secrecy) = make();
            let fingerprint = *fingerprint;
            let invalidated = AtomicU64::new(0);
            let line = Arc::new(Lineage { tool, fingerprint, tags, secrecy, tally: Tally::default(), invalidated });
            self.forget_idle(&mut table);
            table.entry(fingerprint).or_default().push(Arc::clone(&line));
            line
        });
        // Under the lock: an invalidation is wholly before or wholly after.
        Birth { epoch: self.epoch.load(Ordering::Acquire), lineage }
    }

    /// Forgets tools without answers and loads, once there are many; nothing can be resurrected that nobody holds.
    fn forget_idle(&self, table: &mut HashMap<[u8; 32], Vec<Arc<Lineage>>>) {
        if table.len() < MAX_IDLE {
            return;
        }
        table.retain(|_, same| {
            same.retain(|line| {
                let held = Arc::strong_count(line) > 1;
                if !held {
                    self.forgotten.add(&line.tally);
                }
                held
            });
            !same.is_empty()
        });
    }

    /// Kills every answer, and every load that runs, of the tools that fit.
    pub(crate) fn invalidate(&self, fits: impl Fn(&Lineage) -> bool) {
        let table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let epoch = self.epoch.fetch_add(1, Ordering::AcqRel) + 1;
        for line in table.values().flatten().filter(|line| fits(line)) {
            line.invalidated.store(epoch, Ordering::Release);
        }
    }

    /// Returns every tool there is, by name.
    pub(crate) fn all(&self) -> Vec<Arc<Lineage>> {
        let table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = table.values().flatten().cloned().collect();
        all.sort_by(|a, b| a.tool.cmp(&b.tool));
        all
    }
}
