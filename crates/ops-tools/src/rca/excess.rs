//! How much trouble does an item have, in a currency in which callers and callees add up?
//!
//! Waiting and lost requests add up along calls, scaled deviations do not: multiplying by the load makes a caller and what
//! it calls comparable.

use super::{
    baseline::{Baseline, MIN_NORMAL_ROWS},
    compare::MetricRows,
    comparison::{Currency, Excess, Tail},
    plan::ComparePlan,
    role::MetricRole,
    stats::{Sample, Sorted, count},
};

/// The smallest excess worth talking about, as a share of the normal work of a row.
const MIN_WORK_SHARE: f64 = 0.02;

/// The smallest loss worth talking about: one request.
const MIN_LOST: f64 = 1.0;

/// Percent per one.
const PERCENT: f64 = 100.0;

/// A metric with the baseline that was learnt from it, if rows enough were there.
#[derive(Clone, Copy)]
struct Learnt<'a> {
    /// The metric.
    rows: &'a MetricRows<'a>,
    /// What is expected of it.
    baseline: Option<&'a Baseline>,
}

/// Returns the excess of an item in each currency its metrics allow, waiting first; `learnt` has a baseline per metric.
pub(crate) fn excesses(metrics: &[MetricRows<'_>], learnt: &[Option<Baseline>], plan: &ComparePlan) -> Vec<Excess> {
    let each = metrics.iter().zip(learnt);
    let metrics: Vec<Learnt<'_>> = each.map(|(rows, learnt)| Learnt { rows, baseline: learnt.as_ref() }).collect();
    let load = Load::of(&metrics);
    let waiting = timing(&metrics, plan).and_then(|m| waiting(m, &load, plan));
    let lost = lost(&metrics, &load, plan);
    waiting.into_iter().chain(lost).collect()
}

/// The requests of an item by time, if it counts them.
struct Load<'a>(Option<&'a [(i64, f64)]>);

impl<'a> Load<'a> {
    /// Collects the requests of an item.
    fn of(metrics: &[Learnt<'a>]) -> Self {
        Self(by_role(metrics, MetricRole::Requests).map(|m| m.rows.points))
    }

    /// Returns the requests of a row: none where the row is missing, one where the item does not count them.
    fn at(&self, time: i64) -> Option<f64> {
        let find = |rows: &[(i64, f64)]| rows.binary_search_by_key(&time, |row| row.0).ok().map(|at| rows[at].1);
        self.0.map_or(Some(1.0), find)
    }

    /// Returns whether the item counts its requests.
    const fn is_counted(&self) -> bool {
        self.0.is_some()
    }
}

/// Returns the first metric with a role, by name.
fn by_role<'a>(metrics: &[Learnt<'a>], role: MetricRole) -> Option<Learnt<'a>> {
    let found = metrics.iter().filter(|m| m.rows.role == role && !m.rows.points.is_empty());
    found.min_by_key(|m| m.rows.metric).copied()
}

/// Returns the metric that tells best how long requests take: the mean, else the quantile with the lowest normal level.
fn timing<'a>(metrics: &[Learnt<'a>], plan: &ComparePlan) -> Option<Learnt<'a>> {
    by_role(metrics, MetricRole::Latency).or_else(|| {
        let level = |m: &Learnt<'_>| m.baseline.map_or(f64::MAX, |b| b.expected(plan.window.from));
        let tails = metrics.iter().filter(|m| m.rows.role == MetricRole::LatencyTail && !m.rows.points.is_empty());
        tails.min_by(|a, b| level(a).total_cmp(&level(b)).then(a.rows.metric.cmp(b.rows.metric))).copied()
    })
}

/// Returns the extra waiting per row: (time now - time expected) * requests, in seconds.
fn waiting(Learnt { rows: metric, baseline }: Learnt<'_>, load: &Load<'_>, plan: &ComparePlan) -> Option<Excess> {
    let baseline = baseline?;
    let work = |t: i64| load.at(t).map(|n| n * baseline.expected(t));
    let floor = MIN_WORK_SHARE * Sample::new(metric.points.iter().filter_map(|p| work(p.0))).median();
    let rows = metric.points.iter().filter_map(|&(t, v)| Some((t, (v - baseline.expected(t)) * load.at(t)?)));
    summed(Currency::WaitingSeconds, metric.metric, load, rows, floor, plan)
}

