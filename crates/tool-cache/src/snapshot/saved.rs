//! What of an entry is in a snapshot?

use std::time::{Duration, Instant};

use tool_core::{CallReport, Limit, Payload, ToolName, ToolOutput};

use super::{
    SnapshotError,
    document::{Reader, Writer},
};
use crate::{CacheKey, entry::Entry, lineage::Secrecy};

/// The longest list of tags, limits or warnings that a snapshot has.
const MAX_LIST: usize = 1000;

/// One entry as a snapshot has it.
#[derive(Debug)]
pub(crate) struct Saved {
    pub(crate) key: CacheKey,
    pub(crate) tool: ToolName,
    pub(crate) fingerprint: [u8; 32],
    pub(crate) tags: Vec<String>,
    pub(crate) age: Duration,
    pub(crate) remaining: Duration,
    pub(crate) output: ToolOutput,
}

impl Saved {
    /// Returns what a snapshot may have of an entry; `None` if it may be secret or has no place in the format.
    pub(crate) fn of(key: &CacheKey, entry: &Entry, now: Instant) -> Option<Self> {
        let lineage = &entry.birth.lineage;
        let lists = [lineage.tags.len(), entry.facts.limits().len(), entry.facts.warnings().len()];
        let fits = entry.bytes() < u64::from(u32::MAX) && lists.iter().all(|length| *length <= MAX_LIST);
        (fits && lineage.secrecy == Secrecy::Open).then(|| Self {
            key: *key,
            tool: lineage.tool.clone(),
            fingerprint: lineage.fingerprint,
            tags: lineage.tags.clone(),
            age: entry.span.age(now),
            remaining: entry.span.remaining(now),
            output: ToolOutput::new(entry.payload.clone()).with_report(entry.facts.clone()),
        })
    }

    pub(super) fn write(&self, out: &mut Writer) {
        out.bytes(self.key.as_bytes());
        out.text(self.tool.as_str());
        out.bytes(&self.fingerprint);
        out.length(self.tags.len());
        self.tags.iter().for_each(|tag| out.text(tag));
        out.duration(self.age);
        out.duration(self.remaining);
        let report = &self.output.report;
        out.length(report.limits().len());
        for limit in report.limits() {
            out.text(&limit.name);
            out.bytes(&[u8::from(limit.asked.is_some())]);
            out.number(limit.asked.unwrap_or_default());
            out.number(limit.used);
        }
        out.length(report.warnings().len());
        report.warnings().iter().for_each(|text| out.text(text));
        out.text(self.output.payload.as_str());
    }

    pub(super) fn read(from: &mut Reader<'_>) -> Result<Self, SnapshotError> {
        Ok(Self {
            key: CacheKey::new(from.array()?),
            tool: from.text()?.parse().map_err(|error| SnapshotError::corrupt(format!("a tool's name: {error}")))?,
            fingerprint: from.array()?,
            tags: list(from, |from| Ok(from.text()?.to_owned()))?,
            age: from.duration()?,
            remaining: from.duration()?,
            output: output(from)?,
        })
    }
}

fn output(from: &mut Reader<'_>) -> Result<ToolOutput, SnapshotError> {
    let limits = list(from, limit)?;
    let warnings = list(from, |from| Ok(from.text()?.to_owned()))?;
    let payload = Payload::from_text(from.text()?).map_err(|error| SnapshotError::corrupt(error.to_string()))?;
    let report = limits.into_iter().fold(CallReport::executed(), CallReport::with_limit);
    let report = warnings.into_iter().fold(report, CallReport::with_warning);
    Ok(ToolOutput::new(payload).with_report(report))
}

fn limit(from: &mut Reader<'_>) -> Result<Limit, SnapshotError> {
    let name = from.text()?.to_owned();
    let [is_asked] = from.array()?;
    let (asked, used) = (from.number()?, from.number()?);
    Ok(Limit::new(name, (is_asked != 0).then_some(asked), used))
}

/// Reads a list whose length stands before it.
fn list<'a, T>(
    from: &mut Reader<'a>,
    item: impl Fn(&mut Reader<'a>) -> Result<T, SnapshotError>,
) -> Result<Vec<T>, SnapshotError> {
    let length = from.length()?;
    if length > MAX_LIST {
        return Err(SnapshotError::corrupt(format!("the cache snapshot has a list of {length}")));
    }
    (0..length).map(|_| item(from)).collect()
}
