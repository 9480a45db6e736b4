//! How is a finding said in one line?

use std::collections::BTreeMap;

use super::{
    case::{Case, Cases},
    comparison::{Currency, MetricComparison, Normal, Now},
    figures::{clock, now_instead_of, percent, span},
    ranking::Verdict,
    request::{Change, RankRequest},
    role::MetricRole,
};

/// The share of the trouble below which nothing is said about it.
pub(crate) const MIN_TOLD_SHARE: f64 = 0.05;

/// The strength of a surge below which it is not told of as one.
const MIN_TOLD_SURGE: f64 = 0.25;

/// How long before the trouble a change is still told of in the line, in seconds: six hours.
const TOLD_CHANGE: i64 = 6 * 3600;

/// By how many times its usual variation the last row of a rising metric is above its mean over the window.
const CLEARLY_RISING: f64 = 2.0;

/// The names people know items by.
#[derive(Debug, Clone)]
pub(crate) struct Names<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Names<'a> {
    /// Collects the codes of a request's items.
    pub(crate) fn new(request: &'a RankRequest) -> Self {
        let named = request.items.iter().filter(|i| !i.code.is_empty());
        Self(named.map(|i| (i.id.as_str(), i.code.as_str())).collect())
    }

    /// Returns an item's code, or its id if it has none.
    pub(crate) fn of<'b>(&'b self, ci: &'b str) -> &'b str {
        self.0.get(ci).copied().unwrap_or(ci)
    }
}

/// What is told about one item.
#[derive(Debug, Clone)]
pub(crate) struct Told<'a> {
    /// The item's id.
    pub(crate) ci: &'a str,
    /// The case against it.
    pub(crate) case: Case,
    /// The metric that speaks loudest.
    pub(crate) worst: Option<&'a MetricComparison>,
    /// When it began.
    pub(crate) onset: Option<i64>,
    /// The distance of two rows, in seconds: what counts are per.
    pub(crate) step: i64,
    /// Its request count, if a clear surge enters at it.
    pub(crate) load: Option<&'a MetricComparison>,
    /// A resource of it that is far off, where another metric is told first.
    pub(crate) full: Option<&'a MetricComparison>,
    /// Whether others stand on it that have no more to do than usual.
    pub(crate) idle_guests: bool,
    /// The last change before the trouble, and how many seconds before.
    pub(crate) change: Option<(Change, i64)>,
}

/// Explains a suspect in one line.
pub(crate) fn explain_suspect(names: &Names<'_>, subject: &str, told: &Told<'_>, cases: &Cases<'_>) -> String {
    let mut line = observed(names, told);
    let at = names.of(subject);
    if told.load.is_some() {
        line.push_str("; the extra load enters here");
    }
    if let Some(full) = told.full {
        line.push_str(&("; it ".to_owned() + &told_of(full, told.step)));
    }
    if told.idle_guests {
        line.push_str(", though what runs on it has no more to do than usual");
    }
    if told.case.own_share >= MIN_TOLD_SHARE {
        let share = percent(told.case.own_share);
        line = format!("{line}; explains {share} of {} at {at}", trouble(cases.currency));
    }
    line + &changed(told)
}

/// Returns the entry of the surge that reaches the subject, if it is clear enough to be told of.
pub(crate) fn told_entry<'a>(cases: &Cases<'a>) -> Option<&'a str> {
    let surge = cases.surge.as_ref()?;
    let clear = surge.entrances.get(surge.entry)?.strength >= MIN_TOLD_SURGE;
    clear.then_some(surge.entry)
}

/// Says what trouble is counted in a currency.
const fn trouble(currency: Currency) -> &'static str {
    match currency {
        Currency::WaitingSeconds => "the extra waiting",
        Currency::LostRequests => "the lost requests",
    }
}