/// Returns the extra losses per row, from errors if they are counted, else from availability, in requests.
fn lost(metrics: &[Learnt<'_>], load: &Load<'_>, plan: &ComparePlan) -> Option<Excess> {
    by_role(metrics, MetricRole::Errors)
        .and_then(|m| from_errors(m.rows, load, plan))
        .or_else(|| by_role(metrics, MetricRole::Availability).and_then(|m| from_availability(m, load, plan)))
}

/// Returns errors beyond what the load lets expect: errors now - normal errors per request * requests.
fn from_errors(metric: &MetricRows<'_>, load: &Load<'_>, plan: &ComparePlan) -> Option<Excess> {
    let rate = |&(t, v): &(i64, f64)| load.at(t).filter(|&n| n > 0.0).map(|n| (t, v / n));
    let rates: Vec<(i64, f64)> = metric.points.iter().filter_map(rate).collect();
    let baseline = Baseline::learn(&rates, plan)?;
    let rows = metric.points.iter().filter_map(|&(t, v)| Some((t, v - baseline.expected(t) * load.at(t)?)));
    summed(Currency::LostRequests, metric.metric, load, rows, MIN_LOST, plan)
}

/// Returns requests lost beyond normal: (availability expected - availability now) / 100 * requests.
fn from_availability(
    Learnt { rows: metric, baseline }: Learnt<'_>,
    load: &Load<'_>,
    plan: &ComparePlan,
) -> Option<Excess> {
    let baseline = baseline?;
    let floor = if load.is_counted() { MIN_LOST } else { 1.0 / PERCENT };
    let rows = metric.points.iter().filter_map(|&(t, v)| Some((t, (baseline.expected(t) - v) / PERCENT * load.at(t)?)));
    summed(Currency::LostRequests, metric.metric, load, rows, floor, plan)
}

/// Sorts rows of excess into the window and the normal tail; `None` without a row now or enough normal rows.
fn summed(
    currency: Currency,
    metric: &str,
    load: &Load<'_>,
    excess: impl Iterator<Item = (i64, f64)>,
    floor: f64,
    plan: &ComparePlan,
) -> Option<Excess> {
    let mut rows = vec![None; plan.slots()];
    let mut normal = Vec::new();
    for (time, value) in excess.filter(|p| p.1.is_finite()) {
        if let Some(slot) = plan.slot(time).and_then(|slot| rows.get_mut(slot)) {
            *slot = Some(value);
        } else if plan.is_normal(time) {
            normal.push(value);
        }
    }
    let total = rows.iter().flatten().sum();
    let usable = normal.len() >= MIN_NORMAL_ROWS && rows.iter().any(Option::is_some);
    usable.then(|| Excess {
        currency,
        metric: metric.to_owned(),
        load_known: load.is_counted(),
        total,
        rows,
        normal: tail(&normal, plan.slots(), floor),
    })
}

/// Returns the tail of the normal rows.
fn tail(normal: &[f64], slots: usize, floor: f64) -> Tail {
    let sorted = Sorted::new(normal.iter().copied());
    let mut sizes = Sample::new(normal.iter().map(|v| v.abs()));
    let mut windows = Sample::new(normal.windows(slots).map(|w| (w.iter().sum::<f64>() / count(slots)).abs()));
    let abs_q90 = sizes.quantile(0.9);
    Tail {
        rows: sorted.len(),
        q50: sorted.median(),
        q90: sorted.quantile(0.9),
        q95: sorted.quantile(0.95),
        q99: sorted.quantile(0.99),
        max: sorted.quantile(1.0),
        abs_q90,
        window_q90: if windows.len() > 0 { windows.quantile(0.9) } else { abs_q90 },
        floor,
    }
}
