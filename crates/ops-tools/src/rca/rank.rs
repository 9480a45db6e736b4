//! Who is the probable cause?

use std::{cmp::Ordering, collections::BTreeMap};

use super::{
    case::{Case, Cases, cases},
    changes::changes_before,
    comparison::{Currency, ItemComparison, MetricComparison, Status},
    explain::{MIN_TOLD_SHARE, Names, Told, explain_subject, explain_suspect, notes, told_entry},
    graph::{Graph, Need, Way, path},
    load::{Rise, busiest},
    ranking::{Evidence, Missing, Ranking, Subject, Suspect, Verdict},
    request::{Change, RankRequest},
    role::MetricRole,
    trouble::{Compared, excess_in},
};

/// The chance above which what is seen counts as normal operation.
///
/// Learnt from normal windows of a real system, so that fewer than one in twenty raises a verdict.
const MAX_CHANCE: f64 = 3e-4;

/// Scores this close are a tie, which a change before the trouble breaks.
const TIE: f64 = 0.02;

/// The deviation from which a metric is evidence, in spreads.
const EVIDENCE_SPREADS: f64 = 2.0;

/// The deviation from which a resource is told of as full, in spreads.
const FULL: f64 = 5.0;

/// How many observations are named per suspect.
const MAX_EVIDENCE: usize = 5;

/// Ranks the items that the subject needs by how well they explain its trouble.
///
/// Pure: the same request gives the same answer, whatever the order of its lists.
pub(crate) fn rank(request: &RankRequest) -> Ranking {
    let graph = Graph::new(request);
    let compared: Compared<'_> = request.comparisons.iter().map(|c| (c.ci.as_str(), c)).collect();
    let ways = graph.ways(&request.subject);
    let reached: Vec<&str> = ways.keys().copied().collect();
    let cases = cases(request, &graph, &compared, &reached);
    let scene = Scene { request, names: Names::new(request), graph, compared, ways, cases };
    let ordered = scene.ordered();
    let chance = scene.cases.by_item.values().map(|c| c.chance).fold(1.0, f64::min);
    let verdict = if chance <= MAX_CHANCE { Verdict::SuspectFound } else { Verdict::NothingAbnormal };
    Ranking {
        verdict,
        chance,
        currency: scene.cases.subject_flow.map(|_| scene.cases.currency),
        subject: scene.subject(&ordered, verdict),
        suspects: scene.suspects(&ordered),
        missing: scene.missing(),
        notes: notes(&scene.names, &request.subject, &scene.cases, verdict),
    }
}

/// One item in the order of suspicion.
#[derive(Debug, Clone)]
struct Placed<'a> {
    /// The item's id.
    ci: &'a str,
    /// The case against it.
    case: Case,
    /// The changes before its trouble.
    changes: Vec<Change>,
}

/// Everything the answer is told from.
struct Scene<'a> {
    /// The question.
    request: &'a RankRequest,
    /// The names for people.
    names: Names<'a>,
    /// The relations.
    graph: Graph<'a>,
    /// The comparisons.
    compared: Compared<'a>,
    /// The way to each item reached.
    ways: BTreeMap<&'a str, Way<'a>>,
    /// The case against each.
    cases: Cases<'a>,
}

impl<'a> Scene<'a> {
    /// Returns the items in the order of suspicion, the subject among them: a total order.
    fn ordered(&self) -> Vec<Placed<'a>> {
        let place = |(&ci, &case): (&&'a str, &Case)| Placed { ci, case, changes: self.changes(ci) };
        let mut placed: Vec<Placed<'a>> = self.cases.by_item.iter().map(place).collect();
        placed.sort_by(|a, b| self.compare(a, b));
        placed
    }

    /// Compares two items: the stronger case first; ties go to the changed, the nearer, the earlier code and id.
    fn compare(&self, a: &Placed<'_>, b: &Placed<'_>) -> Ordering {
        let level = |p: &Placed<'_>| (p.case.score / TIE).round();
        level(b)
            .total_cmp(&level(a))
            .then(a.changes.is_empty().cmp(&b.changes.is_empty()))
            .then(b.case.score.total_cmp(&a.case.score))
            .then(self.hops(a.ci).cmp(&self.hops(b.ci)))
            .then(self.names.of(a.ci).cmp(self.names.of(b.ci)))
            .then(a.ci.cmp(b.ci))
    }

