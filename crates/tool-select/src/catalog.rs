//! Which tools are there to choose from?

use std::{collections::BTreeSet, sync::Arc};

use serde_json::Value;
use tool_core::{ToolHandle, ToolName, ToolRegistry};

use crate::{Index, ToolCard};

/// A snapshot of the tools there are, with what selection reads of them prepared: made once per registry version.
///
/// # Examples
///
/// ```
/// use tool_core::ToolRegistry;
/// use tool_select::Catalog;
///
/// let registry = ToolRegistry::new();
/// let catalog = Catalog::of(&registry);
/// assert!(catalog.is_current(&registry) && catalog.is_empty());
/// ```
#[derive(Debug)]
pub struct Catalog {
    version: u64,
    entries: Vec<Arc<Entry>>,
    index: Index,
    pins: Vec<ToolName>,
}

/// One tool, prepared.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) tool: ToolHandle,
    /// The names of all fields of the result, at any depth.
    pub(crate) fields: BTreeSet<String>,
}

impl Catalog {
    /// Takes the registry's tools as they are now.
    #[must_use]
    pub fn of(registry: &ToolRegistry) -> Self {
        // The version first: a change in between makes the catalogue look old, never newer than it is.
        let version = registry.version();
        Self { version: 0, entries: Vec::new(), index: Index::new(), pins: Vec::new() }.with(version, registry.tools())
    }

    /// Takes the registry's tools as they are now, and prepares only those that are new here.
    #[must_use]
    pub fn renewed(&self, registry: &ToolRegistry) -> Self {
        let version = registry.version();
        let same = Self {
            version: self.version,
            entries: self.entries.clone(),
            index: self.index.clone(),
            pins: self.pins.clone(),
        };
        same.with(version, registry.tools())
    }

    fn with(mut self, version: u64, mut tools: Vec<ToolHandle>) -> Self {
        tools.sort_by(|a, b| a.spec().name().cmp(b.spec().name()));
        let mut before = std::mem::take(&mut self.entries).into_iter().peekable();
        for tool in tools {
            while let Some(gone) = before.next_if(|entry| entry.name() < tool.spec().name()) {
                self.index.remove(gone.name().as_str());
            }
            match before.next_if(|entry| entry.name() == tool.spec().name()) {
                Some(known) if known.tool.id() == tool.id() => self.entries.push(known),
                _ => {
                    // A tool's name is never empty, so its card is always taken.
                    let taken = self.index.insert(&ToolCard::of(tool.spec()));
                    debug_assert!(taken.is_ok());
                    self.entries.push(Arc::new(Entry::new(tool)));
                }
            }
        }
        for gone in before {
            self.index.remove(gone.name().as_str());
        }
        Self { version, ..self }
    }

    /// Wants these tools first in every search, after one whose very name is searched for; what a caller may not call
    /// stays hidden all the same.
    #[must_use]
    pub fn with_pins(mut self, pins: impl IntoIterator<Item = ToolName>) -> Self {
        self.pins = pins.into_iter().collect();
        self
    }

    /// Returns the index that text searches read.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Returns whether the registry has not changed since.
    #[must_use]
    pub fn is_current(&self, registry: &ToolRegistry) -> bool {
        self.version == registry.version()
    }

    /// Returns how many tools there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the tools, by name.
    pub fn tools(&self) -> impl Iterator<Item = &ToolHandle> {
        self.entries.iter().map(|entry| &entry.tool)
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().map(Arc::as_ref)
    }

    pub(crate) fn pins(&self) -> &[ToolName] {
        &self.pins
    }

    pub(crate) fn entry(&self, name: &ToolName) -> Option<&Entry> {
        let at = self.entries.binary_search_by(|entry| entry.name().cmp(name)).ok()?;
        self.entries.get(at).map(Arc::as_ref)
    }
}

impl Entry {
    fn new(tool: ToolHandle) -> Self {
        let mut fields = BTreeSet::new();
        if let Some(schema) = tool.spec().output_schema() {
            collect_fields(schema, &mut fields);
        }
        Self { fields, tool }
    }

    pub(crate) fn name(&self) -> &ToolName {
        self.tool.spec().name()
    }

    /// Returns the share of these fields that the result has; 0 if none is asked for.
    pub(crate) fn coverage(&self, asked: &BTreeSet<String>) -> f64 {
        let covered = u32::try_from(asked.intersection(&self.fields).count()).unwrap_or(u32::MAX);
        let asked = u32::try_from(asked.len()).unwrap_or(u32::MAX);
        if asked == 0 { 0.0 } else { f64::from(covered) / f64::from(asked) }
    }
}

/// Collects the property names that a schema declares, wherever they stand.
fn collect_fields(schema: &Value, fields: &mut BTreeSet<String>) {
    match schema {
        Value::Object(map) => {
            for (key, value) in map {
                if let ("properties", Value::Object(properties)) = (key.as_str(), value) {
                    fields.extend(properties.keys().cloned());
                    properties.values().for_each(|inner| collect_fields(inner, fields));
                } else {
                    collect_fields(value, fields);
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|inner| collect_fields(inner, fields)),
        _ => {}
    }
}
