//! How do the results of the calls become an answer?

use std::collections::{BTreeMap, HashMap, VecDeque};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use tool_compose::{CompositionRun, StepRun};
use tool_core::{ErrorKind, ToolError};

use super::{
    answer::{
        AffectedLine, CallCounts, ChangeLine, EvidenceLine, Investigation, MissingLine, Observation, SubjectLine,
        SuspectLine, TimelineLine,
    },
    headline::headline,
};
use crate::{
    rca::{Change, Evidence, ItemComparison, Ranking, Status, Suspect, Verdict},
    timerange::format_instant,
};

/// The results of the steps that the answer is made of.
struct Results {
    item: Item,
    now: Now,
    needs: Graph,
    dependents: Graph,
    compare: Compared,
    events: Events,
    ranking: Ranking,
}

#[derive(Deserialize)]
struct Item {
    ci_id: String,
    ci_code: String,
    ci_name: String,
}

#[derive(Deserialize)]
struct Now {
    at: String,
}

#[derive(Deserialize)]
struct Graph {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    truncated: Option<Value>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    code: String,
}

#[derive(Deserialize)]
struct Edge {
    source: String,
    target: String,
}

#[derive(Deserialize)]
struct Compared {
    items: Vec<ItemComparison>,
}

#[derive(Deserialize)]
struct Events {
    rows: Vec<EventRow>,
}

#[derive(Deserialize)]
struct EventRow {
    time: String,
    ci_code: String,
    event_type: String,
    severity: u8,
    title: String,
}

/// Makes the answer of a run of the composition.
///
/// # Errors
///
/// The run's own error if it did not come to its end, and [`ErrorKind::InvalidOutput`] if a step returned something
/// else than its tool promises.
pub(super) fn assemble(run: &CompositionRun) -> Result<Investigation, ToolError> {
    if let Some(error) = &run.error {
        return Err(error.clone());
    }
    let results = Results {
        item: output(run, "item")?,
        now: output(run, "now")?,
        needs: output(run, "needs")?,
        dependents: output(run, "dependents")?,
        compare: output(run, "compare")?,
        events: output(run, "events")?,
        ranking: output(run, "rank")?,
    };
    let proofs = Proofs::new(run);
    let missing = results.missing();
    let subject = results.subject(&proofs);
    let suspects: Vec<SuspectLine> =
        results.ranking.suspects.iter().map(|suspect| results.suspect(suspect, &proofs)).collect();
    let abnormal = results.ranking.verdict == Verdict::SuspectFound;
    Ok(Investigation {
        headline: headline(&subject, suspects.first(), abnormal),
        verdict: if abnormal { "suspect_found" } else { "nothing_abnormal" }.to_owned(),
        complete: missing.is_empty(),
        missing,
        blast_radius: if abnormal { results.blast_radius(&proofs) } else { Vec::new() },
        timeline: results.timeline(&proofs),
        notes: results.ranking.notes,
        evidence: proofs.lines(run),
        calls: counts(run),
        elapsed_ms: run.elapsed.as_secs_f64() * 1000.0,
        subject,
        suspects,
    })
}

fn output<T: DeserializeOwned>(run: &CompositionRun, id: &str) -> Result<T, ToolError> {
    let step = run.step(id).and_then(|step| step.output.as_ref());
    let output = step.ok_or_else(|| ToolError::new(ErrorKind::InvalidOutput, format!("step `{id}` has no result")))?;
    output.payload.parse()
}

/// Which call is known under which id: `e1` for the first, and so on.
struct Proofs(HashMap<String, String>);

impl Proofs {
    fn new(run: &CompositionRun) -> Self {
        let called = run.steps.iter().filter(|step| step.output.is_some());
        Self(called.enumerate().map(|(at, step)| (step.id.to_string(), format!("e{}", at + 1))).collect())
    }

    fn of(&self, steps: &[&str]) -> Vec<String> {
        steps.iter().filter_map(|step| self.0.get(*step).cloned()).collect()
    }

    fn lines(&self, run: &CompositionRun) -> BTreeMap<String, EvidenceLine> {
        run.steps.iter().filter_map(|step| Some((self.0.get(&*step.id)?.clone(), evidence_line(step)?))).collect()
    }
}

