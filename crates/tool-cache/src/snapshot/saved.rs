//! What of an entry is in a snapshot?

use std::time::Duration;

use tool_core::{CallReport, Limit, Payload, ToolName, ToolOutput};

use super::{
    SnapshotError,
    document::{Reader, Writer},
};
use crate::{
    CacheKey,
    answer::Answer,
    entry::Entry,
    group::{About, Secrecy},
    moment::Moment,
};

/// The longest list of tags, limits or warnings that a snapshot has.
const MAX_LIST: usize = 1000;

/// One entry as a snapshot has it.
#[derive(Debug)]
pub(crate) struct Saved {
    pub(crate) key: CacheKey,
    pub(crate) about: About,
    /// Whose it is, if it is one tenant's.
    pub(crate) tenant: Option<String>,
    pub(crate) age: Duration,
    /// How long it is still fresh.
    pub(crate) remaining: Duration,
    /// How long it may still be served at all.
    pub(crate) usable: Duration,
    /// How long its load took.
    pub(crate) cost: Duration,
    pub(crate) output: ToolOutput,
}

impl Saved {
    /// Returns what a snapshot may have of an entry; `None` if it may be secret, is no result, or has no place in the
    /// format.
    pub(crate) fn of(key: &CacheKey, entry: &Entry<Answer>, now: Moment) -> Option<Self> {
        let Answer::Output(output) = &entry.value else { return None };
        let about = entry.birth.group.about.as_ref().filter(|about| about.secrecy == Secrecy::Open)?;
        let lists = [about.tags.len(), output.report.limits().len(), output.report.warnings().len()];
        let fits = entry.bytes() < u64::from(u32::MAX) && lists.iter().all(|length| *length <= MAX_LIST);
        fits.then(|| Self {
            key: *key,
            about: about.clone(),
            tenant: entry.birth.tenant.as_ref().map(|mark| mark.name.to_string()),
            age: entry.span.age(now),
            remaining: entry.span.remaining(now),
            usable: entry.span.usable(now),
            cost: entry.cost,
            output: output.clone(),
        })
    }

    pub(super) fn write(&self, out: &mut Writer) {
        out.bytes(self.key.as_bytes());
        out.text(self.about.tool.as_str());
        out.bytes(&self.about.fingerprint);
        out.length(self.about.tags.len());
        self.about.tags.iter().for_each(|tag| out.text(tag));
        out.bytes(&[u8::from(self.tenant.is_some())]);
        out.text(self.tenant.as_deref().unwrap_or_default());
        [self.age, self.remaining, self.usable, self.cost].into_iter().for_each(|time| out.duration(time));
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
            about: about(from)?,
            tenant: tenant(from)?,
            age: from.duration()?,
            remaining: from.duration()?,
            usable: from.duration()?,
            cost: from.duration()?,
            output: output(from)?,
        })
    }
}

fn about(from: &mut Reader<'_>) -> Result<About, SnapshotError> {
    let tool: ToolName =
        from.text()?.parse().map_err(|error| SnapshotError::corrupt(format!("a tool's name: {error}")))?;
    let (fingerprint, tags) = (from.array()?, list(from, |from| Ok(from.text()?.to_owned()))?);
    Ok(About { tool, fingerprint, tags, secrecy: Secrecy::Open })
}

fn tenant(from: &mut Reader<'_>) -> Result<Option<String>, SnapshotError> {
    let [is_there] = from.array()?;
    let name = from.text()?.to_owned();
    Ok((is_there != 0).then_some(name))
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
