//! What is one measured figure?

use serde::Serialize;

/// One figure, beside its peer's where there is one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Row {
    question: &'static str,
    case: &'static str,
    unit: &'static str,
    ours: f64,
    peer: Option<&'static str>,
    peer_value: Option<f64>,
    /// Ours by the peer's.
    ratio: Option<f64>,
    /// What was asked: of the ratio where there is a peer, else of the value.
    bound: Option<f64>,
    holds: Option<bool>,
}

impl Row {
    /// States a figure without a peer or a bound.
    pub(crate) fn new(question: &'static str, case: &'static str, unit: &'static str, ours: f64) -> Self {
        Self { question, case, unit, ours, peer: None, peer_value: None, ratio: None, bound: None, holds: None }
    }

    /// Adds the peer.
    pub(crate) fn beside(self, peer: &'static str, value: f64) -> Self {
        Self { peer: Some(peer), peer_value: Some(value), ratio: Some(self.ours / value), ..self }
    }

    /// Adds what was asked for, at most: of the ratio where there is a peer, else of the value.
    pub(crate) fn at_most(self, bound: f64) -> Self {
        let holds = self.ratio.unwrap_or(self.ours) <= bound;
        Self { bound: Some(bound), holds: Some(holds), ..self }
    }

    /// Returns the figure as a line of an aligned table.
    pub(crate) fn line(&self) -> String {
        let Self { question, case, unit, ours, .. } = self;
        let digits = if *unit == "ms" { 3 } else { 1 };
        let peer = self.peer.zip(self.peer_value).map(|(peer, value)| format!("{peer} {value:.1}")).unwrap_or_default();
        let ratio = self.ratio.map(|ratio| format!("{ratio:.2} x")).unwrap_or_default();
        let verdict = match (self.bound, self.holds) {
            (Some(bound), Some(true)) => format!("at most {bound}: holds"),
            (Some(bound), _) => format!("at most {bound}: MISSED"),
            (None, _) => String::new(),
        };
        format!("{question:<8} {case:<32} {ours:>10.digits$} {unit:<3} {peer:<32} {ratio:>8}  {verdict}")
    }
}