fn evidence_line(step: &StepRun) -> Option<EvidenceLine> {
    let output = step.output.as_ref()?;
    let params = step.params.as_ref().map(|params| shown(params.as_value())).unwrap_or_default();
    Some(EvidenceLine::new(step.tool.as_str(), params, &output.report, rows(output.payload.value())))
}

/// The longest text of a parameter that evidence repeats, in bytes; what is longer came from an earlier call.
const MAX_SHOWN: usize = 4096;

/// Shows parameters, with whole results of earlier calls replaced by how large they are.
fn shown(params: &Value) -> Value {
    let Value::Object(map) = params else { return params.clone() };
    let short = |value: &Value| {
        let length = value.to_string().len();
        if length <= MAX_SHOWN { value.clone() } else { Value::from(format!("({length} bytes from earlier calls)")) }
    };
    Value::Object(map.iter().map(|(name, value)| (name.clone(), short(value))).collect())
}

/// Counts the rows of a result: its list, whichever name that has; a result without a list is one row.
fn rows(result: &Value) -> u64 {
    let lists = ["rows", "records", "items", "nodes", "suspects"];
    let list = lists.into_iter().find_map(|name| result[name].as_array());
    list.map_or(1, |list| list.len() as u64)
}

fn counts(run: &CompositionRun) -> CallCounts {
    run.steps.iter().fold(CallCounts::default(), |mut counts, step| {
        let cached = step.output.as_ref().is_some_and(|output| output.report.origin.is_cached());
        counts.total += u64::from(step.calls);
        counts.cached += u64::from(cached);
        counts.executed += u64::from(step.calls) - u64::from(cached && step.calls > 0);
        counts
    })
}

impl Results {
    fn code<'a>(&'a self, id: &'a str) -> &'a str {
        let nodes = self.needs.nodes.iter().chain(&self.dependents.nodes);
        nodes.into_iter().find(|node| node.id == id).map_or(id, |node| node.code.as_str())
    }

    fn subject(&self, proofs: &Proofs) -> SubjectLine {
        let subject = &self.ranking.subject;
        SubjectLine {
            ci: self.item.ci_code.clone(),
            ci_id: self.item.ci_id.clone(),
            name: self.item.ci_name.clone(),
            metric: subject.metric.clone(),
            at: self.now.at.clone(),
            deviation: subject.deviation,
            own_share: subject.own_share,
            rank: subject.would_rank,
            is_probable_cause: subject.is_probable_cause,
            onset: subject.onset.map(format_instant),
            changes: self.changes(&subject.changes),
            explanation: subject.explanation.clone(),
            evidence: proofs.of(&["item", "now", "rank"]),
        }
    }

    fn suspect(&self, suspect: &Suspect, proofs: &Proofs) -> SuspectLine {
        let changed: &[&str] = if suspect.changes.is_empty() { &[] } else { &["events", "work"] };
        let evidence = [&["needs", "compare", "rank"], changed].concat();
        SuspectLine {
            rank: suspect.rank,
            ci: self.code(&suspect.ci).to_owned(),
            ci_id: suspect.ci.clone(),
            score: suspect.score,
            hops: suspect.hops,
            path: suspect.path.iter().map(|id| self.code(id).to_owned()).collect(),
            deviation: suspect.deviation,
            own_share: suspect.own_share,
            onset: suspect.onset.map(format_instant),
            changes: self.changes(&suspect.changes),
            observations: suspect.evidence.iter().map(|evidence| self.observation(evidence)).collect(),
            evidence: proofs.of(&evidence),
            explanation: suspect.explanation.clone(),
        }
    }

    fn observation(&self, seen: &Evidence) -> Observation {
        Observation {
            ci: self.code(&seen.ci).to_owned(),
            metric: seen.metric.clone(),
            unit: seen.unit.clone(),
            now: seen.now,
            normal: seen.normal,
            deviation: seen.deviation,
        }
    }

    fn changes(&self, changes: &[Change]) -> Vec<ChangeLine> {
        let line = |change: &Change| ChangeLine {
            time: format_instant(change.time),
            ci: self.code(&change.ci).to_owned(),
            kind: change.kind.clone(),
            summary: change.summary.clone(),
        };
        changes.iter().map(line).collect()
    }