/// Explains the subject in one line.
pub(crate) fn explain_subject(names: &Names<'_>, told: &Told<'_>, verdict: Verdict, is_cause: bool) -> String {
    let ending = match (verdict, is_cause, told.load) {
        (Verdict::NothingAbnormal, _, _) => ": within what is usual for it".to_owned(),
        (_, true, Some(_)) if told.worst == told.load => "; the extra load enters here".to_owned(),
        (_, true, Some(load)) => format!("; it {}: the extra load enters here", told_of(load, told.step)),
        (_, true, None) if told.worst.is_some_and(|m| m.role == MetricRole::Requests) => {
            "; no caller of it sends so much more, so the extra load enters here".to_owned()
        }
        (_, true, None) => "; nothing it depends on explains this, so start with the item itself".to_owned(),
        (_, false, _) => String::new(),
    };
    observed(names, told) + &ending + &changed(told)
}

/// Says what was observed on an item: one metric, now and normally, and since when.
fn observed(names: &Names<'_>, told: &Told<'_>) -> String {
    let name = names.of(told.ci);
    let Some(metric) = told.worst else { return format!("{name} has no data to compare") };
    let since = told.onset.map_or_else(String::new, |t| format!(" since {}", clock(t)));
    format!("{name} {}{since}{}", told_of(metric, told.step), trend(metric))
}

/// Says what a metric does, by its role; counts are per `step` seconds.
fn told_of(metric: &MetricComparison, step: i64) -> String {
    let name = &metric.metric;
    let pair = metric.now.zip(metric.normal).map(|(now, normal)| (now.worst, normal.median));
    let Some((now, normal)) = pair else { return format!("has no normal {name} to compare with") };
    let values = |of: &str| now_instead_of(now, normal, &metric.unit, of);
    let requests = format!(" requests per {}", span(step));
    match metric.role {
        MetricRole::Latency => format!("answers in {}", values("")),
        MetricRole::LatencyTail => format!("answers in {} ({name})", values("")),
        MetricRole::LatencySeen => format!("is waited for {} by its callers", values("")),
        MetricRole::Availability => {
            format!("fails {}", now_instead_of(100.0 - now, 100.0 - normal, &metric.unit, " of its requests"))
        }
        MetricRole::Errors => format!("fails {}", values(&requests)),
        MetricRole::Requests => format!("receives {}", values(&requests)),
        MetricRole::Backlog if now > normal => format!("has work piling up: {name} {}", values("")),
        _ => format!("has {name} at {}", values("")),
    }
}

/// Says whether a resource or a backlog is still rising: its last row is clearly above its mean over the window.
fn trend(metric: &MetricComparison) -> &'static str {
    let fills = matches!(metric.role, MetricRole::Saturation | MetricRole::Backlog);
    let rises = |(now, normal): (Now, Normal)| now.last - now.mean > CLEARLY_RISING * normal.spread;
    if fills && metric.now.zip(metric.normal).is_some_and(rises) { " and still rising" } else { "" }
}

/// Says which change came before the trouble, if any did lately: a change is a hint, not evidence.
fn changed(told: &Told<'_>) -> String {
    let recent = told.change.as_ref().filter(|(_, before)| *before <= TOLD_CHANGE);
    recent.map_or_else(String::new, |(change, before)| {
        let kind = change.kind.replace('_', " ");
        let what = if change.summary.is_empty() { kind } else { format!("{kind} \"{}\"", change.summary) };
        format!("; {} before that: {what} at {}", span(*before), clock(change.time))
    })
}

/// Returns what a reader should know beside the ranking.
pub(crate) fn notes(names: &Names<'_>, subject: &str, cases: &Cases<'_>, verdict: Verdict) -> Vec<String> {
    let mut notes = Vec::new();
    if verdict == Verdict::NothingAbnormal {
        notes.push(
            "nothing stands out: values like these occur in normal operation too; the items listed are only the least usual"
                .to_owned(),
        );
    }
    if cases.subject_flow.is_none() {
        let name = names.of(subject);
        notes.push(format!("{name} measures neither response times nor failures: ranked by resources and load alone"));
    }
    if let Some(entry) = told_entry(cases).filter(|_| verdict == Verdict::SuspectFound) {
        notes.push(format!("more requests than usual arrive; they enter at {}", names.of(entry)));
    }
    notes
}