    /// Returns the changes on an item up to the end of the window.
    fn changes(&self, ci: &str) -> Vec<Change> {
        let until = self.onset(ci).unwrap_or(self.request.window.to);
        changes_before(self.request, &self.graph, ci, until)
    }

    /// Returns how many relations away an item is.
    fn hops(&self, ci: &str) -> usize {
        let upstream = || self.entrance(ci).map_or(0, |path| path.len() - 1);
        self.ways.get(ci).map_or_else(upstream, |way| way.hops)
    }

    /// Returns the suspects, best first.
    fn suspects(&self, ordered: &[Placed<'a>]) -> Vec<Suspect> {
        let accused = ordered.iter().filter(|p| p.ci != self.request.subject && p.case.score > 0.0);
        accused.take(self.request.limit).enumerate().map(|(i, p)| self.suspect(i + 1, p)).collect()
    }

    /// Tells one suspect.
    fn suspect(&self, rank: usize, placed: &Placed<'a>) -> Suspect {
        let told = self.told(placed);
        Suspect {
            rank,
            ci: placed.ci.to_owned(),
            score: placed.case.score,
            hops: self.hops(placed.ci),
            path: self.path(placed.ci),
            deviation: told.worst.and_then(|m| m.deviation),
            own_share: placed.case.own_share,
            onset: told.onset,
            changes: placed.changes.clone(),
            evidence: self.evidence(placed.ci),
            explanation: explain_suspect(&self.names, &self.request.subject, &told, &self.cases),
        }
    }

    /// Tells the subject.
    fn subject(&self, ordered: &[Placed<'a>], verdict: Verdict) -> Subject {
        let subject = self.request.subject.as_str();
        let place = ordered.iter().position(|p| p.ci == subject).unwrap_or(ordered.len());
        let found = ordered.get(place).cloned();
        let placed = found.unwrap_or(Placed { ci: subject, case: Case::default(), changes: Vec::new() });
        let told = self.told(&placed);
        let is_probable_cause = verdict == Verdict::SuspectFound && place == 0;
        Subject {
            ci: subject.to_owned(),
            metric: self.request.metric.clone().or_else(|| told.worst.map(|m| m.metric.clone())),
            deviation: told.worst.and_then(|m| m.deviation),
            own_share: placed.case.own_share,
            score: placed.case.score,
            would_rank: place + 1,
            is_probable_cause,
            onset: told.onset,
            explanation: explain_subject(&self.names, &told, verdict, is_probable_cause),
            changes: placed.changes,
        }
    }

    /// Gathers what is told about an item.
    fn told<'b>(&'b self, placed: &Placed<'b>) -> Told<'b> {
        let worst = self.worst(placed.ci);
        let onset = self.onset(placed.ci);
        let until = onset.unwrap_or(self.request.window.to);
        Told {
            ci: placed.ci,
            case: placed.case,
            worst,
            onset,
            step: self.request.step,
            load: self.entering_load(placed.ci),
            full: self.full(placed.ci).filter(|full| Some(*full) != worst),
            idle_guests: self.has_idle_guests(placed.ci),
            change: placed.changes.first().map(|change| (change.clone(), until - change.time)),
        }
    }

    /// Returns whether an item is full and carries others, none of which has clearly more requests than usual.
    fn has_idle_guests(&self, ci: &str) -> bool {
        let guests = self.graph.needed_by(ci, Need::Ground).filter_map(|guest| self.compared.get(guest));
        let mut rises = guests.filter_map(|guest| Rise::of(guest)).peekable();
        self.full(ci).is_some() && rises.peek().is_some() && rises.all(|rise| rise.clarity() <= 0.0)
    }

    /// Returns the resource of an item that is furthest off, if that is far.
    fn full(&self, ci: &str) -> Option<&'a MetricComparison> {
        let item: &'a ItemComparison = self.compared.get(ci)?;
        let mut filled = loudest(item).into_iter().filter(|m| m.role == MetricRole::Saturation);
        filled.next().filter(|m| m.deviation >= Some(FULL))
    }

    /// Returns the request count of an item at which a clear surge enters.
    fn entering_load(&self, ci: &str) -> Option<&'a MetricComparison> {
        told_entry(&self.cases).filter(|entry| *entry == ci).and_then(|_| busiest(self.compared.get(ci)?))
    }