    /// Lists what was measured once and is not now, and what was too much to look at. An item that never had a metric is
    /// not missing: nothing was to be seen there.
    fn missing(&self) -> Vec<MissingLine> {
        let measured = |ci: &str| self.compare.items.iter().any(|item| item.ci == ci && !item.metrics.is_empty());
        let reason = |status: Status| match status {
            Status::NoNormal => "too few normal rows to compare with",
            Status::NoDataNow | Status::Ok => "no data in the window",
        };
        let gone = self.ranking.missing.iter().filter(|missing| measured(&missing.ci)).map(|missing| MissingLine {
            what: self.code(&missing.ci).to_owned(),
            reason: reason(missing.reason).to_owned(),
        });
        let cut = [("dependencies", &self.needs), ("dependents", &self.dependents)];
        let cut = cut.into_iter().filter(|(_, graph)| graph.truncated.is_some()).map(|(what, graph)| MissingLine {
            what: what.to_owned(),
            reason: format!("only the nearest {} were looked at", graph.nodes.len()),
        });
        gone.chain(cut).collect()
    }

    /// Walks from the probable cause against the relations: who needs it, directly or not.
    fn blast_radius(&self, proofs: &Proofs) -> Vec<AffectedLine> {
        let cause = match self.ranking.suspects.first() {
            Some(first) if !self.ranking.subject.is_probable_cause => &first.ci,
            _ => &self.item.ci_id,
        };
        let mut hops: BTreeMap<&str, usize> = BTreeMap::from([(cause.as_str(), 0)]);
        let mut open = VecDeque::from([cause.as_str()]);
        while let Some(at) = open.pop_front() {
            let far = hops[at] + 1;
            for edge in self.needs.edges.iter().chain(&self.dependents.edges).filter(|edge| edge.target == at) {
                if !hops.contains_key(edge.source.as_str()) {
                    hops.insert(&edge.source, far);
                    open.push_back(&edge.source);
                }
            }
        }
        let mut affected: Vec<AffectedLine> = hops
            .into_iter()
            .filter(|(id, _)| *id != cause)
            .map(|(id, hops)| AffectedLine {
                ci: self.code(id).to_owned(),
                hops,
                deviation: self.worst(id),
                evidence: proofs.of(&["needs", "dependents", "compare"]),
            })
            .collect();
        affected.sort_by(|a, b| a.hops.cmp(&b.hops).then_with(|| a.ci.cmp(&b.ci)));
        affected
    }

    /// Returns the deviation that is furthest off in its harmful direction.
    fn worst(&self, id: &str) -> Option<f64> {
        let item = self.compare.items.iter().find(|item| item.ci == id)?;
        let harmful = item.metrics.iter().filter(|metric| metric.deviation.is_some());
        harmful.max_by(|a, b| a.harm().total_cmp(&b.harm())).and_then(|metric| metric.deviation)
    }

    /// Tells the last day: changes and alarms as the log has them, and when the subject and the first suspects began to
    /// differ.
    fn timeline(&self, proofs: &Proofs) -> Vec<TimelineLine> {
        let mut lines: Vec<TimelineLine> = self.events.rows.iter().map(|row| event_line(row, proofs)).collect();
        let subject = &self.ranking.subject;
        let first = self.ranking.suspects.iter().take(ONSETS);
        let begun = first.filter_map(|suspect| Some((suspect.ci.as_str(), suspect.onset?)));
        for (ci, onset) in begun.chain(subject.onset.map(|onset| (subject.ci.as_str(), onset))) {
            lines.push(TimelineLine {
                time: format_instant(onset),
                kind: "onset".to_owned(),
                ci: self.code(ci).to_owned(),
                text: "begins to differ from normal".to_owned(),
                evidence: proofs.of(&["compare", "rank"]),
            });
        }
        lines.sort();
        lines
    }
}

/// Of how many suspects the timeline tells when they began to differ.
const ONSETS: usize = 5;

fn event_line(row: &EventRow, proofs: &Proofs) -> TimelineLine {
    let kind = match row.event_type.as_str() {
        "deployment" | "config_change" | "maintenance" | "patch" | "scaling" => "change",
        _ if row.severity >= 3 => "alarm",
        _ => "event",
    };
    TimelineLine {
        time: row.time.clone(),
        kind: kind.to_owned(),
        ci: row.ci_code.clone(),
        text: row.title.clone(),
        evidence: proofs.of(&["events"]),
    }
}
