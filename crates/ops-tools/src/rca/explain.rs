//! How is a finding said in one line?

use std::collections::BTreeMap;

use super::{
    case::{Case, Cases},
    comparison::{Currency, MetricComparison},
    ranking::Verdict,
    request::{Change, RankRequest},
    role::MetricRole,
};

/// The share of the trouble below which nothing is said about it.
const MIN_TOLD_SHARE: f64 = 0.05;

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
    /// The last change before that.
    pub(crate) change: Option<Change>,
}

/// Explains a suspect in one line.
pub(crate) fn explain_suspect(names: &Names<'_>, subject: &str, told: &Told<'_>, cases: &Cases<'_>) -> String {
    let mut line = observed(names, told);
    if cases.surge.as_ref().is_some_and(|s| s.entry == told.ci) {
        line.push_str("; more requests than normal enter here");
    }
    if told.case.own_share >= MIN_TOLD_SHARE {
        let what = match cases.currency {
            Currency::WaitingSeconds => "the waiting",
            Currency::LostRequests => "the lost requests",
        };
        let share = told.case.own_share * 100.0;
        let at = names.of(subject);
        return line + &format!(" and explains {share:.0} % of {what} at {at}") + &changed(told);
    }
    line + &changed(told)
}

/// Explains the subject in one line.
pub(crate) fn explain_subject(names: &Names<'_>, told: &Told<'_>, verdict: Verdict, is_cause: bool) -> String {
    let ending = match (verdict, is_cause) {
        (Verdict::NothingAbnormal, _) => ": this happens in normal operation too",
        (_, true) => "; nothing it needs explains that, so it is itself the probable cause",
        (_, false) => "",
    };
    observed(names, told) + ending + &changed(told)
}

/// Says what was observed on an item: its loudest metric, now and normally.
fn observed(names: &Names<'_>, told: &Told<'_>) -> String {
    let name = names.of(told.ci);
    let seen = told.worst.and_then(|m| Some((m, m.now?.worst, m.normal?.median)));
    let Some((metric, now, normal)) = seen else { return format!("{name} has no data to compare") };
    let since = told.onset.map_or_else(String::new, |t| format!(" since {}", clock(t)));
    let values = format!("({}, normally {})", value(now, &metric.unit), value(normal, &metric.unit));
    format!("{name} {}{since} {values}", said(metric, now, normal))
}

/// Says what a metric does, by its role.
fn said(metric: &MetricComparison, now: f64, normal: f64) -> String {
    let name = &metric.metric;
    match metric.role {
        MetricRole::Latency | MetricRole::LatencyTail if now > normal && normal > 0.0 => {
            format!("answers {:.1}x slower than normal", now / normal)
        }
        MetricRole::LatencySeen if now > normal && normal > 0.0 => {
            format!("is waited for {:.1}x longer than normal by its callers", now / normal)
        }
        MetricRole::Availability if now < normal => "fails more requests than normal".to_owned(),
        MetricRole::Errors if now > normal => "has more errors than normal".to_owned(),
        MetricRole::Backlog if now > normal => format!("has work piling up in {name}"),
        _ if now > normal => format!("has {name} above normal"),
        _ if now < normal => format!("has {name} below normal"),
        _ => format!("has {name} as normal"),
    }
}

/// Says which change came before the trouble, if any: a change is a hint, not evidence.
fn changed(told: &Told<'_>) -> String {
    told.change.as_ref().map_or_else(String::new, |c| format!("; {} at {} before it", c.kind, clock(c.time)))
}

/// Writes a value with its unit: times in milliseconds below ten seconds.
fn value(v: f64, unit: &str) -> String {
    match unit {
        "s" | "seconds" if v.abs() < 10.0 => format!("{:.0} ms", v * 1000.0),
        "s" | "seconds" => format!("{v:.0} s"),
        "percent" | "%" => format!("{v:.1} %"),
        _ => format!("{v:.1} {unit}").trim_end().to_owned(),
    }
}

/// Writes the time of day (UTC) of a Unix time.
fn clock(time: i64) -> String {
    let minutes = time.rem_euclid(86_400) / 60;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Returns what a reader should know beside the ranking.
pub(crate) fn notes(names: &Names<'_>, cases: &Cases<'_>, verdict: Verdict) -> Vec<String> {
    let mut notes = Vec::new();
    if verdict == Verdict::NothingAbnormal {
        notes.push(
            "all of this happens in normal operation too: the suspects are only the least ordinary items".to_owned(),
        );
    }
    if cases.subject_flow.is_none() {
        notes.push("the subject has neither time nor success to compare: ranked by resources alone".to_owned());
    }
    if let Some(surge) = &cases.surge {
        notes.push(format!("the load has risen; it enters at {}", names.of(surge.entry)));
    }
    notes
}