    /// Returns the metric of an item that is told: of the subject the one that alerted, where a surge enters the load,
    /// where requests are lost the losses, else the one that speaks loudest.
    fn worst(&self, ci: &str) -> Option<&'a MetricComparison> {
        let item: &'a ItemComparison = self.compared.get(ci)?;
        let is_subject = ci == self.request.subject;
        let named = |name: &str| item.metrics.iter().find(|m| m.metric == name && m.deviation.is_some());
        let alerted = self.request.metric.as_deref().filter(|_| is_subject).and_then(named);
        let entering = || self.entering_load(ci).filter(|_| !is_subject);
        let lost = || self.losing(ci).and_then(named);
        alerted.or_else(entering).or_else(lost).or_else(|| loudest(item).into_iter().next())
    }

    /// Returns the metric in which an item loses the requests that the subject lacks, if it explains that.
    fn losing(&self, ci: &str) -> Option<&'a str> {
        let explains = self.cases.by_item.get(ci).is_some_and(|c| c.own_share >= MIN_TOLD_SHARE);
        let excess = excess_in(&self.compared, ci, Currency::LostRequests)?;
        (explains && self.cases.currency == Currency::LostRequests).then_some(excess.metric.as_str())
    }

    /// Returns when an item's trouble began.
    fn onset(&self, ci: &str) -> Option<i64> {
        self.worst(ci).and_then(|m| m.onset)
    }

    /// Returns the observations that speak for an item, loudest first.
    fn evidence(&self, ci: &str) -> Vec<Evidence> {
        let Some(item) = self.compared.get(ci) else { return Vec::new() };
        loudest(item).into_iter().take(MAX_EVIDENCE).filter_map(|m| evidence(ci, m)).collect()
    }

    /// Returns the items from the subject to an item.
    fn path(&self, ci: &str) -> Vec<String> {
        let upstream = self.entrance(ci).filter(|_| !self.ways.contains_key(ci));
        upstream.map_or_else(|| path(&self.ways, ci), |way| way.iter().map(|&i| i.to_owned()).collect())
    }

    /// Returns the items from the subject to one through which a surge may enter.
    fn entrance(&self, ci: &str) -> Option<&[&'a str]> {
        Some(self.cases.surge.as_ref()?.entrances.get(ci)?.path.as_slice())
    }

    /// Returns the items reached of which nothing can be said, by id.
    fn missing(&self) -> Vec<Missing> {
        let unknown = |&ci: &&str| {
            let reason = self.compared.get(ci).map_or(Status::NoDataNow, |c| c.status);
            (reason != Status::Ok).then(|| Missing { ci: ci.to_owned(), reason })
        };
        self.ways.keys().filter_map(unknown).collect()
    }
}

/// Returns the metrics of an item that are off, the one that harms most first.
fn loudest(item: &ItemComparison) -> Vec<&MetricComparison> {
    let mut off: Vec<&MetricComparison> = item.metrics.iter().filter(|m| m.deviation.is_some()).collect();
    off.sort_by(|a, b| b.harm().total_cmp(&a.harm()).then(a.metric.cmp(&b.metric)));
    off
}

/// Returns one observation, if the metric is off enough to be one.
fn evidence(ci: &str, metric: &MetricComparison) -> Option<Evidence> {
    let deviation = metric.deviation.filter(|d| d.abs() >= EVIDENCE_SPREADS)?;
    Some(Evidence {
        ci: ci.to_owned(),
        metric: metric.metric.clone(),
        unit: metric.unit.clone(),
        now: metric.now?.worst,
        normal: metric.normal?.median,
        deviation,
    })
}
