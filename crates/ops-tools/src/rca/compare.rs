//! How far is an item from its own normal?

use super::{
    baseline::{Baseline, MIN_NORMAL_ROWS},
    comparison::{ItemComparison, MetricComparison, Normal, Now, Status},
    excess::excesses,
    plan::ComparePlan,
    role::MetricRole,
    stats::{Sample, count, rarity, spread},
};

/// The share of the window's rows that count as its worst: an incident may begin inside the window.
const WORST_SHARE: f64 = 0.6;

/// The smallest spread taken for real, as a share of the level: nobody is woken for less.
const MIN_RELATIVE_SPREAD: f64 = 0.02;

/// The smallest spread at all, so that a constant series at 0 has one.
const MIN_SPREAD: f64 = 1e-9;

/// All of something, in percent.
const PERCENT: f64 = 100.0;

/// The percentage of failing requests below which availability is taken for perfect.
const MIN_FAILING: f64 = 5.0;

/// How many spreads off a row must be to count as the beginning of trouble.
const ONSET_SPREADS: f64 = 3.0;

/// The rows of one metric of one item, ascending by time, covering the normal period and the window.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MetricRows<'a> {
    /// The metric's name.
    pub(crate) metric: &'a str,
    /// What it tells about the item.
    pub(crate) role: MetricRole,
    /// The unit of its values.
    pub(crate) unit: &'a str,
    /// `(Unix seconds, value)`; a missing value has no row.
    pub(crate) points: &'a [(i64, f64)],
}

/// Compares one item with its own normal: each metric alone, and the excess that time, success and load make together.
///
/// All metrics of the item belong into one call. O(n log n) in the number of rows.
pub(crate) fn compare_item(ci: &str, metrics: &[MetricRows<'_>], plan: &ComparePlan) -> ItemComparison {
    let learnt: Vec<Option<Baseline>> = metrics.iter().map(|m| Baseline::learn(m.points, plan)).collect();
    let each = metrics.iter().zip(&learnt);
    let mut compared: Vec<MetricComparison> =
        each.map(|(m, normal)| compare_metric(m, normal.as_ref(), plan)).collect();
    compared.sort_by(|a, b| a.metric.cmp(&b.metric));
    let status = compared.iter().map(|m| m.status).min().unwrap_or(Status::NoDataNow);
    let excess = excesses(metrics, &learnt, plan);
    ItemComparison { ci: ci.to_owned(), status, metrics: compared, excess }
}

/// Compares one metric with its own normal.
fn compare_metric(rows: &MetricRows<'_>, baseline: Option<&Baseline>, plan: &ComparePlan) -> MetricComparison {
    let window: Vec<(i64, f64)> =
        rows.points.iter().copied().filter(|&(t, v)| plan.window.contains(t) && v.is_finite()).collect();
    let status = match (baseline, window.is_empty()) {
        (_, true) => Status::NoDataNow,
        (None, false) => Status::NoNormal,
        (Some(_), false) => Status::Ok,
    };
    let mut comparison = MetricComparison {
        metric: rows.metric.to_owned(),
        role: rows.role,
        unit: rows.unit.to_owned(),
        status,
        now: None,
        normal: None,
        deviation: None,
        rarity: None,
        onset: None,
    };
    let Some(baseline) = baseline else {
        comparison.now = now(&window, &window);
        return comparison;
    };
    fill(&mut comparison, rows.points, &window, baseline, plan);
    comparison
}

/// Fills in what a baseline makes possible.
fn fill(
    out: &mut MetricComparison,
    points: &[(i64, f64)],
    window: &[(i64, f64)],
    baseline: &Baseline,
    plan: &ComparePlan,
) {
    let residuals: Vec<f64> = points
        .iter()
        .filter(|&&(t, v)| plan.is_normal(t) && v.is_finite())
        .map(|&(t, v)| v - baseline.expected(t))
        .collect();
    let median = Sample::new(window_times(window, plan).map(|t| baseline.expected(t))).median();
    let spread = spread(&residuals).max(least_spread(out.role, median));
    let window_spread = (out.role == MetricRole::Requests).then(|| window_spread(&residuals, median, plan)).flatten();
    out.normal =
        Some(Normal { rows: baseline.rows(), median, spread, window_spread, seasonal: baseline.is_seasonal() });
    let off: Vec<f64> = window.iter().map(|&(t, v)| (v - baseline.expected(t)) / spread).collect();
    let Some(worst) = worst_rows(&off) else { return };
    let deviation = worst.iter().map(|&i| off[i]).sum::<f64>() / count(worst.len());
    let kept: Vec<(i64, f64)> = worst.iter().map(|&i| window[i]).collect();
    out.now = now(window, &kept);
    out.deviation = Some(deviation);
    let sign = deviation.signum();
    let tail = || residuals.iter().map(|r| sign * r / spread);
    let reached = tail().filter(|off| *off >= deviation.abs()).count();
    let largest = tail().fold(1.0, f64::max);
    out.rarity = Some(rarity(reached, residuals.len(), largest, deviation.abs()));
    out.onset = onset(points, baseline, spread, sign, plan);
}

/// Returns the smallest spread taken for real at a level: of counts the noise of independent arrivals, at least one; of
/// availability a share of what fails, for nearly all of its level is what people take for granted.
///
/// Source: the standard deviation of a Poisson count is the root of its mean.
fn least_spread(role: MetricRole, level: f64) -> f64 {
    let arrivals = match role {
        MetricRole::Requests | MetricRole::Errors => level.abs().sqrt().max(1.0),
        MetricRole::Availability => return MIN_RELATIVE_SPREAD * (PERCENT - level).max(MIN_FAILING),
        _ => MIN_SPREAD,
    };
    arrivals.max(MIN_RELATIVE_SPREAD * level.abs())
}

/// Returns a robust standard deviation of the mean count over as many consecutive rows as the window has, or `None` if
/// there are too few such windows.
///
/// Load wanders: a mean over rows is less certain than independent rows would make it, and the windows show by how much.
fn window_spread(residuals: &[f64], level: f64, plan: &ComparePlan) -> Option<f64> {
    let slots = plan.slots();
    let means: Vec<f64> = residuals.windows(slots).map(|w| w.iter().sum::<f64>() / count(slots)).collect();
    let least = least_spread(MetricRole::Requests, level) / count(slots).sqrt();
    (means.len() >= MIN_NORMAL_ROWS).then(|| spread(&means).max(least))
}

/// Returns the times whose expectation counts: the window's rows, or its start if there are none.
fn window_times<'a>(window: &'a [(i64, f64)], plan: &ComparePlan) -> impl Iterator<Item = i64> + 'a {
    let fallback = window.is_empty().then_some(plan.window.from);
    window.iter().map(|p| p.0).chain(fallback)
}

