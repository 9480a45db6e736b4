//! When is the subject in trouble, and in what currency?

use std::collections::BTreeMap;

use super::{
    comparison::{Currency, Excess, ItemComparison, Tail},
    request::RankRequest,
    role::MetricRole,
    stats::count,
};

/// Fewest rows without any trouble of the subject from which it is learnt what is there without it.
const MIN_CALM_ROWS: usize = 2;

/// The comparisons of a request, by item.
pub(crate) type Compared<'a> = BTreeMap<&'a str, &'a ItemComparison>;

/// Returns the excess of an item in a currency.
pub(crate) fn excess_in<'a>(compared: &Compared<'a>, ci: &str, currency: Currency) -> Option<&'a Excess> {
    compared.get(ci)?.excess.iter().find(|e| e.currency == currency)
}

/// Returns the currency in which the subject's alert is counted; without one, that in which it is further from normal.
pub(crate) fn currency(request: &RankRequest, compared: &Compared<'_>) -> Currency {
    let subject = compared.get(request.subject.as_str());
    let metric = request.metric.as_deref();
    let alerted = subject.and_then(|s| s.metrics.iter().find(|m| Some(m.metric.as_str()) == metric));
    match alerted.map(|m| m.role) {
        Some(MetricRole::Latency | MetricRole::LatencyTail) => Currency::WaitingSeconds,
        Some(MetricRole::Availability | MetricRole::Errors) => Currency::LostRequests,
        _ => subject
            .into_iter()
            .flat_map(|s| &s.excess)
            .min_by(|a, b| strongest_row(a).total_cmp(&strongest_row(b)))
            .map_or(Currency::WaitingSeconds, |e| e.currency),
    }
}

/// Returns how rare the largest row of an excess is.
fn strongest_row(excess: &Excess) -> f64 {
    let largest = excess.rows.iter().flatten().copied().fold(f64::MIN, f64::max);
    excess.normal.rarity(largest)
}

/// How much each row of the window counts: as much as the subject suffers in it.
///
/// A cause is off when its victim suffers; what is off all the time, or at another time, is not.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Weights(Vec<f64>);

impl Weights {
    /// Returns weights that add up to 1, by the subject's excess above 0; equal ones if it has none.
    pub(crate) fn new(rows: &[Option<f64>]) -> Self {
        let positive: Vec<f64> = rows.iter().map(|r| r.unwrap_or(0.0).max(0.0)).collect();
        let sum: f64 = positive.iter().sum();
        if sum > 0.0 {
            return Self(positive.iter().map(|p| p / sum).collect());
        }
        Self(vec![1.0 / count(rows.len().max(1)); rows.len()])
    }

    /// Returns how many equal rows these weights stand for.
    ///
    /// Source: Kish, "Survey Sampling", 1965, effective sample size.
    pub(crate) fn effective_rows(&self) -> f64 {
        1.0 / self.0.iter().map(|w| w * w).sum::<f64>().max(f64::MIN_POSITIVE)
    }

    /// Returns the excess per row that goes with the subject's trouble.
    ///
    /// What the item shows in the subject's calmest row is taken off: it is there without the trouble.
    pub(crate) fn apply(&self, rows: &[Option<f64>]) -> f64 {
        let pairs = || self.0.iter().zip(rows).map(|(w, r)| (*w, r.unwrap_or(0.0)));
        let calm: Vec<f64> = pairs().filter(|p| p.0 <= 0.0).map(|p| p.1).collect();
        let least = calm.iter().copied().fold(f64::INFINITY, f64::min);
        let standing = if calm.len() >= MIN_CALM_ROWS { least.max(0.0) } else { 0.0 };
        pairs().map(|(w, r)| w * (r - standing)).sum()
    }
}

impl Tail {
    /// Returns how often a normal row is at least `value`, 0..1; between the known quantiles linear in the logarithm.
    ///
    /// Beyond the largest normal row an inverse-square tail, as in [`super::stats::rarity`].
    pub(crate) fn rarity(&self, value: f64) -> f64 {
        let least = 1.0 / (count(self.rows) + 1.0);
        let largest = self.max.max(self.floor);
        if value > largest {
            return super::stats::rarity(0, self.rows, largest, value);
        }
        let known = [(self.q50, 0.5), (self.q90, 0.1), (self.q95, 0.05), (self.q99, 0.01), (self.max, least)];
        let above = known.iter().position(|k| k.0 >= value);
        match above {
            Some(0) => 1.0,
            Some(i) => between(known[i - 1], known[i], value).max(least),
            None => least,
        }
    }

    /// Returns the size that the mean of `rows` rows has in normal operation in nine of ten cases, given windows of `slots`.
    ///
    /// Between one row and a whole window the size shrinks by a power of the number of rows, as it does for any mean.
    pub(crate) fn noise(&self, rows: f64, slots: usize) -> f64 {
        let floor = self.floor.max(f64::MIN_POSITIVE);
        let (row, window) = (self.abs_q90.max(floor), self.window_q90.max(floor));
        let part = if slots > 1 { (rows.ln() / count(slots).ln()).clamp(0.0, 1.0) } else { 0.0 };
        row * (window / row).powf(part)
    }
}

/// Returns the share between two known points of a tail, linear in the logarithm of the share.
fn between(low: (f64, f64), high: (f64, f64), value: f64) -> f64 {
    let part = (value - low.0) / (high.0 - low.0);
    (low.1.ln() + (high.1.min(low.1).ln() - low.1.ln()) * part).exp()
}