/// Returns the places of the rows that are most off in the direction in which the window is off as a whole.
fn worst_rows(off: &[f64]) -> Option<Vec<usize>> {
    let direction = off.iter().sum::<f64>().signum();
    let mut order: Vec<usize> = (0..off.len()).collect();
    order.sort_by(|&a, &b| (direction * off[b]).total_cmp(&(direction * off[a])).then(a.cmp(&b)));
    let keep = (1..=off.len()).find(|&k| count(k) >= WORST_SHARE * count(off.len()))?;
    order.truncate(keep);
    order.sort_unstable();
    Some(order)
}

/// Sums up the window, or `None` if it is empty.
fn now(window: &[(i64, f64)], worst: &[(i64, f64)]) -> Option<Now> {
    let last = window.last()?.1;
    let mean = |rows: &[(i64, f64)]| rows.iter().map(|p| p.1).sum::<f64>() / count(rows.len());
    Some(Now { rows: window.len(), mean: mean(window), last, worst: mean(worst) })
}

/// Returns when the trouble seen in the window began: the first row of the unbroken run of rows that are clearly off.
fn onset(points: &[(i64, f64)], baseline: &Baseline, spread: f64, sign: f64, plan: &ComparePlan) -> Option<i64> {
    let clearly_off = |&(t, v): &(i64, f64)| sign * (v - baseline.expected(t)) / spread >= ONSET_SPREADS;
    let first = points.iter().position(|p| plan.window.contains(p.0) && clearly_off(p))?;
    let run = points[..first].iter().rev().take_while(|p| clearly_off(p)).count();
    Some(points[first - run].0)
}
